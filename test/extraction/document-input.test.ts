import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NeighborKbError } from '../../src/domain/errors.js';
import type { DocumentInput } from '../../src/domain/model.js';
import { cpuTime } from './cpu-time.js';
import { validateBatch, validateDocument } from '../../src/extraction/document-input.js';

const TEXT = 'Ada 😀 Lund lived in Oslo.';
const good: DocumentInput = { externalId: 'a', text: TEXT };

/** Code and path of the error, or null where the document is taken. */
function problem(document: unknown): { code: string; path: readonly unknown[] } | null {
  try {
    validateDocument(document as DocumentInput, { maxTextLength: 1_000 });
    return null;
  } catch (error) {
    if (!(error instanceof NeighborKbError)) throw error;
    return { code: error.code, path: error.path };
  }
}

const withMentions = (...mentions: unknown[]): unknown => ({ ...good, mentions });
const ada = { start: 0, end: 3, type: 'PER' };

describe('a document', () => {
  it.each([
    ['plain', good],
    ['with everything', { ...good, title: 'T', source: 's', metadata: { a: 1 }, mentions: [ada] }],
    [
      'with marks of direction and zero-width characters',
      { ...good, text: '\u200fעברית\u200e \u200b\u200dx \ufeff' },
    ],
    ['with tabs, form feeds and a byte order mark', { ...good, text: '\ufeffa\tb\fc\r\nd' }],
    ['of one word', { ...good, text: 'Oslo' }],
    ['of one emoji', { ...good, text: '😀' }],
    ['as long as the limit', { ...good, text: 'x'.repeat(1_000) }],
    ['with no mentions given', withMentions()],
    ['with mentions that touch, in any order', withMentions({ start: 3, end: 6, type: 'MISC' }, ada)],
    ['with a mention that begins in white space', withMentions({ start: 3, end: 6, type: 'MISC' })],
  ])('%s is taken', (_, document) => {
    expect(problem(document)).toBeNull();
  });

  it.each([
    ['null', null, 'INVALID_DOCUMENT', []],
    ['no externalId', { text: TEXT }, 'INVALID_DOCUMENT', ['externalId']],
    ['an empty externalId', { ...good, externalId: '' }, 'INVALID_DOCUMENT', ['externalId']],
    ['a long externalId', { ...good, externalId: 'x'.repeat(513) }, 'INVALID_DOCUMENT', ['externalId']],
    ['a line break in the externalId', { ...good, externalId: 'a\nb' }, 'INVALID_DOCUMENT', ['externalId']],
    ['half a pair in the externalId', { ...good, externalId: '\ud83d' }, 'INVALID_DOCUMENT', ['externalId']],
    ['a number for a text', { ...good, text: 5 }, 'INVALID_DOCUMENT', ['text']],
    ['a list for metadata', { ...good, metadata: [] }, 'INVALID_DOCUMENT', ['metadata']],
    ['a number for a title', { ...good, title: 5 }, 'INVALID_DOCUMENT', ['title']],
    ['NUL in the source', { ...good, source: '\0' }, 'INVALID_DOCUMENT', ['source']],
    ['an empty text', { ...good, text: '' }, 'EMPTY_TEXT', ['text']],
    ['white space alone', { ...good, text: ' \n\t\u00a0\u3000' }, 'EMPTY_TEXT', ['text']],
    ['marks of direction alone', { ...good, text: '\u200f\u200b' }, 'EMPTY_TEXT', ['text']],
    ['NUL', { ...good, text: 'a\0b' }, 'MALFORMED_TEXT', ['text']],
    ['half a pair', { ...good, text: 'a\ud83d b' }, 'MALFORMED_TEXT', ['text']],
    ['the other half', { ...good, text: 'a\ude00' }, 'MALFORMED_TEXT', ['text']],
    ['binary', { ...good, text: 'PK\u0003\u0004\u0014\u0006abc\ufffd\ufffd' }, 'MALFORMED_TEXT', ['text']],
    ['a text over the limit', { ...good, text: 'x'.repeat(1_001) }, 'TEXT_TOO_LARGE', ['text']],
    ['mentions that are no list', { ...good, mentions: {} }, 'INVALID_DOCUMENT', ['mentions']],
    ['a mention that is no object', withMentions(ada, 7), 'INVALID_MENTION', ['mentions', 1]],
    ['a start below 0', withMentions({ ...ada, start: -1 }), 'INVALID_MENTION', ['mentions', 0, 'start']],
    [
      'a start with a fraction',
      withMentions({ ...ada, start: 0.5 }),
      'INVALID_MENTION',
      ['mentions', 0, 'start'],
    ],
    ['a start as text', withMentions({ ...ada, start: '0' }), 'INVALID_MENTION', ['mentions', 0, 'start']],
    ['an end past the text', withMentions({ ...ada, end: 99 }), 'INVALID_MENTION', ['mentions', 0, 'end']],
    ['an empty mention', withMentions({ ...ada, end: 0 }), 'INVALID_MENTION', ['mentions', 0, 'end']],
    [
      'an end before its start',
      withMentions({ ...ada, start: 5, end: 2 }),
      'INVALID_MENTION',
      ['mentions', 0, 'end'],
    ],
    [
      'a start inside a pair',
      withMentions({ ...ada, start: 5, end: 8 }),
      'INVALID_MENTION',
      ['mentions', 0, 'start'],
    ],
    [
      'an end inside a pair',
      withMentions({ ...ada, start: 4, end: 5 }),
      'INVALID_MENTION',
      ['mentions', 0, 'end'],
    ],
    ['a mention of a space', withMentions({ ...ada, start: 3, end: 4 }), 'INVALID_MENTION', ['mentions', 0]],
    ['a mention twice', withMentions(ada, ada), 'INVALID_MENTION', ['mentions', 1]],
    [
      'mentions that overlap, named by the later one',
      withMentions({ start: 2, end: 6, type: 'PER' }, ada),
      'INVALID_MENTION',
      ['mentions', 0],
    ],
    [
      'a mention inside another',
      withMentions({ start: 0, end: 11, type: 'PER' }, { start: 7, end: 11, type: 'PER' }),
      'INVALID_MENTION',
      ['mentions', 1],
    ],
    [
      'an unknown type',
      withMentions(ada, { start: 7, end: 11, type: 'GPE' }),
      'UNKNOWN_MENTION_TYPE',
      ['mentions', 1, 'type'],
    ],
    ['no type', withMentions({ start: 0, end: 3 }), 'UNKNOWN_MENTION_TYPE', ['mentions', 0, 'type']],
  ])('with %s is refused with its field', (_, document, code, path) => {
    expect(problem(document)).toEqual({ code, path });
  });

  it('of five million characters is refused at once', () => {
    const document = { ...good, text: 'x'.repeat(5_000_000) };
    expect(problem(document)?.code).toBe('TEXT_TOO_LARGE');
    expect(cpuTime(() => problem(document))).toBeLessThan(500);
  });

  it('of any content is taken or refused with a typed error', () => {
    fc.assert(
      fc.property(fc.anything(), (document) => {
        problem(document);
      }),
    );
    const mention = fc.record({
      start: fc.integer({ min: -2, max: 30 }),
      end: fc.integer({ min: -2, max: 30 }),
    });
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.array(mention, { maxLength: 5 }), (text, spans) => {
        const mentions = spans.map((span) => ({ ...span, type: 'PER' as const }));
        if (problem({ externalId: 'a', text, mentions })) return;
        // What was taken is well formed: disjoint spans on characters' boundaries.
        const sorted = [...mentions].sort((a, b) => a.start - b.start);
        sorted.forEach(({ start, end }, i) => {
          expect(text.slice(start, end)).toBe(Buffer.from(text.slice(start, end)).toString());
          if (i > 0) expect(start).toBeGreaterThanOrEqual(sorted[i - 1]!.end);
        });
      }),
    );
  });
});

describe('a batch', () => {
  it('keeps the good documents and names each bad one', () => {
    const checks = validateBatch([good, { externalId: 'b', text: '' }, { externalId: 'c', text: TEXT }]);
    expect(checks.map(({ ok }) => ok)).toEqual([true, false, true]);
    expect(checks[1]).toMatchObject({ externalId: 'b', error: { code: 'EMPTY_TEXT', path: ['text'] } });
  });

  it('names the second of two documents with one externalId, unless the first was bad', () => {
    const [first, second] = validateBatch([good, good]);
    expect(first?.ok).toBe(true);
    expect(second).toMatchObject({
      ok: false,
      error: { code: 'DUPLICATE_EXTERNAL_ID', path: ['externalId'] },
    });
    expect(validateBatch([{ ...good, text: '' }, good]).map(({ ok }) => ok)).toEqual([false, true]);
  });

  it('of nonsense gives an outcome for each', () => {
    const checks = validateBatch([null, 5, {}] as unknown as DocumentInput[]);
    expect(checks.map((check) => !check.ok && check.error.code)).toEqual(Array(3).fill('INVALID_DOCUMENT'));
  });
});
