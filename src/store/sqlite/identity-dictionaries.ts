import { formatExternalId, parseExternalId } from '../../domain/external-id.js';
import { NeighborKbError } from '../../domain/errors.js';
import { entityId, type EntityId } from '../../domain/identity.js';
import type { EntityReference } from '../../domain/redirects.js';
import { ambiguousNamesOf, type NameRow } from '../ambiguous-names.js';
import type { Page } from '../graph-store.js';
import {
  AMBIGUOUS_NAMES_SHOWN,
  type AmbiguousName,
  type Dictionary,
  type DictionaryOutcome,
  type IdentityChanges,
  type KnownEntity,
  type KnownEntityQuery,
} from '../identity-store.js';
import type { Order } from '../orders.js';
import { bulkInsert, nextKey } from './bulk-insert.js';
import type { Connection } from './connection.js';
import { applyRedirects, touchEntities } from './identity-merges.js';
import { Conditions, readPage } from './keyset.js';
import type { Pacer } from './pacer.js';
import { Touched } from './touched.js';

/** One transaction's work of `IdentityStore.importDictionary`. */
export async function importDictionary(
  connection: Connection,
  pacer: Pacer,
  name: string,
  entries: AsyncIterable<readonly KnownEntity[]>,
): Promise<DictionaryOutcome> {
  const touched = new Touched();
  const before = keyOf(connection, name);
  const ids = new Set(before === undefined ? [] : concerned(connection, before, touched));
  if (before !== undefined) connection.run('DELETE FROM dictionaries WHERE key = ?', [before]);
  const key = nextKey(connection, 'dictionaries');
  connection.run('INSERT INTO dictionaries (key, name, imported_at) VALUES (?, ?, ?)', [
    ...[key, name, new Date().toISOString()],
  ]);
  let position = 0;
  for await (const batch of entries) {
    await insertEntries(connection, pacer, key, position, batch);
    position += batch.length;
    await pacer.breathe();
  }
  for (const id of concerned(connection, key, touched)) ids.add(id);
  const changes = await applyRedirects(connection, pacer, [...ids], touched);
  const [dictionary] = dictionaries(connection, name);
  if (!dictionary) throw new Error(`dictionary ${name} is not there after its import`);
  return { dictionary, changes, ambiguous: ambiguousNames(connection, key) };
}

/** One transaction's work of `IdentityStore.removeDictionary`. */
export async function removeDictionary(
  connection: Connection,
  pacer: Pacer,
  name: string,
): Promise<IdentityChanges | null> {
  const key = keyOf(connection, name);
  if (key === undefined) return null;
  const touched = new Touched();
  const ids = concerned(connection, key, touched);
  connection.run('DELETE FROM dictionaries WHERE key = ?', [key]);
  return applyRedirects(connection, pacer, ids, touched);
}

function keyOf(connection: Connection, name: string): number | undefined {
  return connection.first<{ key: number }>('SELECT key FROM dictionaries WHERE name = ?', [name])?.key;
}

/** Ids of a dictionary's names; its entities are touched, since names and external ids come from it. */
function concerned(connection: Connection, dictionary: number, touched: Touched): EntityId[] {
  const known = connection.all<{ id: EntityId }>(
    'SELECT DISTINCT entity_id AS id FROM known_entities WHERE dictionary_key = ?',
    [dictionary],
  );
  touchEntities(
    connection,
    known.map(({ id }) => id),
    touched,
  );
  return connection
    .all<{ name_id: EntityId }>(
      `SELECT DISTINCT n.name_id FROM known_entities k JOIN known_names n ON n.known_key = k.key
       WHERE k.dictionary_key = ?`,
      [dictionary],
    )
    .map(({ name_id }) => name_id);
}

async function insertEntries(
  connection: Connection,
  pacer: Pacer,
  dictionary: number,
  position: number,
  entries: readonly KnownEntity[],
): Promise<void> {
  const first = nextKey(connection, 'known_entities');
  await bulkInsert(
    connection,
    pacer,
    'known_entities (key, dictionary_key, position, entity_id, type, name)',
    entries.map(({ id, type, name }, place) => [first + place, dictionary, position + place, id, type, name]),
  );
  await bulkInsert(
    connection,
    pacer,
    'known_external_ids (known_key, position, external_id)',
    entries.flatMap(({ externalIds }, place) =>
      externalIds.map((id, index) => [first + place, index, formatExternalId(id)]),
    ),
  );
  await bulkInsert(
    connection,
    pacer,
    'known_names (known_key, position, name_id, name)',
    entries.flatMap(({ type, name, aliases }, place) =>
      [name, ...aliases].map((each, index) => [first + place, index, entityId(type, each), each]),
    ),
  );
}

