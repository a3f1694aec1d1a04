import { byFrequency } from '../../domain/entity-name.js';
import { normaliseName, type EntityId } from '../../domain/identity.js';
import type { Entity } from '../../domain/model.js';
import type { EntityFilter, EntityQuery, Page } from '../graph-store.js';
import * as orders from '../orders.js';
import { IN_IDS, readByIds, readByOwners } from './by-ids.js';
import type { Connection } from './connection.js';
import { Conditions, filterConditions, readPage } from './keyset.js';
import * as rows from './rows.js';

export function entitiesById(connection: Connection, ids: readonly EntityId[]): (Entity | null)[] {
  const sql = `SELECT ${rows.ENTITY_COLUMNS} FROM entities e WHERE e.id ${IN_IDS}`;
  return readByIds(connection, sql, ids, rows.entityOf);
}

const ENTITY_ORDERS = orders.ordersIn(orders.ENTITY_ORDERS, {
  normalised: 'e.normalised',
  mentions: 'e.mentions',
  id: 'e.id',
});

export function entities(connection: Connection, query: EntityQuery): Page<Entity> {
  return readPage(connection, query, {
    select: rows.ENTITY_COLUMNS,
    from: 'entities e',
    filter: filterConditions(query.filter, entityConditions),
    order: ENTITY_ORDERS[query.order ?? 'name'],
    nodeOf: rows.entityOf,
  });
}

function entityConditions({ types, search }: EntityFilter): Conditions {
  const conditions = new Conditions().in('e.type', types);
  if (search !== undefined) addSearch(conditions, search);
  return conditions;
}

/** Surfaces other than the entity's name, most frequent first, ties in code-unit order. */
export function aliasesOfEntities(connection: Connection, ids: readonly EntityId[]): string[][] {
  const sql = `SELECT n.name, n.mentions AS count, e.id AS owner
    FROM entities e JOIN names n ON n.entity_key = e.key
    WHERE e.id ${IN_IDS} AND n.mentions > 0 AND n.name <> e.name`;
  return readByOwners(connection, sql, ids, (row: { name: string; count: number }) => row).map((names) =>
    names.sort(byFrequency).map(({ name }) => name),
  );
}

/** The trigram index finds substrings of three characters and more; shorter ones are looked for in every name. */
const TRIGRAM = 3;

function addSearch(filter: Conditions, search: string): void {
  const wanted = normaliseName(search);
  if (wanted === '') return;
  if ([...wanted].length < TRIGRAM)
    filter.add('e.key IN (SELECT entity_key FROM names WHERE instr(normalised, ?) > 0)', wanted);
  else
    filter.add(
      `e.key IN (SELECT entity_key FROM names
         WHERE key IN (SELECT rowid FROM names_search WHERE names_search MATCH ?))`,
      `"${wanted.replaceAll('"', '""')}"`,
    );
}
