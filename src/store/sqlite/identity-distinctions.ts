import type { EntityId } from '../../domain/identity.js';
import type { EntityType } from '../../domain/mention-types.js';
import type { Distinction } from '../../domain/redirects.js';
import type { Page, PageRequest } from '../graph-store.js';
import type { Order } from '../orders.js';
import type { Connection } from './connection.js';
import { Conditions, readPage } from './keyset.js';

/** One transaction's work of `IdentityStore.distinguish`. */
export function distinguish(connection: Connection, distinction: Distinction): Distinction {
  const [a, b] = distinction.entities;
  connection.run(
    `INSERT INTO distinctions (a_id, a_type, a_name, b_id, b_type, b_name, made_by, made_at, note)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (a_id, b_id) DO UPDATE SET a_type = excluded.a_type, a_name = excluded.a_name,
       b_type = excluded.b_type, b_name = excluded.b_name, made_by = excluded.made_by, made_at = excluded.made_at,
       note = excluded.note`,
    [...[a.id, a.type, a.name, b.id, b.type, b.name], ...[distinction.by, distinction.at, distinction.note]],
  );
  return distinction;
}

/** @returns whether it was recorded */
export function withdrawDistinction(connection: Connection, first: EntityId, second: EntityId): boolean {
  const [a, b] = first < second ? [first, second] : [second, first];
  return connection.run('DELETE FROM distinctions WHERE a_id = ? AND b_id = ?', [a, b]) > 0;
}

interface DistinctionRow {
  readonly a_id: EntityId;
  readonly a_type: EntityType;
  readonly a_name: string;
  readonly b_id: EntityId;
  readonly b_type: EntityType;
  readonly b_name: string;
  readonly made_by: string;
  readonly made_at: string;
  readonly note: string | null;
}

const LATEST: Order = {
  name: 'latestDistinctions',
  columns: [
    { expression: 'd.made_at', type: 'string', descending: true },
    { expression: 'd.key', type: 'number', descending: true },
  ],
};

export function distinctions(connection: Connection, query: PageRequest): Page<Distinction> {
  return readPage<DistinctionRow, Distinction>(connection, query, {
    select: 'd.a_id, d.a_type, d.a_name, d.b_id, d.b_type, d.b_name, d.made_by, d.made_at, d.note',
    from: 'distinctions d',
    filter: new Conditions(),
    order: LATEST,
    nodeOf: (row) => ({
      entities: [
        { id: row.a_id, type: row.a_type, name: row.a_name },
        { id: row.b_id, type: row.b_type, name: row.b_name },
      ],
      by: row.made_by,
      at: row.made_at,
      note: row.note,
    }),
  });
}