const AMBIGUOUS = `SELECT n.name_id FROM known_names n JOIN known_entities k ON k.key = n.known_key
  WHERE n.name_id IN (
    SELECT own.name_id FROM known_names own JOIN known_entities ko ON ko.key = own.known_key
    WHERE ko.dictionary_key = d.key
  )
  GROUP BY n.name_id HAVING count(DISTINCT k.entity_id) > 1`;

/** By name. @param only the one with this name */
export function dictionaries(connection: Connection, only?: string): Dictionary[] {
  return connection
    .all<Dictionary>(
      `SELECT d.name, d.imported_at AS importedAt,
         (SELECT count(*) FROM known_entities WHERE dictionary_key = d.key) AS entities,
         (SELECT count(DISTINCT n.name_id) FROM known_entities k JOIN known_names n ON n.known_key = k.key
          WHERE k.dictionary_key = d.key) AS names,
         (SELECT count(*) FROM (${AMBIGUOUS})) AS ambiguousNames
       FROM dictionaries d ${only === undefined ? '' : 'WHERE d.name = ?'} ORDER BY d.name`,
      only === undefined ? [] : [only],
    )
    .map(({ name, importedAt, entities, names, ambiguousNames: ambiguous }) => ({
      ...{ name, importedAt, entities, names },
      ambiguousNames: ambiguous,
    }));
}

function ambiguousNames(connection: Connection, dictionary: number): AmbiguousName[] {
  const rows = connection.all<EntityReference & Pick<NameRow, 'nameId' | 'shared'>>(
    `SELECT n.name_id AS nameId, n.name AS shared, k.entity_id AS id, k.type, k.name
     FROM (
       SELECT a.name_id FROM dictionaries d CROSS JOIN (${AMBIGUOUS.replaceAll('d.key', '?')}) a
       JOIN known_names s ON s.name_id = a.name_id
       WHERE d.key = ? GROUP BY a.name_id ORDER BY min(s.name), a.name_id LIMIT ${AMBIGUOUS_NAMES_SHOWN}
     ) a CROSS JOIN known_names n ON n.name_id = a.name_id JOIN known_entities k ON k.key = n.known_key
       JOIN dictionaries d ON d.key = k.dictionary_key
     ORDER BY d.name, k.position`,
    [dictionary, dictionary],
  );
  return ambiguousNamesOf(
    rows.map(({ nameId, shared, id, type, name }) => ({ nameId, shared, entity: { id, type, name } })),
  );
}

const BY_POSITION: Order = { name: 'position', columns: [{ expression: 'k.position', type: 'number' }] };

interface KnownRow extends EntityReference {
  /** JSON arrays of [position, value]. */
  readonly names: string;
  readonly external_ids: string;
}

/** In the order of the dictionary. @throws NeighborKbError NOT_FOUND */
export function knownEntities(connection: Connection, query: KnownEntityQuery): Page<KnownEntity> {
  const key = keyOf(connection, query.dictionary);
  if (key === undefined)
    throw new NeighborKbError('NOT_FOUND', `there is no dictionary ${JSON.stringify(query.dictionary)}`, [
      'dictionary',
    ]);
  return readPage<KnownRow, KnownEntity>(connection, query, {
    select: `k.entity_id AS id, k.type, k.name,
      (SELECT json_group_array(json_array(n.position, n.name)) FROM known_names n WHERE n.known_key = k.key)
        AS names,
      (SELECT json_group_array(json_array(x.position, x.external_id)) FROM known_external_ids x
       WHERE x.known_key = k.key) AS external_ids`,
    from: 'known_entities k',
    filter: new Conditions().add('k.dictionary_key = ?', key),
    order: BY_POSITION,
    nodeOf: ({ id, type, name, names, external_ids }) => ({
      ...{ id, type, name },
      aliases: inOrder(names).slice(1),
      externalIds: inOrder(external_ids).map(parseExternalId),
    }),
  });
}

function inOrder(json: string): string[] {
  return (JSON.parse(json) as [number, string][]).sort(([a], [b]) => a - b).map(([, value]) => value);
}
