/**
 * IEEE 754 binary16: how relation representations are stored, and so what is searched with. A stored
 * prediction replays exactly because its representation was rounded before the first search.
 */

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** Value of every half-precision bit pattern: 256 KiB that make decoding a look-up. */
const VALUES = Float32Array.from({ length: 0x10000 }, (_, half) => valueOf(half));

/** Bit pattern of the half-precision number nearest to `value`, ties to even; past 65,520 it is infinite. */
export function toFloat16Bits(value: number): number {
  float[0] = value;
  const single = bits[0] as number;
  const sign = (single >>> 16) & 0x8000;
  const magnitude = single & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00; // NaN
  if (magnitude >= 0x477ff000) return sign | 0x7c00; // rounds to infinity
  if (magnitude >= 0x38800000) {
    // Normal: rebias the exponent from 127 to 15 and round the 13 bits that fall off, to even.
    const rebiased = magnitude - 0x38000000;
    return sign | ((rebiased + 0xfff + ((rebiased >>> 13) & 1)) >>> 13);
  }
  if (magnitude < 0x33000000) return sign; // below half of the smallest subnormal
  // Subnormal: a multiple of 2^-24.
  const exponent = magnitude >>> 23;
  const significand = (magnitude & 0x7fffff) | 0x800000;
  const shift = 126 - exponent;
  const kept = significand >>> shift;
  const lost = significand & ((1 << shift) - 1);
  const half = 1 << (shift - 1);
  return sign | (lost > half || (lost === half && (kept & 1) === 1) ? kept + 1 : kept);
}

/** The number that a half-precision bit pattern (0..0xffff) stands for; exact. */
export function fromFloat16Bits(half: number): number {
  return VALUES[half] as number;
}

/** Values as float16 little-endian, 2 bytes each, whatever the machine's byte order. */
export function encodeFloat16(values: ArrayLike<number>): Uint8Array {
  const bytes = new Uint8Array(values.length * 2);
  for (let i = 0; i < values.length; i++) {
    const half = toFloat16Bits(values[i] as number);
    bytes[2 * i] = half & 0xff;
    bytes[2 * i + 1] = half >>> 8;
  }
  return bytes;
}

/** The inverse of `encodeFloat16`. @throws RangeError for an odd number of bytes */
export function decodeFloat16(bytes: Uint8Array): Float32Array {
  if (bytes.length % 2 !== 0) throw new RangeError(`float16 data of ${bytes.length} bytes: must be even`);
  const values = new Float32Array(bytes.length / 2);
  for (let i = 0; i < values.length; i++)
    values[i] = VALUES[(bytes[2 * i] as number) | ((bytes[2 * i + 1] as number) << 8)] as number;
  return values;
}

/** Rounds each value in place to the nearest half-precision number. */
export function roundToFloat16(values: Float32Array): Float32Array {
  for (let i = 0; i < values.length; i++) values[i] = VALUES[toFloat16Bits(values[i] as number)] as number;
  return values;
}

/** Values as float32 little-endian, 4 bytes each. */
export function encodeFloat32(values: ArrayLike<number>): Uint8Array {
  const bytes = new Uint8Array(values.length * 4);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < values.length; i++) view.setFloat32(4 * i, values[i] as number, true);
  return bytes;
}

/** The inverse of `encodeFloat32`. @throws RangeError unless the bytes are a multiple of four */
export function decodeFloat32(bytes: Uint8Array): Float32Array {
  if (bytes.length % 4 !== 0)
    throw new RangeError(`float32 data of ${bytes.length} bytes: must be a multiple of 4`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Float32Array.from({ length: bytes.length / 4 }, (_, i) => view.getFloat32(4 * i, true));
}

function valueOf(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >>> 10) & 0x1f;
  const significand = half & 0x3ff;
  if (exponent === 0x1f) return significand === 0 ? sign * Infinity : NaN;
  if (exponent === 0) return sign * significand * 2 ** -24;
  return sign * (1 + significand / 1024) * 2 ** (exponent - 15);
}
