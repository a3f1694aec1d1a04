import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type JsonLine, readJsonLines } from '../../src/domain/json-lines.js';

async function* chunksOf(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
}

async function read(content: string | Uint8Array, size = 7, maxLineBytes = 1000): Promise<JsonLine[]> {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  const lines: JsonLine[] = [];
  for await (const line of readJsonLines(chunksOf(bytes, size), { maxLineBytes })) lines.push(line);
  return lines;
}

describe('JSON lines', () => {
  it('come back whole however the bytes are cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.jsonValue()), fc.integer({ min: 1, max: 40 }), async (values, size) => {
        // As JSON has them: -0 becomes 0.
        const expected = values.map((value) => JSON.parse(JSON.stringify(value)) as unknown);
        const lines = await read(expected.map((value) => JSON.stringify(value)).join('\n'), size, 1e6);
        expect(lines.map((line) => (line.ok ? line.value : line.error))).toEqual(expected);
      }),
    );
  });

  it('may have blank lines, carriage returns, a byte order mark and no last newline', async () => {
    const lines = await read('\ufeff{"a":1}\r\n\n  \n{"a":2}');
    expect(lines).toEqual([
      { ok: true, line: 1, value: { a: 1 } },
      { ok: true, line: 4, value: { a: 2 } },
    ]);
  });

  it('that are bad are named by their number, and the others are kept', async () => {
    const lines = await read(`{"a":1}\n{"a":\n"${'x'.repeat(50)}"\n{"a":2}\n`, 7, 40);
    expect(lines.map((line) => (line.ok ? line.value : [line.line, line.error.code]))).toEqual([
      { a: 1 },
      [2, 'INVALID_FILE'],
      [3, 'INVALID_FILE'],
      { a: 2 },
    ]);
  });

  it('that are not UTF-8 are refused', async () => {
    const lines = await read(Uint8Array.from([0x22, 0xff, 0x22, 0x0a, 0x31]));
    expect(lines.map((line) => (line.ok ? line.value : line.error.code))).toEqual(['MALFORMED_TEXT', 1]);
  });
});
