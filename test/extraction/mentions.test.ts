import { describe, expect, it } from 'vitest';
import type { MentionType } from '../../src/domain/mention-types.js';
import { mentionsFromDetector, mentionsGiven } from '../../src/extraction/mentions.js';

const PRONOUNS = new Set('he she him her his it its they who which i me we us'.split(' '));

/** Mentions of a one-sentence text as `surface|TYPE`; the detector finds the given surfaces. */
function find(text: string, ...names: [string, MentionType][]): string[] {
  const detected = names.map(([surface, type]) => {
    const start = text.indexOf(surface);
    return { start, end: start + surface.length, type, score: 0.9 };
  });
  const sentence = { start: 0, end: text.length };
  return mentionsFromDetector(text, sentence, 0, detected, PRONOUNS).map(
    ({ start, end, type }) => `${text.slice(start, end)}|${type}`,
  );
}

describe('mentions', () => {
  it('are names and pronouns, in order', () => {
    expect(find('She met Ada Lund in Oslo.', ['Oslo', 'LOC'], ['Ada Lund', 'PER'])).toEqual([
      'She|PRON',
      'Ada Lund|PER',
      'Oslo|LOC',
    ]);
  });

  it.each([
    ["Ada Lund's house", "Ada Lund's", 'Ada Lund|PER'],
    ['😀 Ada Lund ❤️ Oslo', '😀 Ada Lund ❤️', 'Ada Lund|PER'],
    ['Ada Lund’s house', 'Ada Lund’s', 'Ada Lund|PER'],
    ['“Ada Lund” left', '“Ada Lund”', 'Ada Lund|PER'],
    ['Ada Lund, a poet', 'Ada Lund,', 'Ada Lund|PER'],
    [' Ada Lund left', ' Ada Lund', 'Ada Lund|PER'],
    ["Wendy's opened", "Wendy's", "Wendy's|PER"],
  ])('leave out possessive endings and quotation marks: %s', (text, surface, expected) => {
    expect(find(text, [surface, 'PER'])).toEqual([expected]);
  });

  it('of nothing but punctuation are none', () => {
    expect(find("say '!' or", ["'!'", 'MISC'])).toEqual([]);
  });

  it.each([
    ['The US and IT and WHO', []],
    ['They told us', ['They|PRON', 'us|PRON']],
    ['a she-wolf and an it-girl', []],
    ["he's", ['he|PRON']],
    ['Francis I ruled', []],
    ['I ruled', ['I|PRON']],
    ['the theme of history', []],
    ['Hér', []],
  ])('are pronouns only as whole words: %s', (text, expected) => {
    expect(find(text)).toEqual(expected);
  });

  it('are no pronouns inside a name', () => {
    expect(find('The Who toured.', ['The Who', 'ORG'])).toEqual(['The Who|ORG']);
  });

  it('keep offsets of the document and the detector’s score', () => {
    const text = '😀 One. Ada left.';
    const sentence = { start: 8, end: 17 };
    const [mention] = mentionsFromDetector(
      text,
      sentence,
      1,
      [{ start: 0, end: 3, type: 'PER', score: 0.7 }],
      PRONOUNS,
    );
    expect(mention).toEqual({ start: 8, end: 11, sentence: 1, type: 'PER', score: 0.7, origin: 'detector' });
    expect(text.slice(8, 11)).toBe('Ada');
  });

  it('that were given stand as they are, each in its sentence', () => {
    const sentences = [
      { start: 0, end: 4 },
      { start: 5, end: 9 },
      { start: 12, end: 20 },
    ];
    const given = [
      { start: 0, end: 4, type: 'PER' as const },
      { start: 12, end: 13, type: 'PRON' as const },
      { start: 14, end: 20, type: 'LOC' as const },
    ];
    expect(mentionsGiven(sentences, given)).toEqual(
      given.map((mention, i) => ({ ...mention, sentence: i === 0 ? 0 : 2, score: 1, origin: 'given' })),
    );
  });
});
