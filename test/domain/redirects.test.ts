import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { externalIdUrl, formatExternalId, parseExternalId } from '../../src/domain/external-id.js';
import type { EntityId } from '../../src/domain/identity.js';
import { representative, type Redirect } from '../../src/domain/redirects.js';

const id = (name: string) => name as EntityId;
const ends = (steps: Record<string, Redirect>) => (from: string) =>
  representative(id(from), (each) => steps[each]);
const merge = (to: string): Redirect => ({ to: id(to), source: 'merge' });
const known = (to: string): Redirect => ({ to: id(to), source: 'dictionary' });

describe('redirects', () => {
  test('are followed to the end of their chain', () => {
    const end = ends({ a: merge('b'), b: known('c'), c: merge('d') });
    expect(['a', 'b', 'c', 'd', 'e'].map(end)).toEqual(['d', 'd', 'd', 'd', 'e']);
  });

  test('that a dictionary closes to a cycle end where its step is left out, wherever they begin', () => {
    const end = ends({ a: merge('b'), b: known('c'), c: merge('d'), d: known('a'), x: merge('c') });
    expect(['a', 'b', 'c', 'd', 'x'].map(end)).toEqual(['b', 'b', 'b', 'b', 'b']);
  });

  test('give every id an end that is its own end', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const step = fc.record({
      to: fc.constantFrom(...names).map(id),
      source: fc.constant('dictionary' as const),
    });
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names), step), (steps) => {
        const end = ends(steps);
        for (const name of names) expect(end(end(name))).toBe(end(name));
      }),
    );
  });
});

describe('external ids', () => {
  test.each([
    ['Q7186', 'wikidata:Q7186'],
    [' http://www.wikidata.org/entity/Q7186 ', 'wikidata:Q7186'],
    ['https://www.wikidata.org/wiki/Q1', 'wikidata:Q1'],
    ['wikidata.org/entity/Q1', 'wikidata:Q1'],
    ['viaf:76353174', 'viaf:76353174'],
    ['grid:grid.38142.3c', 'grid:grid.38142.3c'],
  ])('read %s as %s', (text, expected) => {
    expect(formatExternalId(parseExternalId(text))).toBe(expected);
    expect(parseExternalId(expected)).toEqual(parseExternalId(text));
  });

  test.each(['', 'Q0', 'P19', 'wikidata:P19', 'VIAF:1', 'viaf:', 'viaf: 1', 'http://example.org/Q1'])(
    'refuse %j',
    (text) => {
      expect(() => parseExternalId(text)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
    },
  );

  test('have an address where their scheme is known', () => {
    expect(externalIdUrl({ scheme: 'wikidata', value: 'Q7186' })).toBe(
      'http://www.wikidata.org/entity/Q7186',
    );
    expect(externalIdUrl({ scheme: 'house', value: '1' })).toBeNull();
  });
});
