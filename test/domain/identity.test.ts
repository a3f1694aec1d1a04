import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  documentId,
  entityId,
  mentionId,
  normaliseName,
  predictionId,
  revisionOf,
  sentenceId,
  tripleId,
} from '../../src/domain/identity.js';

describe('a normalised name', () => {
  it.each([
    ['Société  Générale,', 'societe generale'],
    ['MARIE CURIE', 'marie curie'],
    ['Jean-Luc Godard', 'jean luc godard'],
    ["Keller's", 'keller'],
    ['Keller’s', 'keller'],
    ['Procter & Gamble', 'procter and gamble'],
    ['C++', 'c++'],
    ['C#', 'c#'],
    ['C', 'c'],
    ['Straße', 'straße'],
    ['ﬁnance', 'finance'],
    ['Α Ω', 'α ω'],
    ['  x \u00a0 y\n', 'x y'],
    ['!!!', '!!!'],
    ['東京', '東京'],
  ])('of %j is %j', (name, normalised) => {
    expect(normaliseName(name)).toBe(normalised);
  });

  it('is its own normalised name, for any string', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' })), (name) => {
        const once = normaliseName(name);
        expect(normaliseName(once)).toBe(once);
      }),
    );
  });
});

describe('ids', () => {
  it('of entities follow type and identifying name', () => {
    expect(entityId('ORG', 'Acme, Inc.')).toBe(entityId('ORG', 'The ACME'));
    expect(entityId('PER', 'Dr. Ida Lund')).toBe(entityId('PER', 'ida lund'));
    expect(entityId('LOC', 'U.S.')).toBe(entityId('LOC', 'United States'));
    expect(entityId('PER', 'Paris')).not.toBe(entityId('LOC', 'Paris'));
    expect(entityId('ORG', 'Inc.')).not.toBe(entityId('ORG', 'Ltd.'));
    expect(entityId('MISC', 'C')).not.toBe(entityId('MISC', 'C++'));
    expect(entityId('TIME', '1879-03-14')).not.toBe(entityId('TIME', '1879-03'));
  });

  it('do not run into each other, whatever their parts', () => {
    expect(revisionOf('ab', 'c')).not.toBe(revisionOf('a', 'bc'));
    expect(documentId('a","b')).not.toBe(documentId('a'));
    const document = documentId('a');
    expect(sentenceId(document, 'r', 1)).not.toBe(sentenceId(document, 'r', 11));
    expect(mentionId(document, 'r', { start: 1, end: 23 })).not.toBe(
      mentionId(document, 'r', { start: 12, end: 3 }),
    );
    const [a, b] = [
      mentionId(document, 'r', { start: 0, end: 1 }),
      mentionId(document, 'r', { start: 2, end: 3 }),
    ];
    expect(predictionId(a, b)).not.toBe(predictionId(b, a));
    const [x, y] = [entityId('PER', 'x'), entityId('PER', 'y')];
    expect(tripleId(x, 'P26', y)).not.toBe(tripleId(y, 'P26', x));
  });

  it('say what they are of and stay the same for ever', () => {
    expect(documentId('a')).toMatch(/^doc_[\w-]{20}$/);
    expect(entityId('PER', 'Ada Lund')).toMatch(/^ent_[\w-]{20}$/);
    expect(documentId('a')).toBe(documentId('a'));
  });
});
