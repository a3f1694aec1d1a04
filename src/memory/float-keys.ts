import { readFile } from 'node:fs/promises';
import { Tensor, type InferenceSession } from 'onnxruntime-node';
import { decodeKeys } from './key-codec.js';
import { roundingError } from './refinement.js';
import { floatSearchGraph } from './search-graph.js';
import { runTop, searchSession, type Candidates, type KeysToSearch, type ScoredKeys } from './scored-keys.js';
import { firstNotFinite, normaliseRows, squaredDistance, squaredNorm, type Vectors } from './vectors.js';

/** Keys in float32: four bytes a component. */
export class FloatKeys implements ScoredKeys {
  /** Enough to read the keys seldom, few enough for the scores to stay small. */
  readonly queriesPerRun = 64;

  private constructor(
    readonly entries: number,
    private readonly session: InferenceSession,
    private readonly keys: Vectors,
    private readonly tensors: Readonly<Record<'keys' | 'bias', Tensor>>,
    private readonly largestNorm: number,
  ) {}

  /** Reads the keys. @throws Error saying what is wrong with them */
  static async open(source: KeysToSearch): Promise<FloatKeys> {
    const { dimension, entries, keyType, keysPath, normalised, threads } = source;
    const values = decodeKeys(await readFile(keysPath), dimension, keyType);
    if (values.length !== entries * dimension)
      throw new Error(`holds ${values.length} values, expected ${entries} x ${dimension}`);
    const keys: Vectors = { values, dimension };
    const bad = firstNotFinite(keys);
    if (bad >= 0) throw new Error(`the key of entry ${bad} has a component that is not finite`);
    if (normalised) normaliseRows(keys);
    const bias = new Float32Array(entries);
    let largest = 0;
    for (let entry = 0; entry < entries; entry++) {
      const norm = squaredNorm(keys, entry);
      largest = Math.max(largest, norm);
      bias[entry] = -norm / 2;
    }
    const tensors = {
      keys: new Tensor('float32', values, [entries, dimension]),
      bias: new Tensor('float32', bias, [entries]),
    };
    const session = await searchSession(floatSearchGraph(), threads);
    return new FloatKeys(entries, session, keys, tensors, Math.sqrt(largest));
  }

  async top({ values, dimension }: Vectors, rows: readonly number[], count: number): Promise<Candidates> {
    const asked = new Float32Array(rows.length * dimension);
    for (const [position, row] of rows.entries())
      asked.set(values.subarray(row * dimension, (row + 1) * dimension), position * dimension);
    const queries = new Tensor('float32', asked, [rows.length, dimension]);
    const found = await runTop(this.session, { ...this.tensors, queries }, count);
    const errors = Float64Array.from(rows, (row) =>
      roundingError(dimension, Math.sqrt(squaredNorm({ values, dimension }, row)), this.largestNorm),
    );
    return { ...found, errors };
  }

  squaredDistance(queries: Vectors, row: number, entry: number): number {
    return squaredDistance(queries, row, this.keys, entry);
  }
}
