import type { EntityId } from '../../domain/identity.js';
import type { EntityType } from '../../domain/mention-types.js';
import type { Distinction } from '../../domain/redirects.js';
import type { Page, PageRequest } from '../graph-store.js';
import type { Order } from '../orders.js';
import type { Neo4jConnection } from './connection.js';
import { Parameters, readPage } from './keyset.js';

/** The work of `IdentityStore.distinguish`. */
export async function distinguish(
  connection: Neo4jConnection,
  distinction: Distinction,
): Promise<Distinction> {
  const [a, b] = distinction.entities;
  const { by, at, note } = distinction;
  await connection.write((transaction) =>
    transaction.run('MERGE (d:Distinction {id: $node.id}) SET d = $node', {
      node: {
        id: pairId(a.id, b.id),
        ...{ aId: a.id, aType: a.type, aName: a.name },
        ...{ bId: b.id, bType: b.type, bName: b.name },
        ...{ by, at, note },
      },
    }),
  );
  return distinction;
}

/** @returns whether it was recorded */
export async function withdrawDistinction(
  connection: Neo4jConnection,
  a: EntityId,
  b: EntityId,
): Promise<boolean> {
  // Where the answer to a commit got lost the next attempt finds nothing: what the first one found counts.
  let found = false;
  await connection.write(async (transaction) => {
    const rows = await transaction.run('MATCH (d:Distinction {id: $id}) DELETE d RETURN $id AS id', {
      id: pairId(a, b),
    });
    found ||= rows.length > 0;
  });
  return found;
}

interface DistinctionNode {
  readonly aId: EntityId;
  readonly aType: EntityType;
  readonly aName: string;
  readonly bId: EntityId;
  readonly bType: EntityType;
  readonly bName: string;
  readonly by: string;
  readonly at: string;
  readonly note: string | null;
}

const LATEST: Order = {
  name: 'latestDistinctions',
  columns: [
    { expression: 'd.at', type: 'string', descending: true },
    { expression: 'd.id', type: 'string' },
  ],
};

export function readDistinctions(
  connection: Neo4jConnection,
  query: PageRequest,
): Promise<Page<Distinction>> {
  return readPage<DistinctionNode, Distinction>(connection, query, {
    match: 'MATCH (d:Distinction)',
    variables: 'd',
    returns: 'd {.aId, .aType, .aName, .bId, .bType, .bName, .by, .at, .note} AS node',
    where: 'true',
    parameters: new Parameters(),
    order: LATEST,
    nodeOf: (node) => ({
      entities: [
        { id: node.aId, type: node.aType, name: node.aName },
        { id: node.bId, type: node.bType, name: node.bName },
      ],
      by: node.by,
      at: node.at,
      note: node.note,
    }),
  });
}

function pairId(a: EntityId, b: EntityId): string {
  return a < b ? `${a} ${b}` : `${b} ${a}`;
}
