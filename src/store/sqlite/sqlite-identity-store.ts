import type { EntityId, MergeId } from '../../domain/identity.js';
import type { Distinction, Merge } from '../../domain/redirects.js';
import type { PageRequest } from '../graph-store.js';
import type {
  IdentityStore,
  KnownEntity,
  KnownEntityQuery,
  MergeOrder,
  MergeQuery,
} from '../identity-store.js';
import type { Connection } from './connection.js';
import type { SqliteDatabase } from './database.js';
import * as known from './identity-dictionaries.js';
import * as apart from './identity-distinctions.js';
import * as merged from './identity-merges.js';
import { redirectsOf } from './redirects.js';

/** What decides on identity, in the file of the graph that it shapes. */
export class SqliteIdentityStore implements IdentityStore {
  /** @param opened the open database. @throws NeighborKbError STORE_UNAVAILABLE where it is closed */
  constructor(private readonly opened: () => SqliteDatabase) {}

  async merge(order: MergeOrder) {
    return this.opened().write((connection, pacer) => merged.merge(connection, pacer, order));
  }

  async unmerge(id: MergeId, by: string) {
    return this.opened().write((connection, pacer) => merged.unmerge(connection, pacer, id, by));
  }

  async mergesById(ids: readonly MergeId[]) {
    return merged.mergesById(this.reader, ids);
  }

  async merges(query: MergeQuery) {
    return merged.merges(this.reader, query);
  }

  async restoreMerges(merges: readonly Merge[]) {
    return this.opened().write((connection, pacer) => merged.restoreMerges(connection, pacer, merges));
  }

  async importDictionary(name: string, entries: AsyncIterable<readonly KnownEntity[]>) {
    return this.opened().write((connection, pacer) =>
      known.importDictionary(connection, pacer, name, entries),
    );
  }

  async removeDictionary(name: string) {
    return this.opened().write((connection, pacer) => known.removeDictionary(connection, pacer, name));
  }

  async dictionaries() {
    return known.dictionaries(this.reader);
  }

  async knownEntities(query: KnownEntityQuery) {
    return known.knownEntities(this.reader, query);
  }

  async distinguish(distinction: Distinction) {
    return this.opened().write(async (connection) => apart.distinguish(connection, distinction));
  }

  async withdrawDistinction(a: EntityId, b: EntityId) {
    return this.opened().write(async (connection) => apart.withdrawDistinction(connection, a, b));
  }

  async distinctions(query: PageRequest) {
    return apart.distinctions(this.reader, query);
  }

  async redirectsOf(ids: readonly EntityId[]) {
    const redirects = redirectsOf(this.reader, ids);
    return ids.map((id) => redirects.get(id) ?? null);
  }

  private get reader(): Connection {
    return this.opened().reader;
  }
}
