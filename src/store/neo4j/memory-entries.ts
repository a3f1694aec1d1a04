import { inSlices } from '../../domain/chunks.js';
import type { DocumentId } from '../../domain/identity.js';
import { inBatches, sortedIds } from './batches.js';
import { int, type Neo4jConnection, type Neo4jTransaction } from './connection.js';
import { outdated } from './errors.js';

/** Entries remembered at most; more than a memory of this size rarely votes. */
const REMEMBERED = 500_000;

/**
 * Memory entries that this process has seen committed: their text need not be sent again. Whoever removes entries
 * counts that in the database; what was seen before the count changed is worth nothing.
 */
export class KnownEntries {
  private readonly ids = new Set<string>();
  private removals: number | null = null;

  /** What a transaction may take for granted that begins now. */
  async begin(transaction: Neo4jTransaction, connection: Neo4jConnection): Promise<TransactionEntries> {
    const removals = await removalsOf(transaction);
    if (this.removals !== removals || this.ids.size > REMEMBERED) this.ids.clear();
    this.removals = removals;
    return new TransactionEntries(this, removals, connection);
  }

  has(id: string, removals: number): boolean {
    return this.removals === removals && this.ids.has(id);
  }

  /** @param removals at the commit of the transaction that made them sure */
  keep(ids: Iterable<string>, removals: number): void {
    if (this.removals !== removals) return;
    for (const id of ids) this.ids.add(id);
  }
}

/** The memory entries that one transaction may refer to without writing them. */
export class TransactionEntries {
  private readonly written = new Set<string>();

  constructor(
    private readonly known: KnownEntries,
    private readonly removals: number,
    private readonly connection: Neo4jConnection,
  ) {}

  has(id: string): boolean {
    return this.written.has(id) || this.known.has(id, this.removals);
  }

  /** Entries that the transaction has seen to. */
  add(ids: Iterable<string>): void {
    for (const id of ids) this.written.add(id);
  }

  /** To be called once the transaction is committed. */
  keep(): void {
    this.known.keep(this.written, this.removals);
  }

  /**
   * Settles, as the last thing before the commit, which entries there are: fails where another transaction has
   * removed some since this one began, and removes those that no prediction names any more. The lock of saves is held:
   * nobody else can settle until the commit, and whoever comes later sees what this transaction has done.
   */
  async settle(transaction: Neo4jTransaction, votes: ChangedVotes): Promise<void> {
    if ((await removalsOf(transaction)) !== this.removals)
      throw outdated('memory entries were removed with the last predictions that they voted for');
    const unused = await this.unused(votes);
    if (unused.length === 0) return;
    await inBatches(transaction, REMOVE_ENTRIES, unused, REMOVE_BATCH);
    await transaction.run(COUNT_REMOVAL, { zero: int(0) });
  }

  /**
   * Released entries that nothing names any more. What is committed tells, for all that this transaction does not
   * change; asked inside it, the index forgets what it has not changed (Neo4j 5.26).
   */
  private async unused({ released, removed, named }: ChangedVotes): Promise<string[]> {
    if (released.size === 0) return [];
    const stay = named();
    const left = sortedIds(released.keys()).filter((id) => !stay.has(id));
    const unused: string[] = [];
    for (const ids of inSlices(left, ASKED_AT_ONCE, () => 1)) {
      // One hit more than those that go.
      const rows = ids.map((id) => ({ id, query: exactly(id), enough: int((released.get(id) ?? 0) + 1) }));
      const found = await this.connection.read<{ id: string }>(FIND_UNUSED, { rows, removed });
      unused.push(...found.map(({ id }) => id));
    }
    return unused;
  }
}

/** What a transaction changes of who votes for what. */
export interface ChangedVotes {
  /** Entries that lose votes, with the number of votes. */
  readonly released: ReadonlyMap<string, number>;
  /** Documents whose stored predictions go. */
  readonly removed: readonly DocumentId[];
  /** Entries that vote for what the transaction writes: asked where others lose votes. */
  readonly named: () => ReadonlySet<string>;
}

async function removalsOf(transaction: Neo4jTransaction): Promise<number> {
  const [row] = await transaction.run<{ value: number }>(
    "OPTIONAL MATCH (s:Sequence {name: 'entryRemovals'}) RETURN coalesce(s.value, 0) AS value",
  );
  return row?.value ?? 0;
}

const COUNT_REMOVAL = `
  MERGE (s:Sequence {name: 'entryRemovals'})
  ON CREATE SET s.value = $zero
  SET s.value = s.value + 1`;

/** Rows of one statement. */
const REMOVE_BATCH = 2_000;
/** Rows of one statement that asks the index once for each. */
const ASKED_AT_ONCE = 500;

// By relationships first: an entry that is among the heaviest anywhere needs no search.
const FIND_UNUSED = `
  UNWIND $rows AS row
  WITH row WHERE NOT EXISTS {
    MATCH (:MemoryEntry {id: row.id})-[:VOTED_FOR]->()<-[:HAS_PREDICTION]-()<-[:HAS_SENTENCE]-(d:Document)
    WHERE NOT d.id IN $removed
  }
  CALL (row) {
    CALL db.index.fulltext.queryNodes('prediction_voters', row.query, {limit: row.enough}) YIELD node
    MATCH (d:Document)-[:HAS_SENTENCE]->()-[:HAS_PREDICTION]->(node)
    WHERE NOT d.id IN $removed
    RETURN count(node) AS votes
  }
  WITH row, votes WHERE votes = 0
  RETURN row.id AS id`;

/** Not DETACH: nothing votes any more. */
const REMOVE_ENTRIES = `
  UNWIND $rows AS id
  MATCH (m:MemoryEntry {id: id})
  DELETE m`;

/** The query of a full-text index that finds one term as it is. https://lucene.apache.org: quoted, two escapes. */
function exactly(term: string): string {
  return `"${term.replace(/["\\]/g, String.raw`\$&`)}"`;
}
