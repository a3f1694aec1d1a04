import { decodeChangeCursor, encodeChangeCursor } from '../change-cursor.js';
import type { Change, ChangeKind, ChangePage, ChangeQuery } from '../graph-queries.js';
import { checkPageSize } from '../page.js';
import { bulkInsert, nextKey } from './bulk-insert.js';
import { IN_IDS, idList } from './by-ids.js';
import type { Connection } from './connection.js';
import { Conditions } from './keyset.js';
import type { Pacer } from './pacer.js';

/** What one transaction did to one thing: made or changed it, or removed it. */
export interface LoggedChange {
  readonly kind: ChangeKind;
  readonly id: string;
  readonly removed: boolean;
}

/** Writes changes into the log, in the transaction that made them. Each thing at most once. */
export async function logChanges(
  connection: Connection,
  pacer: Pacer,
  changes: readonly LoggedChange[],
): Promise<void> {
  const first = nextKey(connection, 'changes', 'sequence');
  const at = Date.now();
  await bulkInsert(
    connection,
    pacer,
    'changes (sequence, kind, id, appeared, removed, at)',
    changes.map(({ kind, id, removed }, place) => [
      ...[first + place, kind, id, first + place, removed ? 1 : 0, at],
    ]),
    // What was removed and is there again appears with this change.
    `ON CONFLICT (kind, id) DO UPDATE SET sequence = excluded.sequence, at = excluded.at,
       appeared = iif(changes.removed, excluded.appeared, changes.appeared), removed = excluded.removed`,
  );
}

/** Those of the ids that the log does not have as being there: this transaction made them. */
export function notLogged(
  connection: Connection,
  kind: ChangeKind,
  ids: readonly string[],
): ReadonlySet<string> {
  const logged = connection.all<{ id: string }>(
    `SELECT id FROM changes WHERE kind = ? AND removed = 0 AND id ${IN_IDS}`,
    [kind, idList(ids)],
  );
  const known = new Set(logged.map(({ id }) => id));
  return new Set(ids.filter((id) => !known.has(id)));
}

interface ChangeRow {
  readonly sequence: number;
  readonly kind: ChangeKind;
  readonly id: Change['id'];
  readonly appeared: number;
  readonly removed: number;
  readonly at: number;
}

/** `GraphQueries.changes`. @throws NeighborKbError INVALID_ARGUMENT at `first` or `after` */
export function readChanges(connection: Connection, { first, after, kinds }: ChangeQuery): ChangePage {
  checkPageSize(first);
  const log = connection.first<{ name: string }>('SELECT name FROM change_log')?.name ?? '';
  const seen = after === undefined ? 0 : decodeChangeCursor(after, log);
  const conditions = new Conditions().add('sequence > ?', seen).in('kind', kinds);
  const rows = connection.all<ChangeRow>(
    `SELECT sequence, kind, id, appeared, removed, at FROM changes ${conditions.where} ORDER BY sequence LIMIT ?`,
    [...conditions.params, first + 1],
  );
  const page = rows.slice(0, first);
  return {
    changes: page.map((row) => changeOf(row, seen)),
    endCursor: encodeChangeCursor(log, page.at(-1)?.sequence ?? seen),
    hasMore: rows.length > first,
  };
}

function changeOf({ kind, id, appeared, removed, at }: ChangeRow, seen: number): Change {
  const change = removed === 1 ? 'removed' : appeared > seen ? 'created' : 'changed';
  return { kind, id, change, at: new Date(at) };
}
