import { inBatches, sortedIds } from './batches.js';
import { int, type Neo4jTransaction } from './connection.js';
import { outdated } from './errors.js';
import { lockSaves } from './save-order.js';

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
  async begin(transaction: Neo4jTransaction): Promise<TransactionEntries> {
    const removals = await removalsOf(transaction);
    if (this.removals !== removals || this.ids.size > REMEMBERED) this.ids.clear();
    this.removals = removals;
    return new TransactionEntries(this, removals);
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
   * removed some since this one began, and removes those that no prediction names any more.
   *
   * @param released entries that lost votes in this transaction, with the number of votes
   */
  async settle(transaction: Neo4jTransaction, released: ReadonlyMap<string, number>): Promise<void> {
    // From here to the commit nobody else can settle: whoever comes later sees what this transaction has done.
    await lockSaves(transaction);
    if ((await removalsOf(transaction)) !== this.removals)
      throw outdated('memory entries were removed with the last predictions that they voted for');
    const rows = sortedIds(released.keys()).map((id) => {
      // The index looks at no more than it is asked for before it leaves out what this transaction has deleted.
      const enough = (released.get(id) ?? 0) + 1;
      return { id, query: exactly(id), enough: int(enough) };
    });
    const removed = await inBatches(transaction, REMOVE_UNUSED, rows, REMOVE_BATCH);
    if (removed.length > 0) await transaction.run(COUNT_REMOVAL, { zero: int(0) });
  }
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

/** Rows of one statement: each asks the index once. */
const REMOVE_BATCH = 500;

const REMOVE_UNUSED = `
  UNWIND $rows AS row
  MATCH (m:MemoryEntry {id: row.id})
  CALL (row) {
    CALL db.index.fulltext.queryNodes('prediction_voters', row.query, {limit: row.enough}) YIELD node
    RETURN count(node) AS votes
  }
  WITH m, row WHERE votes = 0
  DELETE m
  RETURN row.id AS id`;

/** The query of a full-text index that finds one term as it is. https://lucene.apache.org: quoted, two escapes. */
function exactly(term: string): string {
  return `"${term.replace(/["\\]/g, String.raw`\$&`)}"`;
}
