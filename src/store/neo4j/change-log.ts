import { decodeChangeCursor, encodeChangeCursor } from '../change-cursor.js';
import type { Change, ChangeKind, ChangePage, ChangeQuery } from '../graph-queries.js';
import { checkPageSize } from '../page.js';
import { columnsOf, eachRow, inTables } from './batches.js';
import { int, type Neo4jConnection, type Neo4jTransaction } from './connection.js';
import { isOneOf, Parameters } from './keyset.js';
import type { Refreshed } from './refresh.js';

/** What one transaction did to one thing: made or changed it, or removed it. */
export interface LoggedChange {
  readonly kind: ChangeKind;
  readonly id: string;
  readonly removed: boolean;
}

/** What a refresh found out, as the log has it. */
export function sharedChanges({ triples, entities }: Refreshed): LoggedChange[] {
  return (['triple', 'entity'] as const).flatMap((kind) => {
    const { created, changed, removed } = kind === 'triple' ? triples : entities;
    return [
      ...[...created, ...changed].map((id) => ({ kind, id, removed: false })),
      ...removed.map((id) => ({ kind, id, removed: true })),
    ];
  });
}

/** Rows of one statement. */
const BATCH = 2_000;

/**
 * Writes changes into the log, in the transaction that made them. Last of all: from here to the commit nobody else
 * can number changes, so the order of numbers is the order of commits and a reader misses nothing.
 */
export async function logChanges(
  transaction: Neo4jTransaction,
  changes: readonly LoggedChange[],
): Promise<void> {
  const times = { at: int(Date.now()), zero: int(0) };
  await inTables(transaction, WRITE_CHANGES, changes, BATCH, (batch) => ({
    ...times,
    changes: columnsOf(batch),
    count: int(batch.length),
  }));
}

/** The name keeps cursors of other stores out. */
const OPEN_LOG = `
  MERGE (s:Sequence {name: 'changes'})
  ON CREATE SET s.value = $zero, s.log = randomUUID()
  WITH s`;

// What was removed and is there again appears with this change.
const WRITE_CHANGES = `
  ${OPEN_LOG}
  SET s.value = s.value + $count
  WITH s.value - $count AS before
  ${eachRow('changes')}
  WITH row, before + row + 1 AS sequence
  MERGE (c:Change {id: $changes.id[row]})
  ON CREATE SET c.kind = $changes.kind[row], c.appeared = sequence, c.removed = false
  SET c.appeared = CASE WHEN c.removed THEN sequence ELSE c.appeared END
  SET c.sequence = sequence, c.removed = $changes.removed[row], c.at = $at`;

interface ChangeNode {
  readonly sequence: number;
  readonly kind: ChangeKind;
  readonly id: Change['id'];
  readonly appeared: number;
  readonly removed: boolean;
  readonly at: number;
}

/** `GraphQueries.changes`. @throws NeighborKbError INVALID_ARGUMENT at `first` or `after` */
export async function readChanges(
  connection: Neo4jConnection,
  { first, after, kinds }: ChangeQuery,
): Promise<ChangePage> {
  checkPageSize(first);
  const log = await logName(connection);
  const seen = after === undefined ? 0 : decodeChangeCursor(after, log);
  const parameters = new Parameters();
  const conditions = [
    `c.sequence > ${parameters.add(int(seen))}`,
    ...isOneOf('c.kind', kinds, parameters),
  ].join(' AND ');
  const found = await connection.read<{ node: ChangeNode }>(
    `MATCH (c:Change) WHERE ${conditions}
     RETURN c {.sequence, .kind, .id, .appeared, .removed, .at} AS node
     ORDER BY c.sequence LIMIT ${parameters.add(int(first + 1))}`,
    parameters.values,
  );
  const page = found.slice(0, first).map(({ node }) => node);
  return {
    changes: page.map((node) => changeOf(node, seen)),
    endCursor: encodeChangeCursor(log, page.at(-1)?.sequence ?? seen),
    hasMore: found.length > first,
  };
}

async function logName(connection: Neo4jConnection): Promise<string> {
  const [row] = await connection.read<{ log: string }>(
    `MATCH (s:Sequence {name: 'changes'}) RETURN s.log AS log`,
  );
  if (row) return row.log;
  const [opened] = await connection.write((transaction) =>
    transaction.run<{ log: string }>(`${OPEN_LOG} RETURN s.log AS log`, { zero: int(0) }),
  );
  return opened?.log ?? '';
}

function changeOf({ kind, id, appeared, removed, at }: ChangeNode, seen: number): Change {
  const change = removed ? 'removed' : appeared > seen ? 'created' : 'changed';
  return { kind, id, change, at: new Date(at) };
}
