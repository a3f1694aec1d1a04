import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { csvLine } from '../../src/cli/formats/csv.js';
import { documentOfLine } from '../../src/cli/formats/document-line.js';
import { extractLine } from '../../src/cli/formats/extract-contract.js';
import { entityLines, tripleLines } from '../../src/cli/formats/n-triples.js';
import type { recordsOf } from '../../src/cli/formats/triple-records.js';
import { printable, shorten } from '../../src/cli/formats/table.js';
import type { EntityId } from '../../src/domain/identity.js';
import type { Entity } from '../../src/domain/model.js';
import { schema } from '../inference/real-models.js';
import { mentionedDocument } from './builders.js';

const mention = z.strictObject({
  start: z.number().int(),
  end: z.number().int(),
  text: z.string(),
  type: z.string(),
  entity: z.string().nullable(),
});
const line = z.strictObject({
  externalId: z.string(),
  triples: z.array(
    z.strictObject({
      subject: mention,
      predicate: z.strictObject({ id: z.string(), name: z.string() }),
      object: mention,
      confidence: z.number().nullable(),
      pRe: z.number(),
      pKnn: z.number(),
      neighbours: z.array(
        z.strictObject({
          memory: z.string(),
          entry: z.string(),
          distance: z.number(),
          weight: z.number(),
          label: z.string(),
          text: z.string(),
        }),
      ),
    }),
  ),
});

describe('the line that `extract` writes', () => {
  const text = '🎈🎈 She met Bob in Oslo.';
  const extracted = mentionedDocument(text, [
    { surface: 'She', type: 'PRON', entity: 'Ada Lovelace' },
    { surface: 'Oslo', type: 'LOC', entity: 'Oslo' },
    { surface: 'Bob', type: 'PER', entity: null },
  ]);

  it('has the shape of the contract, and a pronoun as it stands with the entity it stands for', () => {
    const written = line.parse(extractLine(extracted, { schema, unit: 'utf16', allPairs: false }));
    expect(written).toMatchObject({
      externalId: 'd',
      triples: [
        {
          subject: { start: 5, end: 8, text: 'She', type: 'PRON', entity: 'Ada Lovelace' },
          predicate: { id: 'P551', name: 'residence' },
          object: { start: 20, end: 24, text: 'Oslo', type: 'LOC', entity: 'Oslo' },
          confidence: 0.75,
          pRe: 0.5,
          pKnn: 0.25,
          neighbours: [
            { memory: 'general', entry: 'mem_1', distance: 0.5, weight: 1, label: 'P551', text: 'x' },
          ],
        },
      ],
    });
  });

  it('counts code points if asked, with characters of two units before', () => {
    const written = line.parse(extractLine(extracted, { schema, unit: 'code-points', allPairs: false }));
    const [triple] = written.triples;
    expect([triple?.subject.start, triple?.subject.end, triple?.object.start, triple?.object.end]).toEqual([
      3, 6, 18, 22,
    ]);
    const characters = [...text];
    expect(characters.slice(triple?.object.start, triple?.object.end).join('')).toBe('Oslo');
  });

  it('has pairs without a relation if asked: NIL without a confidence, null where a mention stands for nothing', () => {
    const written = line.parse(extractLine(extracted, { schema, unit: 'utf16', allPairs: true }));
    expect(written.triples[1]).toMatchObject({
      subject: { text: 'Bob', entity: null },
      predicate: { id: 'NIL', name: 'no relation' },
      confidence: null,
    });
  });
});

