import type { Neighbour } from '../../domain/model.js';
import { inBatches } from './batches.js';
import { int, type Neo4jTransaction } from './connection.js';
import type { TransactionEntries } from './memory-entries.js';
import type { PreparedDocument, Voting } from './prepared.js';

/** Voters of a prediction that are relationships, too: those that weigh most, for whoever browses the graph. */
const HEAVIEST = 5;

/** Rows of one statement; each carries a sentence. */
const BATCH = 250;

/** Properties that hold all voters of a prediction. */
export const VOTER_LISTS = ['voters', 'voterRanks', 'voterDistances', 'voterWeights'] as const;

type VoterLists = Readonly<Record<(typeof VOTER_LISTS)[number], readonly unknown[] | null>>;

const NO_LISTS: VoterLists = { voters: null, voterRanks: null, voterDistances: null, voterWeights: null };

/**
 * All voters of a prediction, as properties of its node: lists of equal length, in the order of the neighbours. A
 * relationship for each would cost more than everything else that a document brings. No lists where the relationships
 * say it all: there are no other voters, and their ranks are their order.
 */
export function voterLists(voting: Voting | undefined): VoterLists {
  if (!voting) return NO_LISTS;
  const { neighbours, entryIds } = voting;
  // Of a single memory's voters the place says it all.
  const inOrder = neighbours.every(({ rank }, place) => rank === place + 1);
  if (inOrder && neighbours.length <= HEAVIEST) return NO_LISTS;
  return {
    voters: entryIds,
    voterRanks: inOrder ? null : neighbours.map(({ rank }) => int(rank)),
    voterDistances: neighbours.map(({ squaredDistance }) => squaredDistance),
    voterWeights: neighbours.map(({ weight }) => weight),
  };
}

/**
 * Writes the memory entries that predictions name as their voters: an entry is a node once, however often it votes.
 * They are made in the order of their ids, so that transactions wait for each other rather than deadlock.
 */
export async function writeEntries(
  transaction: Neo4jTransaction,
  documents: readonly PreparedDocument[],
  entries: TransactionEntries,
): Promise<void> {
  const unseen = new Map<string, Neighbour>();
  for (const { votings } of documents)
    for (const { neighbours, entryIds } of votings.values())
      for (const [place, id] of entryIds.entries())
        if (!entries.has(id)) unseen.set(id, neighbours[place] as Neighbour);
  const rows = [...unseen].sort(([a], [b]) => (a < b ? -1 : 1)).map(([id, entry]) => entryRow(id, entry));
  await inBatches(transaction, WRITE_ENTRIES, rows, BATCH);
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

/** The votes of a prediction that are relationships, too. */
export function heaviestVotes({ neighbours, entryIds }: Voting) {
  return neighbours
    .map(({ rank, squaredDistance: distance, weight }, place) => ({
      ...{ entryId: entryIds[place], rank: int(rank), distance, weight },
    }))
    .sort((a, b) => b.weight - a.weight)
    .slice(0, HEAVIEST);
}

function entryRow(id: string, neighbour: Neighbour) {
  const { memory, memoryVersion, entry, label, text, subject, object } = neighbour;
  return {
    ...{ id, memory, memoryVersion, entry, label, text },
    ...{ subjectStart: int(subject.start), subjectEnd: int(subject.end) },
    ...{ objectStart: int(object.start), objectEnd: int(object.end) },
  };
}
