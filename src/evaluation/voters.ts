import { NeighborKbError } from '../domain/errors.js';
import { neighbourWeights, weighNil } from '../domain/kernel.js';
import type { MemoryUse } from '../domain/profile.js';
import type { Memory } from '../memory/ports.js';
import type { PairTable } from './pair-table.js';

/** What votes: a memory package, or gold pairs that serve as one for the time of an evaluation. */
export interface Electorate extends Pick<Memory, 'name' | 'size' | 'entry' | 'search'> {
  /** Label of an entry, where it is known without making the entry. */
  labelOf?(index: number): string;
}

/** The nearest entries of every pair in one memory, searched once at the largest k. */
export interface Voters {
  /** Nearest first; min(k asked for, entries of the memory). */
  readonly k: number;
  /** pairs x k squared distances. */
  readonly squaredDistances: Float32Array;
  /** pairs x k indices among the table's labels. */
  readonly labels: Uint16Array;
  /** pairs x k entries of the memory. */
  readonly entries: Int32Array;
}

/** Queries of one search: bounds what is copied to the search worker at a time. */
const QUERIES_PER_SEARCH = 1024;

/** @throws NeighborKbError MEMORY_MODEL_MISMATCH for an entry with a label that the table does not have */
export async function searchVoters(pairs: PairTable, memory: Electorate, k: number): Promise<Voters> {
  const labelOfEntry = labelsOfEntries(memory, pairs.labels);
  const found = Math.min(k, memory.size);
  const squaredDistances = new Float32Array(pairs.count * found);
  const labels = new Uint16Array(pairs.count * found);
  const entries = new Int32Array(pairs.count * found);
  const size = pairs.representationSize;
  for (let from = 0; from < pairs.count; from += QUERIES_PER_SEARCH) {
    const count = Math.min(QUERIES_PER_SEARCH, pairs.count - from);
    // A copy: a memory may hand the queries over to its worker.
    const queries = pairs.representations.slice(from * size, (from + count) * size);
    const hits = await memory.search(queries, count, found);
    squaredDistances.set(hits.squaredDistances, from * found);
    entries.set(hits.indices, from * found);
    for (let i = 0; i < count * found; i++)
      labels[from * found + i] = labelOfEntry[hits.indices[i] as number] as number;
  }
  return { k: found, squaredDistances, labels, entries };
}

/**
 * The nearest of two memories as if they were one; entries of the second are counted on from `offset`.
 * @param offset entries of the first memory
 */
export function mergeVoters(first: Voters, second: Voters, pairs: number, offset: number): Voters {
  const k = first.k + second.k;
  const squaredDistances = new Float32Array(pairs * k);
  const labels = new Uint16Array(pairs * k);
  const entries = new Int32Array(pairs * k);
  for (let pair = 0; pair < pairs; pair++) {
    let [a, b] = [pair * first.k, pair * second.k];
    const [endOfA, endOfB] = [a + first.k, b + second.k];
    for (let at = pair * k; at < (pair + 1) * k; at++) {
      const takesFirst =
        b >= endOfB ||
        (a < endOfA && (first.squaredDistances[a] as number) <= (second.squaredDistances[b] as number));
      const [from, index] = takesFirst ? [first, a++] : [second, b++];
      squaredDistances[at] = from.squaredDistances[index] as number;
      labels[at] = from.labels[index] as number;
      entries[at] = (from.entries[index] as number) + (takesFirst ? 0 : offset);
    }
  }
  return { k, squaredDistances, labels, entries };
}

/** Median squared distance to the nearest entry: what temperatures of `rbf` are measured by. */
export function medianNearest(...voters: readonly Voters[]): number {
  const nearest = voters.flatMap(({ k, squaredDistances }) =>
    k === 0
      ? []
      : Array.from({ length: squaredDistances.length / k }, (_, pair) => squaredDistances[pair * k] ?? 0),
  );
  nearest.sort((a, b) => a - b);
  return Math.max(nearest[nearest.length >> 1] ?? 1, 1e-6);
}

function labelsOfEntries(memory: Electorate, labels: readonly string[]): Uint16Array {
  const indexOf = new Map(labels.map((label, index) => [label, index]));
  return Uint16Array.from({ length: memory.size }, (_, entry) => {
    const label = memory.labelOf?.(entry) ?? memory.entry(entry).label;
    const index = indexOf.get(label);
    if (index === undefined)
      throw new NeighborKbError(
        'MEMORY_MODEL_MISMATCH',
        `memory ${memory.name}: neither the encoder nor the schema has the label ${label}`,
        ['memories', memory.name, 'entries', entry, 'label'],
      );
    return index;
  });
}

/**
 * p_KNN of every pair over the k nearest, by the same rule as the run time.
 * @param share α: what is added to `into` for each pair
 * @param into pairs x labels
 */
export function addVotes(
  voters: Voters,
  settings: Pick<MemoryUse, 'k' | 'temperature' | 'kernel' | 'nilVote'>,
  share: number,
  labelCount: number,
  into: Float64Array,
): void {
  const k = Math.min(settings.k, voters.k);
  const pairs = labelCount === 0 ? 0 : into.length / labelCount;
  for (let pair = 0; pair < pairs; pair++) {
    const from = pair * voters.k;
    const distances = voters.squaredDistances.subarray(from, from + k);
    const labels = voters.labels.subarray(from, from + k);
    const plain = neighbourWeights(distances, settings.temperature, settings.kernel);
    const weights = weighNil(plain, labels, settings.nilVote);
    for (let rank = 0; rank < k; rank++) {
      const at = pair * labelCount + (labels[rank] as number);
      into[at] = (into[at] as number) + share * (weights[rank] as number);
    }
  }
}
