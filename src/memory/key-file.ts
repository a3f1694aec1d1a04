import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { bytesPerKey, decodeKeys } from './key-codec.js';
import { KEYS_FILE } from './manifest.js';
import type { MemoryManifest } from './ports.js';

/** What of a manifest says how keys lie in their file. */
export type KeyLayout = Pick<MemoryManifest, 'representationSize' | 'keyType' | 'entries'>;

/** Reads rows of a package's keys from their file, a few at a time. */
export class KeyFile {
  private constructor(
    private readonly file: FileHandle,
    private readonly manifest: KeyLayout,
  ) {}

  /** The package must have been verified: `readPackage` does. */
  static async open(directory: string, manifest: KeyLayout): Promise<KeyFile> {
    return KeyFile.at(join(directory, KEYS_FILE), manifest);
  }

  /** A file of keys that is in no package yet, or whose package is not at hand. */
  static async at(path: string, layout: KeyLayout): Promise<KeyFile> {
    return new KeyFile(await open(path, 'r'), layout);
  }

  /** @returns (end - start) x representationSize raw keys, as stored */
  async rows(start: number, end: number): Promise<Float32Array> {
    const { representationSize, keyType } = this.manifest;
    return decodeKeys(await this.bytes(start, end), representationSize, keyType);
  }

  /** @returns the same rows as their bytes, `bytesPerKey` each */
  async bytes(start: number, end: number): Promise<Uint8Array> {
    const { representationSize, keyType } = this.manifest;
    const width = bytesPerKey(keyType, representationSize);
    const bytes = new Uint8Array((end - start) * width);
    let read = 0;
    while (read < bytes.length) {
      const { bytesRead } = await this.file.read(bytes, read, bytes.length - read, start * width + read);
      if (bytesRead === 0) throw new RangeError(`rows ${start} to ${end} lie behind the end of ${KEYS_FILE}`);
      read += bytesRead;
    }
    return bytes;
  }

  /** All keys in runs of rows, in order. */
  async *batches(size: number): AsyncGenerator<{ readonly first: number; readonly keys: Float32Array }> {
    for (let first = 0; first < this.manifest.entries; first += size)
      yield { first, keys: await this.rows(first, Math.min(this.manifest.entries, first + size)) };
  }

  close(): Promise<void> {
    return this.file.close();
  }
}
