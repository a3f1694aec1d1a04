import { readdir } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { LabelledText } from '../../src/datasets/ports.js';
import {
  examplesOfTexts,
  GoldMemory,
  labelledRows,
  REPRESENTATIONS,
  type GoldMemoryContent,
} from '../../src/evaluation/gold-memory.js';
import type { GoldPairs } from '../../src/evaluation/gold-pairs.js';
import { LabelMapping } from '../../src/memory/building/label-mapping.js';
import { temporaryFolder } from '../memory/temporary.js';

const TEXT: LabelledText = {
  id: 'a',
  origin: 'a.json:1',
  text: 'Ann wed Bo in Rome',
  mentions: [
    { start: 0, end: 3, type: 'PER' },
    { start: 8, end: 10, type: 'PER' },
    { start: 14, end: 18, type: 'LOC' },
  ],
  relations: [
    { subject: 0, object: 1, label: 'wed' },
    { subject: 0, object: 1, label: 'knows' },
    { subject: 1, object: 2, label: 'home-of' },
  ],
  judged: 'all-in-sentence',
};
/** Ann and Bo, Bo and Ann, Bo and Rome, Rome and Bo. */
const PAIRS: GoldPairs = {
  count: 4,
  document: Int32Array.of(0, 0, 0, 0),
  mentions: Int32Array.of(0, 1, 1, 0, 1, 2, 2, 1),
  representations: Float32Array.of(3, 0, 0, 4, 30, 1, 1, 1),
  representationSize: 2,
  classifier: new Float32Array(4),
  encoderLabels: 1,
};

async function memoryOf(changes: Partial<GoldMemoryContent> = {}): Promise<GoldMemory> {
  const memory = await GoldMemory.open({
    name: 'train',
    pairs: PAIRS,
    rows: labelledRows([TEXT], PAIRS),
    representation: 'raw',
    example: examplesOfTexts([TEXT], PAIRS),
    ...changes,
  });
  onTestFinished(() => memory.close());
  return memory;
}

describe('gold pairs as a memory', () => {
  it('are a row for each label of a pair, and NIL where there is none', () => {
    expect(labelledRows([TEXT], PAIRS)).toEqual([
      { row: 0, label: 'wed' },
      { row: 0, label: 'knows' },
      { row: 1, label: 'NIL' },
      { row: 2, label: 'home-of' },
      { row: 3, label: 'NIL' },
    ]);
    const mapping = LabelMapping.parse({
      labels: { 'home-of': { label: 'P551', inverse: true }, knows: null, wed: 'P26' },
    });
    expect(labelledRows([TEXT], PAIRS, mapping)).toEqual([
      { row: 0, label: 'P26' },
      { row: 1, label: 'NIL' },
      { row: 2, label: 'NIL' },
      { row: 3, label: 'P551' },
    ]);
  });

  it('say what their texts say', async () => {
    const memory = await memoryOf();
    expect(memory.size).toBe(5);
    expect([memory.labelOf(1), memory.labelOf(4)]).toEqual(['knows', 'NIL']);
    expect(memory.entry(3)).toMatchObject({
      ...{ label: 'home-of', text: TEXT.text, origin: 'a.json:1' },
      subject: { start: 8, end: 10, type: 'PER' },
      object: { start: 14, end: 18, type: 'LOC' },
    });
    expect(() => memory.entry(5)).toThrow(RangeError);
  });

  it.each([
    // Raw distances, distances of directions, and of vectors with mean 0 and variance 1.
    ['raw', [2, 2], [4, 0]],
    ['unit', [1, 1], [4, 3]],
    ['layer', [5, 1], [0, 1, 3]],
  ] as const)('are searched by %s representations', async (representation, query, nearest) => {
    const memory = await memoryOf({ representation });
    const hits = await memory.search(Float32Array.from(query), 1, nearest.length);
    expect([...hits.indices]).toEqual(nearest);
  });

  it.each(REPRESENTATIONS)('leave the queries of a search as they were: %s', async (representation) => {
    const memory = await memoryOf({ representation });
    const queries = Float32Array.of(3, 1, 2, 2);
    await memory.search(queries, 2, 3);
    expect([...queries]).toEqual([3, 1, 2, 2]);
  });

  it('find under `layer` whatever scale and offset a query has', async () => {
    const memory = await memoryOf({ representation: 'layer' });
    const near = await memory.search(Float32Array.of(5, 1), 1, 5);
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 100 }),
        fc.integer({ min: -50, max: 50 }),
        async (by, plus) => {
          const query = Float32Array.of(5 * by + plus, by + plus);
          expect([...(await memory.search(query, 1, 5)).indices]).toEqual([...near.indices]);
        },
      ),
      { numRuns: 25 },
    );
  });

  it('of which there is none are refused', async () => {
    await expect(memoryOf({ rows: [] })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', path: ['rows'] });
  });

  it('leave no file behind', async () => {
    const folder = await temporaryFolder();
    vi.stubEnv('TMPDIR', folder);
    onTestFinished(() => {
      vi.unstubAllEnvs();
    });
    await memoryOf();
    expect((await readdir(folder)).filter((name) => name.startsWith('neighborkb-'))).toEqual([]);
  });
});
