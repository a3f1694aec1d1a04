import { expect, test } from 'vitest';
import { CASING_CLASSES, casingClass } from '../../src/inference/casing.js';

test.each([
  ['paris', 'lower'],
  ['Paris', 'title'],
  ['PARIS', 'upper'],
  ['McDonald', 'mixed'],
  ['iPhone', 'mixed'],
  ['A', 'title'],
  ['a', 'lower'],
  ['U2', 'digit'],
  ['1879', 'digit'],
  ['٣', 'digit'],
  [',', 'none'],
  ['東', 'none'],
  ['שלום', 'none'],
  ['Émile', 'title'],
  ['ÉMILE', 'upper'],
  ['ǅ', 'title'],
  ['Straße', 'title'],
  ['𝔘', 'title'],
  ['', 'none'],
])('%s is written %s', (word, name) => {
  expect(CASING_CLASSES[casingClass(word)]).toBe(name);
});
