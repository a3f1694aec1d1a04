import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { bytesPerKey, decodeKeys } from '../key-codec.js';
import { normaliseRows } from '../vectors.js';
import type { KeySource } from './messages.js';

/** Reads keys from their file, synchronously: for processes that do nothing else. */
export class KeyRows {
  private readonly file: number;
  private readonly width: number;

  /** @throws Error for a file of another size than its entries have */
  constructor(readonly source: KeySource) {
    this.width = bytesPerKey(source.keyType, source.dimension);
    this.file = openSync(source.keysPath, 'r');
    const { size } = fstatSync(this.file);
    if (size === source.entries * this.width) return;
    closeSync(this.file);
    throw new Error(
      `${source.keysPath} has ${size} bytes, ${source.entries} keys have ${source.entries * this.width}`,
    );
  }

  /** Rows start..end-1, scaled to length 1 where the memory is normalised. */
  rows(start: number, end: number): Float32Array {
    const bytes = new Uint8Array((end - start) * this.width);
    for (let read = 0; read < bytes.length;) {
      const more = readSync(this.file, bytes, read, bytes.length - read, start * this.width + read);
      if (more === 0) throw new Error(`${this.source.keysPath} ends before row ${end}`);
      read += more;
    }
    const values = decodeKeys(bytes, this.source.dimension, this.source.keyType);
    if (this.source.normalised) normaliseRows({ values, dimension: this.source.dimension });
    return values;
  }

  /** All rows, in runs of `size`. */
  *batches(size: number): Generator<{ readonly first: number; readonly values: Float32Array }> {
    for (let first = 0; first < this.source.entries; first += size)
      yield { first, values: this.rows(first, Math.min(this.source.entries, first + size)) };
  }

  close(): void {
    closeSync(this.file);
  }
}
