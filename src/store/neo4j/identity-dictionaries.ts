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
  type IdentityChanges,
  type KnownEntity,
  type KnownEntityQuery,
} from '../identity-store.js';
import type { Order } from '../orders.js';
import { inBatches } from './batches.js';
import { int, type Neo4jConnection, type Neo4jTransaction } from './connection.js';
import { Parameters, readPage } from './keyset.js';
import { applyRedirects, lockIdentity } from './rederive.js';
import type { RelationshipTypes } from './vocabulary.js';

/** Rows of one statement. */
const BATCH = 1_000;

/** One transaction's work of `IdentityStore.importDictionary`. Run again, it changes nothing more. */
export async function importDictionary(
  transaction: Neo4jTransaction,
  name: string,
  entries: readonly KnownEntity[],
  importedAt: string,
  types: RelationshipTypes,
): Promise<IdentityChanges> {
  await lockIdentity(transaction);
  const before = await concerned(transaction, name);
  await remove(transaction, name);
  await transaction.run('CREATE (:Dictionary {name: $name, importedAt: $importedAt})', { name, importedAt });
  await inBatches(
    transaction,
    WRITE_ENTRIES,
    entries.map((entry, position) => entryRow(name, entry, position)),
    BATCH,
    {
      name,
    },
  );
  const after = await concerned(transaction, name);
  const also = { entities: new Set([...before.entities, ...after.entities]) };
  return applyRedirects(transaction, [...new Set([...before.names, ...after.names])], also, types);
}

/** One transaction's work of `IdentityStore.removeDictionary`. */
export async function removeDictionary(
  transaction: Neo4jTransaction,
  name: string,
  types: RelationshipTypes,
): Promise<IdentityChanges | null> {
  await lockIdentity(transaction);
  const before = await concerned(transaction, name);
  if (!(await remove(transaction, name))) return null;
  return applyRedirects(transaction, before.names, before, types);
}

interface Concerned {
  readonly names: readonly EntityId[];
  /** Known entities and what they stand for: their names and external ids come from dictionaries. */
  readonly entities: readonly EntityId[];
}

async function concerned(transaction: Neo4jTransaction, name: string): Promise<Concerned> {
  const [names, entities] = await Promise.all([
    transaction.run<{ id: EntityId }>(
      `MATCH (:Dictionary {name: $name})-[:HAS_ENTRY]->()-[:CALLED]->(n:KnownName) RETURN DISTINCT n.id AS id`,
      { name },
    ),
    transaction.run<{ id: EntityId }>(
      `MATCH (:Dictionary {name: $name})-[:HAS_ENTRY]->(k:KnownEntity)
       OPTIONAL MATCH (r:Redirect {fromId: k.entityId})
       UNWIND [k.entityId, r.toId] AS id
       WITH id WHERE id IS NOT NULL
       RETURN DISTINCT id`,
      { name },
    ),
  ]);
  return { names: names.map(({ id }) => id), entities: entities.map(({ id }) => id) };
}

/** @returns whether it was there */
async function remove(transaction: Neo4jTransaction, name: string): Promise<boolean> {
  await transaction.run(
    `MATCH (:Dictionary {name: $name})-[:HAS_ENTRY]->(k:KnownEntity)
     OPTIONAL MATCH (k)-[:CALLED]->(n:KnownName)
     WITH k, collect(n) AS names
     DETACH DELETE k
     WITH names UNWIND names AS n
     WITH DISTINCT n WHERE NOT EXISTS { (n)<-[:CALLED]-() }
     DELETE n`,
    { name },
  );
  const removed = await transaction.run(
    'MATCH (d:Dictionary {name: $name}) DETACH DELETE d RETURN $name AS name',
    {
      name,
    },
  );
  return removed.length > 0;
}

const WRITE_ENTRIES = `
  MATCH (d:Dictionary {name: $name})
  UNWIND $rows AS row
  CREATE (d)-[:HAS_ENTRY]->(k:KnownEntity)
  SET k = row.properties
  WITH k, row
  UNWIND row.names AS name
  MERGE (n:KnownName {id: name.id})
  CREATE (k)-[:CALLED {position: name.position, name: name.name}]->(n)`;

