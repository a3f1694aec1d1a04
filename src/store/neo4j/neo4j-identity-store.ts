import { randomUUID } from 'node:crypto';
import type { EntityId, MergeId } from '../../domain/identity.js';
import type { Distinction, Merge } from '../../domain/redirects.js';
import type { PageRequest } from '../graph-store.js';
import type {
  DictionaryOutcome,
  IdentityChanges,
  IdentityStore,
  KnownEntity,
  KnownEntityQuery,
  MergeOrder,
  MergeOutcome,
  MergeQuery,
} from '../identity-store.js';
import type { Neo4jConnection, Neo4jTransaction } from './connection.js';
import * as known from './identity-dictionaries.js';
import * as apart from './identity-distinctions.js';
import * as merged from './identity-merges.js';
import { redirectsOf } from './redirects.js';
import type { RelationshipTypes } from './vocabulary.js';

/** What decides on identity, in the database of the graph that it shapes. */
export class Neo4jIdentityStore implements IdentityStore {
  /** @param opened the open connection. @throws NeighborKbError STORE_UNAVAILABLE where it is closed */
  constructor(
    private readonly opened: () => Neo4jConnection,
    private readonly types: RelationshipTypes,
  ) {}

  async merge({ from, into, by, note }: MergeOrder): Promise<MergeOutcome> {
    const id = `mer_${randomUUID()}` as MergeId;
    const asked: Merge = { id, from, into, by, at: new Date().toISOString(), note, undone: null };
    return this.once((transaction) => merged.merge(transaction, asked, this.types));
  }

  async unmerge(id: MergeId, by: string): Promise<MergeOutcome> {
    const undone = { by, at: new Date().toISOString() };
    return this.once((transaction) => merged.unmerge(transaction, id, undone, this.types));
  }

  async mergesById(ids: readonly MergeId[]) {
    return merged.readMergesById(this.opened(), ids);
  }

  async merges(query: MergeQuery) {
    return merged.readMerges(this.opened(), query);
  }

  async restoreMerges(merges: readonly Merge[]) {
    await this.opened().write((transaction) => merged.restoreMerges(transaction, merges, this.types));
  }

  async importDictionary(
    name: string,
    entries: AsyncIterable<readonly KnownEntity[]>,
  ): Promise<DictionaryOutcome> {
    // All of them before the transaction, which may have to be run again.
    const all: KnownEntity[] = [];
    for await (const batch of entries) all.push(...batch);
    const importedAt = new Date().toISOString();
    const { changes } = await this.once(async (transaction) => ({
      changes: await known.importDictionary(transaction, name, all, importedAt, this.types),
    }));
    const [dictionary] = await known.dictionaries(this.opened(), name);
    if (!dictionary) throw new Error(`dictionary ${name} was removed while it was imported`);
    return { dictionary, changes, ambiguous: await known.ambiguousNames(this.opened(), name) };
  }

  async removeDictionary(name: string): Promise<IdentityChanges | null> {
    let first: IdentityChanges | null = null;
    const latest = await this.opened().write(async (transaction) => {
      const changes = await known.removeDictionary(transaction, name, this.types);
      first ??= changes;
      return changes;
    });
    return latest ?? first;
  }

  async dictionaries() {
    return known.dictionaries(this.opened());
  }

  async knownEntities(query: KnownEntityQuery) {
    return known.readKnownEntities(this.opened(), query);
  }

  async distinguish(distinction: Distinction) {
    return apart.distinguish(this.opened(), distinction);
  }

  async withdrawDistinction(a: EntityId, b: EntityId) {
    return apart.withdrawDistinction(this.opened(), a, b);
  }

  async distinctions(query: PageRequest) {
    return apart.readDistinctions(this.opened(), query);
  }

  async redirectsOf(ids: readonly EntityId[]) {
    const connection = this.opened();
    const redirects = await redirectsOf((statement, params) => connection.read(statement, params), ids);
    return ids.map((id) => redirects.get(id) ?? null);
  }

  /** Where a commit got lost on the way back, the next attempt finds its own work: what the first one did counts. */
  private async once<T extends { readonly changes: IdentityChanges }>(
    work: (transaction: Neo4jTransaction) => Promise<T>,
  ): Promise<T> {
    let changes: IdentityChanges | undefined;
    const outcome = await this.opened().write(async (transaction) => {
      const latest = await work(transaction);
      const { mentions, evidence } = latest.changes;
      if (!changes || mentions + evidence > 0) changes = latest.changes;
      return latest;
    });
    return { ...outcome, changes: changes ?? outcome.changes };
  }
}
