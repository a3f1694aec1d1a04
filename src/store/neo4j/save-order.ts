import type { DocumentId } from '../../domain/identity.js';
import { int, type Neo4jTransaction } from './connection.js';

/**
 * Numbers the saves: the order of `newest`. Near the end, since from here to the commit nobody else can do it, whether
 * any are numbered or not: the order of numbers is the order of commits.
 */
export async function numberSaves(transaction: Neo4jTransaction, ids: readonly DocumentId[]): Promise<void> {
  await transaction.run(
    `${LOCK}
     SET s.value = s.value + size($ids)
     WITH s.value - size($ids) AS before
     UNWIND range(0, size($ids) - 1) AS place
     MATCH (d:Document {id: $ids[place]})
     SET d.saved = before + place + 1`,
    { ids, zero: int(0) },
  );
}

/** Waits until nobody else is between numbering its saves and its commit, and keeps others out until the commit. */
export async function lockSaves(transaction: Neo4jTransaction): Promise<void> {
  await transaction.run(LOCK, { zero: int(0) });
}

const LOCK = `
  MERGE (s:Sequence {name: 'saved'})
  ON CREATE SET s.value = $zero
  SET s.name = 'saved'`;
