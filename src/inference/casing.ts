/**
 * Casing classes of words. The vocabulary is uncased, so the models read how a word is written from its class.
 * Ids are the models' input and must equal those of `training/neighborkb_training/text.py`.
 */
export const CASING_CLASSES = ['none', 'lower', 'title', 'upper', 'mixed', 'digit'] as const;

const NONE = 0;
const LOWER = 1;
const TITLE = 2;
const UPPER = 3;
const MIXED = 4;
const DIGIT = 5;

const IS_UPPER = /^[\p{Lu}\p{Lt}]$/u;
const IS_LOWER = /^\p{Ll}$/u;
const IS_DIGIT = /^\p{Nd}$/u;

/**
 * Casing class of a word's surface form, 0..5. A word with a digit is `digit`; letters without case and
 * punctuation are `none`; one upper-case letter alone is `title`.
 */
export function casingClass(word: string): number {
  let upper = 0;
  let lower = 0;
  let firstIsUpper = false;
  for (const character of word) {
    const kind = kindOf(character);
    if (kind === DIGIT) return DIGIT;
    if (kind === UPPER) {
      firstIsUpper ||= upper + lower === 0;
      upper++;
    } else if (kind === LOWER) lower++;
  }
  if (upper + lower === 0) return NONE;
  if (upper === 0) return LOWER;
  if (firstIsUpper && upper === 1) return TITLE;
  return lower === 0 ? UPPER : MIXED;
}

function kindOf(character: string): number {
  const code = character.charCodeAt(0);
  if (code < 0x80) {
    if (code >= 0x61 && code <= 0x7a) return LOWER;
    if (code >= 0x41 && code <= 0x5a) return UPPER;
    return code >= 0x30 && code <= 0x39 ? DIGIT : NONE;
  }
  if (IS_LOWER.test(character)) return LOWER;
  if (IS_UPPER.test(character)) return UPPER;
  return IS_DIGIT.test(character) ? DIGIT : NONE;
}
