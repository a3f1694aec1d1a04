import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { PredicateSchema } from '../../src/domain/predicates.js';
import { gateType, pronounClass } from '../../src/domain/pronouns.js';

const shipped = JSON.parse(readFileSync('models/predicates.json', 'utf8')) as {
  version: number;
  mentionTypes: string[];
  predicates: Record<string, unknown>[];
};
const schema = PredicateSchema.parse(shipped);

describe('the predicates', () => {
  it('that are shipped are at least forty, each with a name of its own', () => {
    expect(schema.predicates.length).toBeGreaterThanOrEqual(40);
    expect(new Set(schema.predicates.map(({ id }) => id)).size).toBe(schema.predicates.length);
    expect(new Set(schema.predicates.map(({ name }) => name)).size).toBe(schema.predicates.length);
  });

  it('let through the pairs of their types alone', () => {
    expect(schema.permitted('PER', 'TIME')).toContain('P569');
    expect(schema.permitted('TIME', 'PER').size).toBe(0);
    expect(schema.permitted('PER', 'PER')).toContain('P26');
    expect(schema.permitted('PER', 'PER')).not.toContain('P569');
    expect(schema.permitted('NUM', 'NUM').size).toBe(0);
  });

  it('take a pronoun for anything but a date or a number', () => {
    expect(schema.permitted('PRON', 'TIME')).toContain('P569');
    expect(schema.permitted('PRON', 'TIME')).toContain('P571');
    expect(schema.permitted('PER', 'PRON')).not.toContain('P569');
    for (const predicate of schema.predicates)
      for (const subject of predicate.subjectTypes)
        for (const object of predicate.objectTypes)
          expect(schema.permitted(subject, object)).toContain(predicate.id);
  });

  it('keep one set for a pair of types', () => {
    expect(schema.permitted('PER', 'LOC')).toBe(schema.permitted('PER', 'LOC'));
  });

  it.each([
    [null, []],
    [{ version: 1, mentionTypes: [], predicates: [] }, ['predicates']],
    [{ ...shipped, predicates: [{ ...shipped.predicates[0], id: 'born' }] }, ['predicates', 0, 'id']],
    [
      { ...shipped, predicates: [{ ...shipped.predicates[0], subjectTypes: ['PRON'] }] },
      ['predicates', 0, 'subjectTypes', 0],
    ],
  ])('that are malformed name the field', (json, path) => {
    expect(() => PredicateSchema.parse(json)).toThrow(
      expect.objectContaining({ code: 'INVALID_FILE', path }),
    );
  });

  it('that come twice are refused', () => {
    const twice = { ...shipped, predicates: [shipped.predicates[0], shipped.predicates[0]] };
    expect(() => PredicateSchema.parse(twice)).toThrow(
      expect.objectContaining({ code: 'INVALID_FILE', path: ['predicates', 1, 'id'] }),
    );
  });
});

describe('a pronoun at the gates', () => {
  it('has the type that its form says, whatever it stands for', () => {
    expect(gateType('PRON', 'She')).toBe('PER');
    expect(gateType('PRON', 'its')).toBe('PRON');
    expect(gateType('LOC', 'she')).toBe('LOC');
  });

  it('is known by its form in any letter case', () => {
    expect(pronounClass('HERSELF')).toBe('feminine');
    expect(pronounClass('Whose')).toBe('possessive-relative');
    expect(pronounClass('company')).toBeNull();
  });
});
