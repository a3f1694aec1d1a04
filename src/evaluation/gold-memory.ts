import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LabelledText } from '../datasets/ports.js';
import { NeighborKbError } from '../domain/errors.js';
import { NIL } from '../domain/predicates.js';
import { ExactSearch } from '../memory/exact-search.js';
import { LabelMapping } from '../memory/building/label-mapping.js';
import { encodeKeys } from '../memory/key-codec.js';
import type { MemoryEntry, SearchHits } from '../memory/ports.js';
import type { GoldPairs } from './gold-pairs.js';
import { labelsByPair } from './passages.js';
import type { Electorate } from './voters.js';

/**
 * What is done to representations before distances are taken. `raw`: nothing. `unit`: length 1.
 * `layer`: mean 0 and variance 1 over the components of a vector, as the classifier sees it.
 */
export const REPRESENTATIONS = ['raw', 'unit', 'layer'] as const;
export type Representation = (typeof REPRESENTATIONS)[number];

/** A labelled pair that can become a memory's entry. */
export interface LabelledRow {
  /** Row of the pairs. */
  readonly row: number;
  readonly label: string;
}

/** The labels of encoded gold pairs: a row for each label of a pair, NIL for a judged pair without any. */
export function labelledRows(
  texts: readonly LabelledText[],
  pairs: GoldPairs,
  mapping: LabelMapping = LabelMapping.IDENTITY,
): LabelledRow[] {
  const labels = texts.map((text) => labelsByPair(text, mapping));
  return Array.from({ length: pairs.count }, (_, row) => row).flatMap((row) => {
    const key = `${pairs.mentions[2 * row]}>${pairs.mentions[2 * row + 1]}`;
    const own = labels[pairs.document[row] as number]?.get(key);
    return own ? [...own].map((label) => ({ row, label })) : [{ row, label: NIL }];
  });
}

export interface GoldMemoryContent {
  readonly name: string;
  /** Where the keys are taken from. */
  readonly pairs: Pick<GoldPairs, 'representations' | 'representationSize'>;
  readonly rows: readonly LabelledRow[];
  readonly representation: Representation;
  /** What a row says, for people. */
  readonly example: (row: number) => Omit<MemoryEntry, 'id' | 'label'>;
}

/** The texts of gold pairs as a memory's examples. */
export function examplesOfTexts(
  texts: readonly LabelledText[],
  pairs: Pick<GoldPairs, 'document' | 'mentions'>,
): GoldMemoryContent['example'] {
  return (row) => {
    // Pairs were made of these texts' mentions.
    const { text, mentions, origin } = texts[pairs.document[row] as number] as LabelledText;
    const mention = (role: 0 | 1): MemoryEntry['subject'] => {
      const { start, end, type } = mentions[
        pairs.mentions[2 * row + role] as number
      ] as (typeof mentions)[number];
      return { start, end, type };
    };
    return { text, subject: mention(0), object: mention(1), origin };
  };
}

/** A memory of gold pairs that lives as long as an evaluation: keys in a search worker, entries made when asked for. */
export class GoldMemory implements Electorate {
  readonly name: string;

  private constructor(
    private readonly content: GoldMemoryContent,
    private readonly exact: ExactSearch,
  ) {
    this.name = content.name;
  }

  /** @throws NeighborKbError INVALID_ARGUMENT for a memory without entries */
  static async open(content: GoldMemoryContent): Promise<GoldMemory> {
    const { name, pairs, rows, representation } = content;
    if (rows.length === 0)
      throw new NeighborKbError('INVALID_ARGUMENT', `memory ${name} would have no entry`, ['rows']);
    const size = pairs.representationSize;
    const keys = new Float32Array(rows.length * size);
    for (const [entry, { row }] of rows.entries())
      keys.set(pairs.representations.subarray(row * size, (row + 1) * size), entry * size);
    if (representation === 'layer') layerNormalise(keys, size);
    // The worker reads the keys once, when it opens them.
    const folder = await mkdtemp(join(tmpdir(), 'neighborkb-keys-'));
    try {
      const keysPath = join(folder, 'keys.bin');
      await writeFile(keysPath, encodeKeys(keys, size, 'float32'));
      const exact = await ExactSearch.open({
        memory: name,
        keysPath,
        keyType: 'float32',
        dimension: size,
        entries: rows.length,
        normalised: representation === 'unit',
      });
      return new GoldMemory(content, exact);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  get size(): number {
    return this.content.rows.length;
  }

  labelOf(index: number): string {
    return this.rowOf(index).label;
  }

  entry(index: number): MemoryEntry {
    const { row, label } = this.rowOf(index);
    return { id: `${this.name}:${index}`, label, ...this.content.example(row) };
  }

  search(queries: Float32Array, count: number, k: number): Promise<SearchHits> {
    const own =
      this.content.representation === 'layer'
        ? layerNormalise(queries.slice(), this.content.pairs.representationSize)
        : queries;
    return this.exact.search(own, count, k);
  }

  close(): Promise<void> {
    return this.exact.close();
  }

  private rowOf(index: number): LabelledRow {
    const row = this.content.rows[index];
    if (!row) throw new RangeError(`memory ${this.name} has no entry ${index}`);
    return row;
  }
}

/** Each row to mean 0 and variance 1, in place; a constant row becomes 0. */
function layerNormalise(values: Float32Array, dimension: number): Float32Array {
  for (let from = 0; from < values.length; from += dimension) {
    const row = values.subarray(from, from + dimension);
    let mean = 0;
    for (const value of row) mean += value;
    mean /= dimension;
    let variance = 0;
    for (const value of row) variance += (value - mean) ** 2;
    const scale = variance === 0 ? 0 : 1 / Math.sqrt(variance / dimension);
    for (let i = 0; i < dimension; i++) row[i] = ((row[i] as number) - mean) * scale;
  }
  return values;
}
