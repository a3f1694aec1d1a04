import { expect, test } from 'vitest';
import { argmax } from '../../src/domain/mixture.js';
import type { EncodedPairs, MarkedMention, PairsOfSentence } from '../../src/inference/ports.js';
import { realEncoder, schema } from './real-models.js';

const encoder = await realEncoder(2);

/** A sentence with marks `[surface|TYPE]`; all ordered pairs unless some are given. */
function sentence(marked: string, pairs?: [number, number][]): PairsOfSentence {
  const mentions: MarkedMention[] = [];
  let text = '';
  for (const part of marked.split(/(\[[^\]]+\])/)) {
    const [, surface, type] = /^\[(.+)\|(\w+)\]$/.exec(part) ?? [];
    if (surface)
      mentions.push({
        start: text.length,
        end: text.length + surface.length,
        type: type as MarkedMention['type'],
      });
    text += surface ?? part;
  }
  const all = mentions.flatMap((_, subject) =>
    mentions.map((_, object) => [subject, object] as [number, number]),
  );
  const chosen = pairs ?? all.filter(([subject, object]) => subject !== object);
  return { text, mentions, pairs: chosen.map(([subject, object]) => ({ subject, object })) };
}

const CURIE = sentence('[Marie Curie|PER] was born in [Warsaw|LOC] in [1867|TIME].');
const NILE = sentence('The [Nile|LOC] flows through [Egypt|LOC].');

test('labels are NIL and every predicate of the schema', () => {
  expect(encoder.labels[0]).toBe('NIL');
  for (const { id } of schema.predicates) expect(encoder.labels).toContain(id);
});

test('a birthplace and a birth date are told apart', async () => {
  const [{ logits }] = (await encoder.encode([
    sentence('[Marie Curie|PER] was born in [Warsaw|LOC] in [1867|TIME].', [
      [0, 1],
      [0, 2],
      [1, 2],
    ]),
  ])) as [EncodedPairs];
  const width = encoder.labels.length;
  const labels = [0, 1, 2].map(
    (row) => encoder.labels[argmax(logits.subarray(row * width, (row + 1) * width))],
  );
  expect(labels).toEqual(['P19', 'P569', 'NIL']);
});

test('a sentence is encoded bit by bit the same alone, among others and in any order', async () => {
  const together = await encoder.encode([CURIE, NILE, CURIE]);
  expect(together[2]).toEqual(together[0]);
  expect((await encoder.encode([NILE, CURIE])).reverse()).toEqual(together.slice(0, 2));
});

test('no pairs, and pairs of no sentences, encode to nothing', async () => {
  expect(await encoder.encode([])).toEqual([]);
  const [{ representations, logits }] = (await encoder.encode([sentence('[Ann|PER] slept.', [])])) as [
    EncodedPairs,
  ];
  expect([representations.length, logits.length]).toEqual([0, 0]);
});

test('pairs that fill several passes come back in their order', async () => {
  const names = Array.from({ length: 9 }, (_, i) => `[Person${i}|PER]`).join(', ');
  const crowd = sentence(`${names} met.`);
  expect(crowd.pairs.length).toBeGreaterThan(encoder.card.maxPairsPerPass * 2);
  const [all] = await encoder.encode([crowd]);
  const reversed = { ...crowd, pairs: [...crowd.pairs].reverse() };
  const [backwards] = await encoder.encode([reversed]);
  const size = encoder.representationSize;
  for (const row of [0, 31, 71]) {
    const one = all!.representations.subarray(row * size, (row + 1) * size);
    const other = backwards!.representations.subarray((71 - row) * size, (72 - row) * size);
    // Other pairs share the pass now, which moves int8 scales a little; the pair is the same.
    expect(cosine(one, other)).toBeGreaterThan(0.98);
  }
});

test('in a text that is longer than the model reads, near and far pairs are encoded', async () => {
  const filler = 'Guests arrived by train and left by boat, '.repeat(60);
  const long = sentence(
    `${filler}[Marie Curie|PER] was born in [Warsaw|LOC], ${filler}and far away [Egypt|LOC] slept.`,
    [
      [0, 1],
      [0, 2],
    ],
  );
  const [{ representations, logits }] = (await encoder.encode([long])) as [EncodedPairs];
  expect(representations.every(Number.isFinite)).toBe(true);
  expect(encoder.labels[argmax(logits.subarray(0, encoder.labels.length))]).toBe('P19');
});

test('a mention that covers no word is refused by its place', async () => {
  const blank: PairsOfSentence = {
    text: 'Ann \u200b slept',
    mentions: [
      { start: 0, end: 3, type: 'PER' },
      { start: 4, end: 5, type: 'LOC' },
    ],
    pairs: [{ subject: 0, object: 1 }],
  };
  await expect(encoder.encode([CURIE, blank])).rejects.toMatchObject({
    code: 'INVALID_MENTION',
    path: ['sentences', 1, 'mentions', 1],
  });
});

test('a pair of a mention that is not there is refused by its place', async () => {
  await expect(encoder.encode([{ ...CURIE, pairs: [{ subject: 0, object: 9 }] }])).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
    path: ['sentences', 0, 'pairs', 0, 'object'],
  });
});

function cosine(a: Float32Array, b: Float32Array): number {
  let product = 0;
  for (let i = 0; i < a.length; i++) product += a[i]! * b[i]!;
  return product / (Math.hypot(...a) * Math.hypot(...b));
}
