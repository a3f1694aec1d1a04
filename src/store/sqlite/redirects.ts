import type { EntityId } from '../../domain/identity.js';
import {
  representative,
  type EntityReference,
  type Redirect,
  type Redirects,
} from '../../domain/redirects.js';
import { IN_IDS, idList } from './by-ids.js';
import type { Connection } from './connection.js';
import type { Pacer } from './pacer.js';

/** Ids of one statement's list. */
const SLICE = 500;

/** What ids stand for, chains followed; ids that are not redirected are left out. */
export function redirectsOf(connection: Connection, ids: readonly EntityId[]): Redirects {
  if (ids.length === 0) return new Map();
  const rows = connection.all<{ from_id: EntityId; to_id: EntityId }>(
    `SELECT from_id, to_id FROM redirects WHERE from_id ${IN_IDS}`,
    [idList(ids)],
  );
  if (rows.length === 0) return new Map();
  const targets = referencesOf(connection, [...new Set(rows.map(({ to_id }) => to_id))]);
  return new Map(
    rows.flatMap(({ from_id, to_id }) => {
      const target = targets.get(to_id);
      return target ? [[from_id, target] as const] : [];
    }),
  );
}

/** Ids with redirected ones in place of what they stand for, in the order of the ids. */
export function resolveIds(connection: Connection, ids: readonly EntityId[]): readonly EntityId[] {
  if (ids.length === 0) return ids;
  const rows = connection.all<{ from_id: EntityId; to_id: EntityId }>(
    `SELECT from_id, to_id FROM redirects WHERE from_id ${IN_IDS}`,
    [idList(ids)],
  );
  if (rows.length === 0) return ids;
  const targets = new Map(rows.map(({ from_id, to_id }) => [from_id, to_id]));
  return ids.map((id) => targets.get(id) ?? id);
}

/** What is recorded of the ends of redirects: a dictionary's entry first, else the merge's word. */
function referencesOf(connection: Connection, ids: readonly EntityId[]): Map<EntityId, EntityReference> {
  const list = idList(ids);
  // The first that a map is given stays: the order says which of several words counts.
  const found = new Map<EntityId, EntityReference>();
  for (const { id, type, name } of connection.all<EntityReference>(
    `SELECT k.entity_id AS id, k.type, k.name FROM known_entities k JOIN dictionaries d ON d.key = k.dictionary_key
     WHERE k.entity_id ${IN_IDS} ORDER BY d.name, k.position`,
    [list],
  ))
    if (!found.has(id)) found.set(id, { id, type, name });
  for (const { id, type, name } of connection.all<EntityReference>(
    // One row of each, however much was merged into it.
    `SELECT into_id AS id, into_type AS type, min(into_name) AS name FROM merges
     WHERE into_id ${IN_IDS} AND undone_at IS NULL GROUP BY into_id`,
    [list],
  ))
    if (!found.has(id)) found.set(id, { id, type, name });
  return found;
}

/**
 * Brings `redirects` up to date after steps out of some ids have changed.
 * @param ids out of which steps were added, changed or removed
 * @returns ids that stand for something else than before
 */
export async function refreshRedirects(
  connection: Connection,
  pacer: Pacer,
  ids: readonly EntityId[],
): Promise<EntityId[]> {
  const changed = new Set<EntityId>();
  for (let start = 0; start < ids.length; start += SLICE) {
    const concerned = idsThrough(connection, ids.slice(start, start + SLICE));
    const before = new Map(concerned.map(({ id, target }) => [id, target]));
    const steps = stepsFrom(connection, [...before.keys()]);
    for (const [id, target] of before) {
      const end = representative(id, (from) => steps.get(from));
      if (end === target) continue;
      changed.add(id);
      if (end === id) connection.run('DELETE FROM redirects WHERE from_id = ?', [id]);
      else
        connection.run(
          `INSERT INTO redirects (from_id, to_id) VALUES (?, ?)
           ON CONFLICT (from_id) DO UPDATE SET to_id = excluded.to_id`,
          [id, end],
        );
    }
    await pacer.breathe();
  }
  return [...changed];
}

interface Concerned {
  readonly id: EntityId;
  /** What `redirects` says that it stands for. */
  readonly target: EntityId;
}

/** The ids and all whose chains may lead through one of them: those that have ended where these end. */
function idsThrough(connection: Connection, ids: readonly EntityId[]): Concerned[] {
  return connection
    .all<Concerned>(
      `WITH given AS MATERIALIZED (SELECT value AS id FROM json_each(?)),
         ends AS MATERIALIZED (
           SELECT DISTINCT coalesce(r.to_id, g.id) AS id FROM given g LEFT JOIN redirects r ON r.from_id = g.id
         ), through AS (
           SELECT id FROM given UNION SELECT id FROM ends
           UNION SELECT r.from_id FROM ends CROSS JOIN redirects r ON r.to_id = ends.id
         )
       SELECT t.id, coalesce(r.to_id, t.id) AS target FROM through t LEFT JOIN redirects r ON r.from_id = t.id`,
      [idList(ids)],
    )
    .map(({ id, target }) => ({ id, target }));
}

/** The steps out of ids, out of where those lead, and so on. */
function stepsFrom(connection: Connection, ids: readonly EntityId[]): ReadonlyMap<EntityId, Redirect> {
  const steps = new Map<EntityId, Redirect>();
  const asked = new Set<EntityId>();
  for (let frontier = [...ids]; frontier.length > 0;) {
    for (const id of frontier) asked.add(id);
    const found = nextSteps(connection, frontier);
    for (const [from, step] of found) steps.set(from, step);
    frontier = [...new Set([...found.values()].map(({ to }) => to))].filter((id) => !asked.has(id));
  }
  return steps;
}

function nextSteps(connection: Connection, ids: readonly EntityId[]): Map<EntityId, Redirect> {
  const list = idList(ids);
  const steps = new Map<EntityId, Redirect>();
  // A name that two known entities have says nothing.
  for (const { name_id, entity_id } of connection.all<{ name_id: EntityId; entity_id: EntityId }>(
    `SELECT n.name_id, min(k.entity_id) AS entity_id
     FROM known_names n JOIN known_entities k ON k.key = n.known_key
     WHERE n.name_id ${IN_IDS} GROUP BY n.name_id HAVING count(DISTINCT k.entity_id) = 1`,
    [list],
  ))
    if (name_id !== entity_id) steps.set(name_id, { to: entity_id, source: 'dictionary' });
  for (const { from_id, into_id } of connection.all<{ from_id: EntityId; into_id: EntityId }>(
    `SELECT from_id, into_id FROM merges WHERE from_id ${IN_IDS} AND undone_at IS NULL`,
    [list],
  ))
    steps.set(from_id, { to: into_id, source: 'merge' });
  return steps;
}
