import type { Neighbour } from '../../domain/model.js';
import { int, type Neo4jTransaction } from './connection.js';
import { outdated } from './errors.js';
import type { PreparedDocument } from './prepared.js';

/** Predictions whose voters travel in one statement: some ten thousand relationships. */
const PREDICTIONS = 160;
/** Entries remembered at most; more than a memory of this size rarely votes. */
const REMEMBERED = 500_000;

/** Memory entries that this process has seen in the database: their text need not be sent again. */
export class KnownEntries {
  private readonly ids = new Set<string>();

  has(id: string): boolean {
    return this.ids.has(id);
  }

  add(ids: Iterable<string>): void {
    if (this.ids.size > REMEMBERED) this.ids.clear();
    for (const id of ids) this.ids.add(id);
  }

  forget(): void {
    this.ids.clear();
  }
}

interface Votes {
  readonly neighbour: Neighbour;
  /** Of each vote: the prediction's place in the statement's list, the rank, the distance, the weight. */
  readonly predictions: number[];
  readonly ranks: number[];
  readonly distances: number[];
  readonly weights: number[];
  /** Place among all memories' voters. */
  readonly positions: number[];
}

interface Voting {
  readonly predictionId: string;
  readonly neighbours: readonly Neighbour[];
}

/**
 * Writes the voters of predictions that keep them. A memory's entry is a node once, however often it votes; entries
 * are touched in the order of their ids, so that transactions wait for each other rather than deadlock.
 */
export async function writeVoters(
  transaction: Neo4jTransaction,
  documents: readonly PreparedDocument[],
  known: KnownEntries,
): Promise<void> {
  const votings = documents.flatMap(votingsOf);
  const runs: Promise<void>[] = [];
  for (let start = 0; start < votings.length; start += PREDICTIONS)
    runs.push(writeSlice(transaction, votings.slice(start, start + PREDICTIONS), known));
  await Promise.all(runs);
}

function votingsOf({ extracted, graph }: PreparedDocument): Voting[] {
  return extracted.predictions.flatMap(({ id, neighbours }, place) =>
    graph.keepsVoters[place] && neighbours.length > 0 ? [{ predictionId: id, neighbours }] : [],
  );
}

async function writeSlice(
  transaction: Neo4jTransaction,
  votings: readonly Voting[],
  known: KnownEntries,
): Promise<void> {
  const byEntry = [...votesByEntry(votings)].sort(([a], [b]) => (a < b ? -1 : 1));
  const fresh = byEntry.filter(([id]) => !known.has(id)).map(([id, votes]) => entryRow(id, votes.neighbour));
  const [, rows] = await Promise.all([
    fresh.length === 0 ? [] : transaction.run(WRITE_ENTRIES, { rows: fresh }),
    transaction.run<{ created: number }>(WRITE_VOTES, {
      predictions: votings.map(({ predictionId }) => predictionId),
      rows: byEntry.map(([id, votes]) => voteRow(id, votes)),
    }),
  ]);
  const expected = votings.reduce((sum, { neighbours }) => sum + neighbours.length, 0);
  if (rows[0]?.created !== expected) {
    known.forget();
    throw outdated('a memory entry was removed with the last prediction that it voted for');
  }
  known.add(fresh.map(({ id }) => id));
}

const WRITE_ENTRIES = `
  UNWIND $rows AS row
  MERGE (m:MemoryEntry {id: row.id})
  ON CREATE SET m = row`;

const WRITE_VOTES = `
  UNWIND $predictions AS id
  MATCH (p:Prediction {id: id})
  WITH collect(p) AS predictions
  UNWIND $rows AS row
  MATCH (m:MemoryEntry {id: row.id})
  UNWIND range(0, size(row.predictions) - 1) AS i
  WITH m, row, i, predictions[row.predictions[i]] AS p
  CREATE (m)-[v:VOTED_FOR {
    rank: row.ranks[i], distance: row.distances[i], weight: row.weights[i], position: row.positions[i]
  }]->(p)
  RETURN count(v) AS created`;

function votesByEntry(votings: readonly Voting[]): Map<string, Votes> {
  const byEntry = new Map<string, Votes>();
  for (const [place, { neighbours }] of votings.entries())
    for (const [position, neighbour] of neighbours.entries()) {
      const id = entryId(neighbour);
      let votes = byEntry.get(id);
      if (!votes) {
        votes = { neighbour, predictions: [], ranks: [], distances: [], weights: [], positions: [] };
        byEntry.set(id, votes);
      }
      votes.predictions.push(place);
      votes.ranks.push(neighbour.rank);
      votes.distances.push(neighbour.squaredDistance);
      votes.weights.push(neighbour.weight);
      votes.positions.push(position);
    }
  return byEntry;
}

function voteRow(id: string, { predictions, ranks, positions, distances, weights }: Votes) {
  return {
    id,
    predictions: predictions.map(int),
    ranks: ranks.map(int),
    // Of a single memory's voters the rank says it all: a property less for each of many relationships.
    positions: positions.map((position, i) => (position + 1 === ranks[i] ? null : int(position))),
    distances,
    weights,
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
