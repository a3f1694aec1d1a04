import { describe, expect, it } from 'vitest';
import { parseProfile, type ScoringProfile } from '../../src/domain/profile.js';
import { encodeFloat16, encodeFloat32 } from '../../src/domain/float16.js';
import { replay } from '../../src/extraction/replay.js';
import { Scorer } from '../../src/extraction/scoring.js';
import type { Memory, MemoryEntry, SearchHits } from '../../src/memory/ports.js';

const LABELS = ['NIL', 'P19', 'P569'];

/** A memory on a line: an entry's key is one number. No real package can have keys with round distances. */
function memory(name: string, entries: readonly (readonly [key: number, label: string])[]): Memory {
  const entry = (index: number): MemoryEntry => ({
    id: `${name}-${index}`,
    text: `example ${index}`,
    subject: { start: 0, end: 7, type: 'PER' },
    object: { start: 8, end: 9, type: 'LOC' },
    label: entries[index]![1],
    origin: 'test',
  });
  const search = (queries: Float32Array, count: number, k: number): Promise<SearchHits> => {
    const found = Math.min(k, entries.length);
    const hits = Array.from({ length: count }, (_, query) =>
      entries
        .map(([key], index) => ({ index, distance: (key - queries[query]!) ** 2 }))
        .sort((a, b) => a.distance - b.distance || a.index - b.index)
        .slice(0, found),
    ).flat();
    return Promise.resolve({
      k: found,
      indices: Int32Array.from(hits, ({ index }) => index),
      squaredDistances: Float32Array.from(hits, ({ distance }) => distance),
    });
  };
  return { name, version: '2', size: entries.length, entry, search } as unknown as Memory;
}

const use = { memory: 'a', alpha: 1, k: 2, lambda: 0.5, temperature: 1, kernel: 'rbf' };
function profile(memories: object[], changes: object = {}): ScoringProfile {
  const calibration = { slope: 1, intercept: 0 };
  const rule = { nilRatio: 1, minimumProbability: 0, calibration };
  return parseProfile({ name: 'p', version: 3, model: 'm@1', memories, ...rule, ...changes });
}
const all = new Set(['P19', 'P569']);
const pair = (at: number, pRe: number[], permitted: ReadonlySet<string> = all) => ({
  representations: Float32Array.of(at),
  classifier: Float32Array.from(pRe),
  permitted: [permitted],
});

describe('scoring', () => {
  const near = memory('a', [
    [0, 'P19'],
    [2, 'NIL'],
    [9, 'P569'],
  ]);

  it('finds a relation that was taught by examples alone, under its own calibration', async () => {
    const taught = memory('a', [[0, 'P26']]);
    const scorer = new Scorer(LABELS, () => taught, ['P19', 'P26']);
    const [scored] = await scorer.score(
      pair(0, [0.9, 0.05, 0.05], new Set(['P19', 'P26'])),
      profile([{ ...use, lambda: 0.8 }], { calibrationByLabel: { P26: { slope: 1, intercept: 100 } } }),
    );
    expect(scored).toMatchObject({ label: 'P26', pRe: 0, pKnn: 1 });
    expect(scored?.p).toBeCloseTo(0.8, 12);
    expect(scored?.confidence).toBeCloseTo(1, 9);
  });

  it('mixes the votes of the nearest with the classifier', async () => {
    const scorer = new Scorer(LABELS, () => near);
    // From 1 both neighbours are as far: half a vote each.
    const [scored] = await scorer.score(pair(1, [0.25, 0.5, 0.25]), profile([use]));
    expect(scored).toMatchObject({ label: 'P19', pRe: 0.5, pKnn: 0.5, p: 0.5 });
    expect(scored?.confidence).toBeCloseTo(0.5, 12);
    expect(
      scored?.neighbours.map(({ entry, rank, weight, squaredDistance }) => [
        entry,
        rank,
        weight,
        squaredDistance,
      ]),
    ).toEqual([
      ['a-0', 1, 0.5, 1],
      ['a-1', 2, 0.5, 1],
    ]);
    expect(scored?.neighbours[0]).toMatchObject({
      memory: 'a',
      memoryVersion: '2',
      label: 'P19',
      text: 'example 0',
    });
  });

  it('lists the voters of several memories by memory, then rank', async () => {
    const memories = { a: near, b: memory('b', [[1, 'P569']]) };
    const scorer = new Scorer(LABELS, (name) => memories[name as 'a' | 'b']);
    const uses = [
      { ...use, alpha: 0.25, lambda: 1 },
      { ...use, memory: 'b', alpha: 0.75, lambda: 1 },
    ];
    const [scored] = await scorer.score(pair(1, [1, 0, 0]), profile(uses));
    expect(scored?.neighbours.map(({ entry }) => entry)).toEqual(['a-0', 'a-1', 'b-0']);
    expect(scored).toMatchObject({ label: 'P569', p: 0.75, pKnn: 0.75, pRe: 0 });
  });

  it('without memories is the classifier alone', async () => {
    const scorer = new Scorer(LABELS, () => near);
    const [scored] = await scorer.score(pair(1, [0.25, 0.75, 0]), profile([]));
    expect(scored).toMatchObject({ label: 'P19', p: 0.75, pKnn: 0, neighbours: [] });
  });

  it('of a memory without entries is the classifier alone', async () => {
    const scorer = new Scorer(LABELS, () => memory('a', []));
    const [scored] = await scorer.score(pair(1, [0.25, 0.75, 0]), profile([use]));
    expect(scored).toMatchObject({ label: 'P19', p: 0.75, neighbours: [] });
  });

  it('chooses only what the pair may hold, and has no confidence in NIL', async () => {
    const scorer = new Scorer(LABELS, () => near);
    const [scored] = await scorer.score(pair(9, [0.3, 0.1, 0.6], new Set(['P19'])), profile([]));
    expect(scored).toMatchObject({ label: 'NIL', confidence: null });
    expect(scored?.pRe).toBeCloseTo(0.3, 6);
  });

  it('names the memory whose label the model does not know', async () => {
    const scorer = new Scorer(LABELS, () => memory('a', [[0, 'P1']]));
    await expect(scorer.score(pair(0, [1, 0, 0]), profile([use]))).rejects.toMatchObject({
      code: 'MEMORY_MODEL_MISMATCH',
    });
  });

  it('of nothing asks nobody', async () => {
    const scorer = new Scorer(LABELS, () => {
      throw new Error('asked');
    });
    const none = { representations: new Float32Array(), classifier: new Float32Array(), permitted: [] };
    expect(await scorer.score(none, profile([use]))).toEqual([]);
  });

  it('is the same from what was stored', async () => {
    const scorer = new Scorer(LABELS, () => near);
    const pairs = pair(1.5, [0.25, 0.5, 0.25]);
    const stored = {
      representation: encodeFloat16(pairs.representations),
      classifier: encodeFloat32(pairs.classifier),
      permitted: all,
    };
    const again = await replay(scorer, [stored, stored], profile([use]));
    expect(again[1]).toEqual((await scorer.score(pairs, profile([use])))[0]);
    expect(await replay(scorer, [], profile([use]))).toEqual([]);
    const other = { ...stored, representation: new Uint8Array(4) };
    await expect(replay(scorer, [stored, other], profile([use]))).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      path: ['predictions', 1, 'representation'],
    });
  });
});
