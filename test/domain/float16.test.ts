import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeFloat16,
  decodeFloat32,
  encodeFloat16,
  encodeFloat32,
  fromFloat16Bits,
  roundToFloat16,
  toFloat16Bits,
} from '../../src/domain/float16.js';

describe('half precision', () => {
  it.each([
    [0, 0x0000],
    [-0, 0x8000],
    [1, 0x3c00],
    [-2, 0xc000],
    [65504, 0x7bff],
    [65519.99, 0x7bff],
    [65520, 0x7c00],
    [Infinity, 0x7c00],
    [-Infinity, 0xfc00],
    [2 ** -14, 0x0400],
    [2 ** -24, 0x0001],
    [2 ** -25, 0x0000],
    [2 ** -25 * 1.001, 0x0001],
    [1 + 2 ** -11, 0x3c00],
    [1 + 3 * 2 ** -11, 0x3c02],
    [1 / 3, 0x3555],
  ])('of %s has the bits of IEEE 754', (value, bits) => {
    expect(toFloat16Bits(value)).toBe(bits);
  });

  it('keeps every number that it can hold', () => {
    const changed: number[] = [];
    for (let bits = 0; bits < 0x10000; bits++) {
      const value = fromFloat16Bits(bits);
      const again = toFloat16Bits(value);
      // NaN has many patterns and comes back as one of them.
      if (Number.isNaN(value) ? !Number.isNaN(fromFloat16Bits(again)) : again !== bits) changed.push(bits);
    }
    expect(changed).toEqual([]);
  });

  it('of any number is the nearest one, ties to even', () => {
    const value = fc.float({ noNaN: true, min: -65504, max: 65504 });
    fc.assert(
      fc.property(value, (number) => {
        const bits = toFloat16Bits(number);
        const distance = Math.abs(fromFloat16Bits(bits) - number);
        for (const other of [bits - 1, bits + 1]) {
          if ((other & 0x7fff) > 0x7bff || other < 0 || (other & 0x8000) !== (bits & 0x8000)) continue;
          const otherDistance = Math.abs(fromFloat16Bits(other) - number);
          expect(distance).toBeLessThanOrEqual(otherDistance);
          if (distance === otherDistance) expect(bits & 1).toBe(0);
        }
      }),
    );
  });

  it('comes back from its bytes, little-endian, and is stable under rounding', () => {
    fc.assert(
      fc.property(fc.float32Array({ noNaN: true, min: -1000, max: 1000 }), (values) => {
        const rounded = roundToFloat16(values.slice());
        expect(decodeFloat16(encodeFloat16(values))).toEqual(rounded);
        expect(encodeFloat16(rounded)).toEqual(encodeFloat16(values));
      }),
    );
    expect([...encodeFloat16([1])]).toEqual([0x00, 0x3c]);
    expect(() => decodeFloat16(new Uint8Array(3))).toThrow(RangeError);
  });
});

describe('single precision', () => {
  it('comes back from its bytes wherever they lie in a buffer', () => {
    fc.assert(
      fc.property(fc.float32Array(), fc.integer({ min: 0, max: 7 }), (values, offset) => {
        const bytes = encodeFloat32(values);
        const moved = new Uint8Array(bytes.length + offset);
        moved.set(bytes, offset);
        expect(decodeFloat32(moved.subarray(offset))).toEqual(values);
      }),
    );
    expect([...encodeFloat32([1])]).toEqual([0, 0, 0x80, 0x3f]);
    expect(() => decodeFloat32(new Uint8Array(6))).toThrow(RangeError);
  });
});
