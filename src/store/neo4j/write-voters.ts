import type { Neighbour, Prediction } from '../../domain/model.js';
import { int, type Neo4jTransaction } from './connection.js';
import { inBatches } from './batches.js';
import type { PreparedDocument } from './prepared.js';
import type { TransactionEntries } from './memory-entries.js';

/** Voters of a prediction that are relationships, too: those that weigh most, for whoever browses the graph. */
const HEAVIEST = 5;

/** Rows of one statement: entries carry a sentence each, predictions some relationships. */
const ENTRIES = 2_000;
const PREDICTIONS = 2_000;

interface Voting {
  readonly predictionId: string;
  readonly neighbours: readonly Neighbour[];
}

/**
 * All voters of a prediction, as properties of its node: lists of equal length, in the order of `neighbours`. A
 * relationship for each would cost more than everything else that a document brings.
 */
export function voterProperties({ neighbours }: Pick<Prediction, 'neighbours'>) {
  return {
    voters: neighbours.map(entryId),
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
  const votings = documents.flatMap(votingsOf);
  const unseen = new Map<string, Neighbour>();
  for (const { neighbours } of votings)
    for (const neighbour of neighbours) {
      const id = entryId(neighbour);
      if (!entries.has(id)) unseen.set(id, neighbour);
    }
  const rows = [...unseen].sort(([a], [b]) => (a < b ? -1 : 1)).map(([id, entry]) => entryRow(id, entry));
  await Promise.all([
    inBatches(transaction, WRITE_ENTRIES, rows, ENTRIES),
    inBatches(transaction, WRITE_HEAVIEST, votings.map(heaviestRow), PREDICTIONS),
  ]);
  entries.add(unseen.keys());
}

/** Ids of the memory entries that vote for what a document brings. */
export function entriesNamedBy(document: PreparedDocument): string[] {
  return votingsOf(document).flatMap(({ neighbours }) => neighbours.map(entryId));
}

function votingsOf({ extracted, graph }: PreparedDocument): Voting[] {
  return extracted.predictions.flatMap(({ id, neighbours }, place) =>
    graph.keepsVoters[place] && neighbours.length > 0 ? [{ predictionId: id, neighbours }] : [],
  );
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

function heaviestRow({ predictionId, neighbours }: Voting) {
  const heaviest = [...neighbours].sort((a, b) => b.weight - a.weight).slice(0, HEAVIEST);
  return {
    id: predictionId,
    votes: heaviest.map((neighbour) => ({
      entry: entryId(neighbour),
      rank: int(neighbour.rank),
      distance: neighbour.squaredDistance,
      weight: neighbour.weight,
    })),
  };
}

function entryRow(id: string, neighbour: Neighbour) {
  const { memory, memoryVersion, entry, label, text, subject, object } = neighbour;
  return {
    ...{ id, memory, memoryVersion, entry, label, text },
    ...{ subjectStart: int(subject.start), subjectEnd: int(subject.end) },
    ...{ objectStart: int(object.start), objectEnd: int(object.end) },
  };
}

function entryId({ memory, memoryVersion, entry }: Neighbour): string {
  return `${memory}@${memoryVersion}/${entry}`;
}
