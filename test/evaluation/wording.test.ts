import { describe, expect, it } from 'vitest';
import { isExplicit, usualWords } from '../../src/evaluation/wording.js';

/** `[Ada] was born in [Rome]`: brackets mark subject and object. */
function example(marked: string) {
  const mentions: { start: number; end: number; type: string }[] = [];
  let text = '';
  for (const part of marked.split(/[[\]]/u).entries()) {
    if (part[0] % 2 === 1)
      mentions.push({ start: text.length, end: text.length + part[1].length, type: 'ENTITY' });
    text += part[1];
  }
  return { text, mentions };
}

/** Texts of one pair each. */
function corpus(labelled: readonly (readonly [string, string])[]) {
  const texts = labelled.map(([marked]) => example(marked));
  const pairs = {
    document: Int32Array.from(texts.keys()),
    mentions: Int32Array.from(texts.flatMap(() => [0, 1])),
  };
  return usualWords(
    texts,
    pairs,
    labelled.map(([, label], row) => ({ row, label })),
  );
}

const BORN = ['Ada', 'Bruno', 'Celia'].map(
  (name) => [`Once [${name}] was born in [Lisbon].`, 'P19'] as const,
);
const DIED = ['Edda', 'Farid', 'Greta'].map(
  (name) => [`Once [${name}] passed away in [Lisbon].`, 'P20'] as const,
);

function fact(marked: string, predicate: string) {
  const { text, mentions } = example(marked);
  return [text, { subject: mentions[0]!, object: mentions[1]!, predicate }] as const;
}

describe('the usual words of a relation', () => {
  it('are those that stand near its examples more often than near others', () => {
    const usual = corpus([...BORN, ...DIED]);
    expect(usual.get('P19')).toEqual(['born', 'was']);
    expect(usual.get('P20')).toEqual(['away', 'passed']);
  });

  it('are not the names themselves, nor what one text alone says', () => {
    const text = { ...example('[Ada] hailed from [Rome]') };
    const pairs = { document: Int32Array.from([0, 0, 0]), mentions: Int32Array.from([0, 1, 0, 1, 0, 1]) };
    const rows = [0, 1, 2].map((row) => ({ row, label: 'P19' }));
    expect(usualWords([text], pairs, rows).get('P19')).toBeUndefined();
    expect([...corpus(BORN).values()].flat()).not.toContain('lisbon');
  });

  it('make a fact explicit where one stands between its mentions or within four words, whatever its case', () => {
    const usual = corpus([...BORN, ...DIED]);
    expect(isExplicit(...fact('[Ines] was BORN near [Porto]', 'P19'), usual)).toBe(true);
    expect(isExplicit(...fact('[Porto] saw [Ines] born', 'P19'), usual)).toBe(true);
    expect(isExplicit(...fact('[Porto] saw [Ines] and five more people being born', 'P19'), usual)).toBe(
      false,
    );
    expect(isExplicit(...fact('[Ines], a native of [Porto]', 'P19'), usual)).toBe(false);
    expect(isExplicit(...fact('[Ines] passed away in [Porto]', 'P19'), usual)).toBe(false);
    expect(isExplicit(...fact('[Ines] was born in [Porto]', 'P999'), usual)).toBe(false);
  });
});
