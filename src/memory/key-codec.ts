import { decodeFloat16, decodeFloat32, encodeFloat16, encodeFloat32 } from '../domain/float16.js';

/**
 * How the components of keys are kept in keys.bin, row after row, little-endian:
 * `float32` and `float16` as they are; `int8` a float32 scale and then one signed byte a component, each standing
 * for byte x scale, where scale = the row's largest magnitude / 127 (about half the space of float16, and an error
 * of at most scale / 2 a component).
 */
export const KEY_TYPES = ['int8', 'float16', 'float32'] as const;
export type KeyType = (typeof KEY_TYPES)[number];

/** Bytes of the scale before the components of an int8 key. */
export const SCALE_BYTES = 4;

/** Bytes of one key. */
export function bytesPerKey(type: KeyType, dimension: number): number {
  if (type === 'int8') return SCALE_BYTES + dimension;
  return dimension * (type === 'float16' ? 2 : 4);
}

/** Largest magnitude that a component may have. */
export function largestComponent(type: KeyType): number {
  return type === 'float16' ? 65_504 : 3.4028234663852886e38;
}

/** @param keys entries x dimension, finite, row-major */
export function encodeKeys(keys: Float32Array, dimension: number, type: KeyType): Uint8Array {
  if (type === 'float16') return encodeFloat16(keys);
  if (type === 'float32') return encodeFloat32(keys);
  const width = bytesPerKey(type, dimension);
  const entries = keys.length / dimension;
  const bytes = new Uint8Array(entries * width);
  const view = new DataView(bytes.buffer);
  for (let entry = 0; entry < entries; entry++) {
    const row = keys.subarray(entry * dimension, (entry + 1) * dimension);
    const largest = row.reduce((magnitude, value) => Math.max(magnitude, Math.abs(value)), 0);
    const scale = Math.fround(largest / 127);
    view.setFloat32(entry * width, scale, true);
    // A row of zeros, or of numbers too small to tell apart, is stored as zeros.
    if (scale === 0) continue;
    for (let i = 0; i < dimension; i++) {
      const step = Math.round((row[i] as number) / scale);
      view.setInt8(entry * width + SCALE_BYTES + i, Math.min(127, Math.max(-127, step)));
    }
  }
  return bytes;
}

/** The inverse of `encodeKeys`, up to rounding. @throws RangeError if the bytes are no whole number of keys */
export function decodeKeys(bytes: Uint8Array, dimension: number, type: KeyType): Float32Array {
  const width = bytesPerKey(type, dimension);
  if (bytes.length % width !== 0)
    throw new RangeError(`${bytes.length} bytes are no whole number of ${type} keys of ${dimension}`);
  if (type === 'float16') return decodeFloat16(bytes);
  if (type === 'float32') return decodeFloat32(bytes);
  const entries = bytes.length / width;
  const keys = new Float32Array(entries * dimension);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let entry = 0; entry < entries; entry++) {
    const scale = view.getFloat32(entry * width, true);
    const begin = entry * width + SCALE_BYTES;
    for (let i = 0; i < dimension; i++) keys[entry * dimension + i] = view.getInt8(begin + i) * scale;
  }
  return keys;
}
