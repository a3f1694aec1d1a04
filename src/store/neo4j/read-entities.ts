import { byFrequency, type NameCount } from '../../domain/entity-name.js';
import { normaliseName, type EntityId } from '../../domain/identity.js';
import type { Entity } from '../../domain/model.js';
import type { EntityFilter, EntityQuery, Page } from '../graph-store.js';
import * as orders from '../orders.js';
import { readByOwners } from './by-ids.js';
import type { Neo4jConnection } from './connection.js';
import { filterExpression, isOneOf, Parameters, readPage } from './keyset.js';
import { ASKED_ENTITY } from './redirects.js';
import * as rows from './rows.js';

export function entitiesById(
  connection: Neo4jConnection,
  ids: readonly EntityId[],
): Promise<(Entity | null)[]> {
  const statement = `${ASKED_ENTITY} RETURN asked AS owner, ${rows.ENTITY}`;
  return readByOwners(connection, statement, ids, rows.entityOf).then((found) =>
    found.map(([entity]) => entity ?? null),
  );
}

const ENTITY_ORDERS = orders.ordersIn(orders.ENTITY_ORDERS, {
  normalised: 'e.normalised',
  mentions: 'e.mentions',
  id: 'e.id',
});

export function entities(connection: Neo4jConnection, query: EntityQuery): Promise<Page<Entity>> {
  const parameters = new Parameters();
  return readPage(connection, query, {
    match: 'MATCH (e:Entity)',
    variables: 'e',
    returns: rows.ENTITY,
    ...wholeFilter(query.filter, parameters),
    parameters,
    order: ENTITY_ORDERS[query.order ?? 'name'],
    nodeOf: rows.entityOf,
  });
}

/**
 * A list's filter. A text that it asks for at its top leads to its entities; deeper in it each entity is asked for its
 * names.
 */
function wholeFilter(
  filter: EntityFilter | undefined,
  parameters: Parameters,
): { readonly where: string; readonly isNarrow: boolean } {
  const { search, ...rest } = filter ?? {};
  const others = filterExpression(filter && rest, parameters, entityConditions);
  const wanted = normaliseName(search ?? '');
  if (wanted === '') return { where: others, isNarrow: false };
  const named = `e.id IN COLLECT {
    MATCH (name:Name)<-[:GOES_BY]-(named:Entity) WHERE name.normalised CONTAINS ${parameters.add(wanted)}
    RETURN DISTINCT named.id }`;
  return { where: `${named} AND ${others}`, isNarrow: true };
}

function entityConditions({ types, search }: EntityFilter, parameters: Parameters): readonly string[] {
  const conditions = isOneOf('e.type', types, parameters);
  const wanted = search === undefined ? '' : normaliseName(search);
  if (wanted !== '')
    conditions.push(
      `EXISTS { (e)-[:GOES_BY]->(n:Name) WHERE n.normalised CONTAINS ${parameters.add(wanted)} }`,
    );
  return conditions;
}

/** Surfaces other than the entity's name, most frequent first, ties in code-unit order. */
export async function aliasesOfEntities(
  connection: Neo4jConnection,
  ids: readonly EntityId[],
): Promise<string[][]> {
  const statement = `${ASKED_ENTITY}
    MATCH (e)-[:GOES_BY]->(n:Name)
    WHERE n.mentions > 0 AND n.text <> e.name
    RETURN asked AS owner, {name: n.text, count: n.mentions} AS node`;
  const names = await readByOwners(connection, statement, ids, (node: NameCount) => node);
  return names.map((ofEntity) => ofEntity.sort(byFrequency).map(({ name }) => name));
}