describe('a document line', () => {
  it('is read in either unit', () => {
    const text = '🎈 Ada';
    const given = (start: number, end: number) => ({
      externalId: '1',
      text,
      mentions: [{ start, end, type: 'PER' }],
    });
    expect(documentOfLine(given(3, 6), 'utf16').mentions).toEqual([{ start: 3, end: 6, type: 'PER' }]);
    expect(documentOfLine(given(2, 5), 'code-points').mentions).toEqual([{ start: 3, end: 6, type: 'PER' }]);
  });

  it.each([
    [[], 'INVALID_DOCUMENT', []],
    ['text', 'INVALID_DOCUMENT', []],
    [{ text: 'x' }, 'INVALID_DOCUMENT', ['externalId']],
    [{ externalId: '1', text: 7 }, 'INVALID_DOCUMENT', ['text']],
    [{ externalId: '1', text: 'x', mentions: {} }, 'INVALID_DOCUMENT', ['mentions']],
    [
      { externalId: '1', text: '🎈', mentions: [{ start: 0, end: 2, type: 'PER' }] },
      'INVALID_MENTION',
      ['mentions', 0, 'end'],
    ],
  ])('that is off is refused with its field: %j', (value, code, path) => {
    expect(() => documentOfLine(value, 'code-points')).toThrow(expect.objectContaining({ code, path }));
  });
});

describe('N-Triples', () => {
  const ada: Entity = {
    id: 'ent_a' as EntityId,
    type: 'PER',
    name: 'Ada "the\nfirst" \\',
    date: null,
    externalIds: [],
  };

  it('escape names and have no lines for literals', () => {
    expect(entityLines(ada)).toBe(
      '<urn:neighborkb:entity:ent_a> <http://www.w3.org/2000/01/rdf-schema#label> "Ada \\"the\\nfirst\\" \\\\" .\n' +
        '<urn:neighborkb:entity:ent_a> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <urn:neighborkb:vocabulary:PER> .\n',
    );
    expect(entityLines({ ...ada, type: 'NUM', name: '7' })).toBe('');
  });

  it('say what an entity is elsewhere, where that has an address', () => {
    const externalIds = [
      { scheme: 'wikidata', value: 'Q7259' },
      { scheme: 'house', value: '7' },
    ];
    expect(
      entityLines({ ...ada, externalIds })
        .split('\n')
        .slice(2),
    ).toEqual([
      '<urn:neighborkb:entity:ent_a> <http://www.w3.org/2002/07/owl#sameAs> <http://www.wikidata.org/entity/Q7259> .',
      '',
    ]);
  });

  it.each([
    ['1815-12-10', 'day', 'http://www.w3.org/2001/XMLSchema#date'],
    ['1815-12', 'month', 'http://www.w3.org/2001/XMLSchema#gYearMonth'],
    ['1815', 'year', 'http://www.w3.org/2001/XMLSchema#gYear'],
    ['181X', 'decade', 'http://id.loc.gov/datatypes/edtf/EDTF'],
  ] as const)('write the date %s with the type of its precision', (iso, precision, type) => {
    const object: Entity = {
      id: 'ent_d' as EntityId,
      type: 'TIME',
      name: iso,
      date: { iso, precision },
      externalIds: [],
    };
    const triple = {
      id: 'tri_1',
      subjectId: ada.id,
      predicate: 'P569',
      objectId: object.id,
      confidence: 0.5,
      evidenceCount: 0,
      status: 'unreviewed',
    } as unknown as Parameters<typeof recordsOf>[1][number];
    const lines = tripleLines({ triple, subject: ada, object, evidence: [] });
    expect(lines).toContain(
      `<urn:neighborkb:entity:ent_a> <http://www.wikidata.org/prop/direct/P569> "${iso}"^^<${type}> .\n`,
    );
    for (const written of lines.trimEnd().split('\n')) expect(written).toMatch(/^<[^>]+> <[^>]+> .+ \.$/);
  });
});

describe('CSV', () => {
  it('quotes what must be quoted', () => {
    expect(csvLine(['a', 'b,c', 'say "x"', 'two\nlines', ''])).toBe('a,"b,c","say ""x""","two\nlines",\r\n');
  });
});

describe('text on a terminal', () => {
  it('cannot steer it and fits on a line', () => {
    expect(printable('a\u001b[31mb\u0007c\nd')).toBe('a [31mb c d');
    expect(shorten('🎈 one two three', 6)).toBe('🎈 one…');
  });
});