function entryRow(
  dictionary: string,
  { id, type, name, aliases, externalIds }: KnownEntity,
  position: number,
) {
  return {
    properties: {
      key: `${dictionary}#${position}`,
      position: int(position),
      ...{ entityId: id, type, name },
      externalIds: externalIds.map(formatExternalId),
    },
    names: [name, ...aliases].map((each, place) => ({
      id: entityId(type, each),
      name: each,
      position: int(place),
    })),
  };
}

/** Known names of a dictionary that several known entities have. */
const AMBIGUOUS = `MATCH (d)-[:HAS_ENTRY]->()-[:CALLED]->(n:KnownName)
  WHERE COUNT { MATCH (n)<-[:CALLED]-(k:KnownEntity) RETURN DISTINCT k.entityId } > 1`;

/** By name. @param only the one with this name */
export function dictionaries(connection: Neo4jConnection, only: string | null = null): Promise<Dictionary[]> {
  return connection.read<Dictionary>(
    `MATCH (d:Dictionary) WHERE $only IS NULL OR d.name = $only
     RETURN d.name AS name, d.importedAt AS importedAt,
       COUNT { (d)-[:HAS_ENTRY]->() } AS entities,
       COUNT { MATCH (d)-[:HAS_ENTRY]->()-[:CALLED]->(n) RETURN DISTINCT n } AS names,
       COUNT { ${AMBIGUOUS} RETURN DISTINCT n } AS ambiguousNames
     ORDER BY d.name`,
    { only },
  );
}

export async function ambiguousNames(
  connection: Neo4jConnection,
  dictionary: string,
): Promise<AmbiguousName[]> {
  const rows = await connection.read<NameRow>(
    `MATCH (d:Dictionary {name: $dictionary}) ${AMBIGUOUS}
     WITH DISTINCT n
     MATCH (n)<-[c:CALLED]-()
     WITH n, min(c.name) AS first ORDER BY first, n.id LIMIT $limit
     MATCH (n)<-[c:CALLED]-(k:KnownEntity)<-[:HAS_ENTRY]-(d:Dictionary)
     RETURN n.id AS nameId, c.name AS shared, {id: k.entityId, type: k.type, name: k.name} AS entity
     ORDER BY d.name, k.position`,
    { dictionary, limit: int(AMBIGUOUS_NAMES_SHOWN) },
  );
  return ambiguousNamesOf(rows);
}

const BY_POSITION: Order = { name: 'position', columns: [{ expression: 'k.position', type: 'number' }] };

interface KnownNode extends EntityReference {
  readonly aliases: readonly string[];
  readonly externalIds: readonly string[];
}

/** In the order of the dictionary. @throws NeighborKbError NOT_FOUND */
export async function readKnownEntities(
  connection: Neo4jConnection,
  query: KnownEntityQuery,
): Promise<Page<KnownEntity>> {
  const { dictionary } = query;
  const [found] = await connection.read('MATCH (d:Dictionary {name: $dictionary}) RETURN d.name', {
    dictionary,
  });
  if (!found)
    throw new NeighborKbError('NOT_FOUND', `there is no dictionary ${JSON.stringify(dictionary)}`, [
      'dictionary',
    ]);
  const parameters = new Parameters();
  return readPage<KnownNode, KnownEntity>(connection, query, {
    match: `MATCH (:Dictionary {name: ${parameters.add(dictionary)}})-[:HAS_ENTRY]->(k:KnownEntity)`,
    variables: 'k',
    returns: `k {id: k.entityId, .type, .name, .externalIds,
      aliases: COLLECT { MATCH (k)-[c:CALLED]->() WHERE c.position > 0 RETURN c.name ORDER BY c.position }} AS node`,
    where: 'true',
    parameters,
    order: BY_POSITION,
    nodeOf: ({ externalIds, ...node }) => ({ ...node, externalIds: externalIds.map(parseExternalId) }),
  });
}
