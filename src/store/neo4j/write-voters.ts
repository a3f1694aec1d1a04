import type { PredictionId } from '../../domain/identity.js';
import type { Neighbour } from '../../domain/model.js';
import { inBatches } from './batches.js';
import { int, type Neo4jTransaction } from './connection.js';
import type { TransactionEntries } from './memory-entries.js';
import type { PreparedDocument, Voting } from './prepared.js';

/** Voters of a prediction that are relationships, too: those that weigh most, for whoever browses the graph. */
const HEAVIEST = 5;

/** Rows of one statement: entries carry a sentence each, predictions some relationships. */
const ENTRIES = 2_000;
const PREDICTIONS = 2_000;

/**
 * All voters of a prediction, as properties of its node: lists of equal length, in the order of the neighbours. A
 * relationship for each would cost more than everything else that a document brings.
 */
export function voterProperties({ neighbours, entryIds }: Voting) {
  return {
    voters: entryIds,
    // Of a single memory's voters the place says it all.
    voterRanks: neighbours.every(({ rank }, place) => rank === place + 1)
      ? null
      : neighbours.map(({ rank }) => int(rank)),
    voterDistances: neighbours.map(({ squaredDistance }) => squaredDistance),
    voterWeights: neighbours.map(({ weight }) => weight),
  };
}

/**
 * Writes the memory entries that predictions name as their voters, and ties the heaviest to them. An entry is a node
 * once, however often it votes; entries are made in the order of their ids, so that transactions wait for each other
 * rather than deadlock.
 */
export async function writeVoters(
  transaction: Neo4jTransaction,
  documents: readonly PreparedDocument[],
  entries: TransactionEntries,
): Promise<void> {
  const votings = documents.flatMap((document) => [...document.votings]);
  const unseen = new Map<string, Neighbour>();
  for (const [, { neighbours, entryIds }] of votings)
    for (const [place, id] of entryIds.entries())
      if (!entries.has(id)) unseen.set(id, neighbours[place] as Neighbour);
  const rows = [...unseen].sort(([a], [b]) => (a < b ? -1 : 1)).map(([id, entry]) => entryRow(id, entry));
  const ties = votings.map(([id, voting]) => heaviestRow(id, voting));
  await Promise.all([
    inBatches(transaction, WRITE_ENTRIES, rows, ENTRIES),
    inBatches(transaction, WRITE_HEAVIEST, ties, PREDICTIONS),
  ]);
  entries.add(unseen.keys());
}

/** Ids of the memory entries that vote for what documents bring. */
export function entriesNamedBy(documents: Iterable<PreparedDocument>): ReadonlySet<string> {
  const named = new Set<string>();
  for (const { votings } of documents)
    for (const { entryIds } of votings.values()) for (const id of entryIds) named.add(id);
  return named;
}

const WRITE_ENTRIES = `
  UNWIND $rows AS row
  MERGE (m:MemoryEntry {id: row.id})
  ON CREATE SET m = row`;

const WRITE_HEAVIEST = `
  UNWIND $rows AS row
  MATCH (p:Prediction {id: row.id})
  UNWIND row.votes AS vote
  MATCH (m:MemoryEntry {id: vote.entry})
  CREATE (m)-[:VOTED_FOR {rank: vote.rank, distance: vote.distance, weight: vote.weight}]->(p)`;

function heaviestRow(id: PredictionId, { neighbours, entryIds }: Voting) {
  const votes = neighbours.map(({ rank, squaredDistance, weight }, place) => ({
    ...{ entry: entryIds[place], rank: int(rank), distance: squaredDistance, weight },
  }));
  return { id, votes: votes.sort((a, b) => b.weight - a.weight).slice(0, HEAVIEST) };
}

function entryRow(id: string, neighbour: Neighbour) {
  const { memory, memoryVersion, entry, label, text, subject, object } = neighbour;
  return {
    ...{ id, memory, memoryVersion, entry, label, text },
    ...{ subjectStart: int(subject.start), subjectEnd: int(subject.end) },
    ...{ objectStart: int(object.start), objectEnd: int(object.end) },
  };
}
