import fc from 'fast-check';
import { expect, test } from 'vitest';
import { softmax } from '../../src/domain/mixture.js';
import { TagSet } from '../../src/inference/tagging.js';

const TAGS = ['O', 'B-PER', 'I-PER', 'B-LOC', 'I-LOC'];
const tags = new TagSet(TAGS);

/** Logits that favour the named tag of each word. */
function favouring(...names: string[]): Float32Array {
  return Float32Array.from(names.flatMap((name) => TAGS.map((tag) => (tag === name ? 4 : 0))));
}

test('a mention is a begin tag and the inside tags of its type behind it', () => {
  expect(tags.decode(favouring('B-PER', 'I-PER', 'O', 'B-LOC', 'B-LOC'))).toMatchObject([
    { first: 0, last: 1, type: 'PER' },
    { first: 3, last: 3, type: 'LOC' },
    { first: 4, last: 4, type: 'LOC' },
  ]);
});

test('an inside tag without a beginning is not taken as it stands', () => {
  for (const { first, last, type } of tags.decode(favouring('O', 'I-PER', 'I-PER', 'O')))
    expect({ first, last, type }).toEqual({ first: 1, last: 2, type: 'PER' });
});

test('the score is the geometric mean of the probabilities of the words', () => {
  const logits = Float32Array.from([0, 2, 0, 0, 0, 0, 0, 1, 0, 0]);
  const [one] = tags.decode(logits);
  const expected = Math.sqrt(softmax(logits, 0, 5)[1]! * softmax(logits, 5, 5)[2]!);
  expect(one).toMatchObject({ first: 0, last: 1, type: 'PER' });
  expect(one!.score).toBeCloseTo(expected, 12);
});

test('no words have no mentions', () => {
  expect(tags.decode(new Float32Array(0))).toEqual([]);
});

test('the decoded sequence is the most probable of all valid ones', () => {
  const logit = fc.float({ min: -5, max: 5, noNaN: true });
  fc.assert(
    fc.property(
      fc.array(fc.array(logit, { minLength: 5, maxLength: 5 }), { minLength: 1, maxLength: 4 }),
      (words) => {
        const best = Math.max(...validPaths(words.length).map((path) => score(words, path)));
        const found = pathOf(words.length, tags.decode(Float32Array.from(words.flat())));
        expect(score(words, found)).toBeCloseTo(best, 4);
      },
    ),
  );
});

test.each(['X-PER', 'B-DOG', 'B-PRON', ''])('the label %j is no tag', (label) => {
  expect(() => new TagSet(['O', label])).toThrow(
    expect.objectContaining({ code: 'MODEL_CORRUPT', path: ['card.json', 'labels', 1] }),
  );
});

function validPaths(length: number): number[][] {
  if (length === 0) return [[]];
  return validPaths(length - 1).flatMap((path) =>
    TAGS.map((name, tag) => ({ name, tag }))
      .filter(
        ({ name }) =>
          !name.startsWith('I-') || (path.length > 0 && TAGS[path.at(-1)!]!.endsWith(name.slice(1))),
      )
      .map(({ tag }) => [...path, tag]),
  );
}

function score(words: readonly number[][], path: readonly number[]): number {
  return path.reduce((total, tag, word) => total + Math.log(softmax(words[word]!)[tag]!), 0);
}

function pathOf(length: number, mentions: ReturnType<TagSet['decode']>): number[] {
  const path = new Array<number>(length).fill(0);
  for (const { first, last, type } of mentions)
    for (let word = first; word <= last; word++)
      path[word] = TAGS.indexOf(`${word === first ? 'B' : 'I'}-${type}`);
  return path;
}
