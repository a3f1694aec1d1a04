import { stat } from 'node:fs/promises';
import { Tensor, type InferenceSession } from 'onnxruntime-node';
import { bytesPerKey, SCALE_BYTES } from './key-codec.js';
import { KeyFile } from './key-file.js';
import { roundingError } from './refinement.js';
import { byteSearchGraph } from './search-graph.js';
import { runTop, searchSession, type Candidates, type KeysToSearch, type ScoredKeys } from './scored-keys.js';
import { squaredDistance, squaredNorm, type Vectors } from './vectors.js';

/** The unsigned byte that stands for 0. */
const ZERO = 128;
/** Largest byte on either side of it. */
const LARGEST = 127;
const ROWS_AT_ONCE = 4096;
/** Roundings of a score beside those of its sum: of its steps and scales, and of the key in float32. */
const SCALINGS = 8;

/**
 * Keys as they lie in their file, a byte a component: a quarter of what float32 takes. Nothing is lost by it: scores are
 * exact products of bytes, and what a query loses as two parts of bytes is known.
 */
export class ByteKeys implements ScoredKeys {
  /** The product takes columns sixteen at a time, two of each query. */
  readonly queriesPerRun = 8;

  private constructor(
    readonly entries: number,
    private readonly session: InferenceSession,
    private readonly keys: ByteRows,
    private readonly tensors: Readonly<Record<'keys' | 'scales' | 'bias' | 'zero', Tensor>>,
    private readonly largestNorm: number,
  ) {}

  /** Reads the keys. @throws Error saying what is wrong with them */
  static async open(source: KeysToSearch): Promise<ByteKeys> {
    const { entries, dimension, threads } = source;
    const keys = await ByteRows.read(source);
    const [scales, bias] = [new Float32Array(entries), new Float32Array(entries)];
    let largest = 0;
    for (let entry = 0; entry < entries; entry++) {
      const norm = squaredNorm(keys.row(entry), 0);
      if (!Number.isFinite(norm))
        throw new Error(`the key of entry ${entry} has a component that is not finite`);
      largest = Math.max(largest, norm);
      scales[entry] = keys.scaleOf(entry);
      bias[entry] = -norm / 2;
    }
    const tensors = {
      keys: new Tensor('uint8', keys.bytes, [entries, dimension]),
      scales: new Tensor('float32', scales, [entries, 1]),
      bias: new Tensor('float32', bias, [entries, 1]),
      zero: new Tensor('uint8', Uint8Array.of(ZERO), []),
    };
    const session = await searchSession(byteSearchGraph(), threads);
    return new ByteKeys(entries, session, keys, tensors, Math.sqrt(largest));
  }

  async top(queries: Vectors, rows: readonly number[], count: number): Promise<Candidates> {
    const { parts, steps, lost } = inParts(queries, rows);
    const columns = 2 * rows.length;
    const inputs = {
      ...this.tensors,
      parts: new Tensor('uint8', parts, [queries.dimension, columns]),
      steps: new Tensor('float32', steps, [1, columns]),
    };
    const found = await runTop(this.session, inputs, count);
    const errors = Float64Array.from(rows, (row, position) => {
      const norm = Math.sqrt(squaredNorm(queries, row));
      const byParts = 2 * (lost[position] as number) * this.largestNorm;
      return byParts + roundingError(queries.dimension + SCALINGS, norm, this.largestNorm);
    });
    return { ...found, errors };
  }

  squaredDistance(queries: Vectors, row: number, entry: number): number {
    return squaredDistance(queries, row, this.keys.row(entry), 0);
  }
}

interface QueryParts {
  /** dimension x 2 queries, first parts before second ones. */
  readonly parts: Uint8Array;
  /** What a byte of each column stands for. */
  readonly steps: Float32Array;
  /** Length of what is left of each query. */
  readonly lost: Float64Array;
}

/** Queries as sums of two vectors of bytes: the second is what the first leaves. */
function inParts({ values, dimension }: Vectors, rows: readonly number[]): QueryParts {
  const count = rows.length;
  const parts = new Uint8Array(dimension * 2 * count).fill(ZERO);
  const steps = new Float32Array(2 * count);
  const lost = new Float64Array(count);
  for (const [position, row] of rows.entries()) {
    const rest = Float64Array.from(values.subarray(row * dimension, (row + 1) * dimension));
    for (const column of [position, count + position]) {
      const step = Math.fround(rest.reduce((most, value) => Math.max(most, Math.abs(value)), 0) / LARGEST);
      if (step === 0) continue;
      steps[column] = step;
      for (let i = 0; i < dimension; i++) {
        const byte = Math.min(LARGEST, Math.max(-LARGEST, Math.round((rest[i] as number) / step)));
        parts[i * 2 * count + column] = ZERO + byte;
        rest[i] = (rest[i] as number) - byte * step;
      }
    }
    lost[position] = Math.sqrt(rest.reduce((sum, value) => sum + value * value, 0));
  }
  return { parts, steps, lost };
}

/** Keys as their file has them: bytes, and a scale for each. */
class ByteRows {
  private constructor(
    private readonly dimension: number,
    /** Unsigned, entries x dimension. */
    readonly bytes: Uint8Array,
    private readonly scales: Float32Array,
    /** By which a key is divided; 1 where it is taken as it is. */
    private readonly lengths: Float64Array,
  ) {}

  static async read({ keysPath, dimension, entries, keyType, normalised }: KeysToSearch): Promise<ByteRows> {
    const width = bytesPerKey(keyType, dimension);
    const { size } = await stat(keysPath);
    if (size !== entries * width)
      throw new Error(`holds ${size} bytes, ${entries} x ${dimension} are ${entries * width}`);
    const bytes = new Uint8Array(entries * dimension);
    const [scales, lengths] = [new Float32Array(entries), new Float64Array(entries).fill(1)];
    const rows = new ByteRows(dimension, bytes, scales, lengths);
    const file = await KeyFile.at(keysPath, { representationSize: dimension, keyType, entries });
    try {
      for (let first = 0; first < entries; first += ROWS_AT_ONCE) {
        const run = Buffer.from((await file.bytes(first, Math.min(entries, first + ROWS_AT_ONCE))).buffer);
        for (let from = 0, entry = first; from < run.length; from += width, entry++) {
          scales[entry] = run.readFloatLE(from);
          for (let i = 0; i < dimension; i++)
            bytes[entry * dimension + i] = (run[from + SCALE_BYTES + i] as number) ^ ZERO;
          if (normalised) lengths[entry] = Math.sqrt(squaredNorm(rows.row(entry), 0)) || 1;
        }
      }
    } finally {
      await file.close();
    }
    return rows;
  }

  /** An entry's key in float32, as `decodeKeys` and `normaliseRows` make it. */
  row(entry: number): Vectors {
    const { dimension } = this;
    const values = new Float32Array(dimension);
    const [scale, length] = [this.scales[entry] as number, this.lengths[entry] as number];
    for (let i = 0; i < dimension; i++) {
      const byte = (this.bytes[entry * dimension + i] as number) - ZERO;
      values[i] = Math.fround(byte * scale) / length;
    }
    return { values, dimension };
  }

  /** What a byte of an entry stands for. */
  scaleOf(entry: number): number {
    return (this.scales[entry] as number) / (this.lengths[entry] as number);
  }
}
