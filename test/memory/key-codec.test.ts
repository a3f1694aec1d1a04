import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytesPerKey, decodeKeys, encodeKeys, KEY_TYPES } from '../../src/memory/key-codec.js';

const finite = fc.float({ min: -60_000, max: 60_000, noNaN: true });
const rows = fc.array(fc.array(finite, { minLength: 5, maxLength: 5 }), { maxLength: 6 });

test('float32 keys come back as they were', () => {
  fc.assert(
    fc.property(rows, (values) => {
      const keys = Float32Array.from(values.flat());
      expect(decodeKeys(encodeKeys(keys, 5, 'float32'), 5, 'float32')).toEqual(keys);
    }),
  );
});

test('an int8 component is off by half a step of its row at most', () => {
  fc.assert(
    fc.property(rows, (values) => {
      const decoded = decodeKeys(encodeKeys(Float32Array.from(values.flat()), 5, 'int8'), 5, 'int8');
      for (const [row, components] of values.entries()) {
        const step = Math.max(...components.map(Math.abs)) / 127;
        for (const [i, value] of components.entries())
          expect(Math.abs(decoded[row * 5 + i]! - value)).toBeLessThanOrEqual(step * 0.5001 + 1e-40);
      }
    }),
  );
});

test.each(KEY_TYPES)('%s keys take the bytes that are stated', (type) => {
  expect(encodeKeys(new Float32Array(3 * 7), 7, type).length).toBe(3 * bytesPerKey(type, 7));
});

test.each(KEY_TYPES)('half a %s key is refused', (type) => {
  expect(() => decodeKeys(new Uint8Array(bytesPerKey(type, 4) + 1), 4, type)).toThrow(RangeError);
});
