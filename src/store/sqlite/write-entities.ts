import { normaliseName, type EntityId } from '../../domain/identity.js';
import type { Entity } from '../../domain/model.js';
import type { EntityReference } from '../../domain/redirects.js';
import type { DocumentGraph, EntityTally } from '../document-graph.js';
import { bulkInsert, nextKey } from './bulk-insert.js';
import type { Connection } from './connection.js';
import { existingKeys, keyOf } from './keys.js';
import type { Pacer } from './pacer.js';

/** Keys of a local entity and of the entity that it stands for. */
export interface LocalKeys {
  readonly local: number;
  readonly entity: number;
}

interface InsertedEntities {
  /** By the id of the local entity. */
  readonly locals: ReadonlyMap<EntityId, LocalKeys>;
  /** By the id of the entity. */
  readonly entities: ReadonlyMap<EntityId, number>;
}

/** Writes what a document shows of entities, and counts it to those that it stands for. */
export async function insertEntities(
  connection: Connection,
  pacer: Pacer,
  documentKey: number,
  { entities: tallies }: DocumentGraph,
): Promise<InsertedEntities> {
  const entities = await ensureEntities(
    connection,
    pacer,
    tallies.map(({ entity, target }) => (entity.id === target.id ? entity : target)),
  );
  const mentions = new Map<number, number>();
  const first = nextKey(connection, 'local_entities');
  const keyed = tallies.map((tally, place) => {
    const entity = keyOf(entities, tally.target.id);
    mentions.set(entity, (mentions.get(entity) ?? 0) + tally.mentions);
    return { ...tally, keys: { local: first + place, entity } };
  });
  connection.run(
    `UPDATE entities SET mentions = entities.mentions + w.value ->> 1 FROM json_each(?) w
     WHERE entities.key = w.value ->> 0`,
    [JSON.stringify([...mentions])],
  );
  await bulkInsert(
    connection,
    pacer,
    'local_entities (key, document_key, id, type, name, date_iso, date_precision, mentions, entity_key)',
    keyed.map(({ keys, entity: { id, type, name, date }, mentions: count }) => [
      ...[keys.local, documentKey, id, type, name, date?.iso ?? null, date?.precision ?? null],
      ...[count, keys.entity],
    ]),
  );
  await countNames(connection, pacer, keyed.flatMap(nameCounts));
  return { locals: new Map(keyed.map(({ entity, keys }) => [entity.id, keys])), entities };
}

/** What an entity begins with; `refresh` gives it the name that it has over all documents. */
export type EntitySeed = EntityReference & Partial<Pick<Entity, 'date'>>;

/** Makes those entities that are missing, without mentions. @returns the keys of all, by id */
export async function ensureEntities(
  connection: Connection,
  pacer: Pacer,
  seeds: readonly EntitySeed[],
): Promise<ReadonlyMap<EntityId, number>> {
  const byId = new Map(seeds.map((seed) => [seed.id, seed]));
  const keys = existingKeys(connection, 'entities', [...byId.keys()]);
  const missing = [...byId.values()].filter(({ id }) => !keys.has(id));
  const first = nextKey(connection, 'entities');
  for (const [place, { id }] of missing.entries()) keys.set(id, first + place);
  await bulkInsert(
    connection,
    pacer,
    'entities (key, id, type, name, normalised, date_iso, date_precision, mentions)',
    missing.map(({ id, type, name, date }) => [
      ...[keyOf(keys, id), id, type, name, normaliseName(name)],
      ...[date?.iso ?? null, date?.precision ?? null, 0],
    ]),
  );
  return keys;
}

export interface NameChange {
  readonly entityKey: number;
  readonly name: string;
  /** Documents more (or less) in which it is a full name. */
  readonly documents: number;
  /** Of those the ones where it is the name of a local entity with the entity's own id. */
  readonly own: number;
  /** Mentions more (or less) with this surface. */
  readonly mentions: number;
}

/** Adds to the counts of names; rows whose counts reach zero are removed by `refresh`. */
export async function countNames(
  connection: Connection,
  pacer: Pacer,
  changes: readonly NameChange[],
): Promise<void> {
  await bulkInsert(
    connection,
    pacer,
    'names (entity_key, name, normalised, documents, own, mentions)',
    changes.map(({ entityKey, name, documents, own, mentions }) => [
      ...[entityKey, name, normaliseName(name), documents, own, mentions],
    ]),
    `ON CONFLICT (entity_key, name) DO UPDATE SET documents = documents + excluded.documents,
       own = own + excluded.own, mentions = mentions + excluded.mentions`,
  );
}

function nameCounts({
  entity,
  target,
  surfaces,
  keys: { entity: entityKey },
}: EntityTally & { readonly keys: LocalKeys }): NameChange[] {
  const own = entity.id === target.id ? 1 : 0;
  return [
    { entityKey, name: entity.name, documents: 1, own, mentions: 0 },
    ...[...surfaces].map(([name, mentions]) => ({ entityKey, name, documents: 0, own: 0, mentions })),
  ];
}
