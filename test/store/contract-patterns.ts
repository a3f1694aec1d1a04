import { expect, test } from 'vitest';
import { entityId, type EntityId } from '../../src/domain/identity.js';
import type { PatternEnd, TriplePattern } from '../../src/store/graph-queries.js';
import type { GraphStore } from '../../src/store/graph-store.js';
import { buildDocument, type Fact } from './builders.js';
import type { WithStore } from './contract.js';

const person = (name: string): EntityId => entityId('PER', name);
const place = (name: string): EntityId => entityId('LOC', name);

const FACTS: readonly Fact[] = [
  { subject: 'Pierre', predicate: 'P26', object: 'Marie', objectType: 'PER', confidence: 0.9 },
  { subject: 'Pierre', predicate: 'P19', object: 'Paris', confidence: 0.8 },
  { subject: 'Marie', predicate: 'P19', object: 'Warsaw', confidence: 0.7 },
  { subject: 'Irene', predicate: 'P26', object: 'Frederic', objectType: 'PER', confidence: 0.6 },
  { subject: 'Irene', predicate: 'P19', object: 'Paris', confidence: 0.5 },
  { subject: 'Frederic', predicate: 'P19', object: 'Paris', confidence: 0.4 },
];

const v = (variable: string): PatternEnd => ({ variable });
const part = (subject: PatternEnd, predicate: string | null, object: PatternEnd): TriplePattern => ({
  subject,
  ...(predicate === null ? {} : { predicates: [predicate] }),
  object,
});

export function patternsContract(withStore: WithStore): void {
  const withFacts = (body: (store: GraphStore) => Promise<void>) => () =>
    withStore(async (store) => {
      await store.saveDocument(buildDocument({ externalId: 'd', facts: FACTS }));
      await body(store);
    });
  const bindings = async (store: GraphStore, ...patterns: TriplePattern[]) => {
    const { matches } = await store.queries.matchTriples({ patterns, first: 100 });
    return matches.map((match) =>
      Object.fromEntries(match.bindings.map(({ variable, entityId: bound }) => [variable, bound])),
    );
  };

  test(
    'a variable is the same entity wherever it stands',
    withFacts(async (store) => {
      expect(
        await bindings(
          store,
          part(v('a'), 'P26', v('b')),
          part(v('a'), 'P19', v('c')),
          part(v('b'), 'P19', v('c')),
        ),
      ).toEqual([{ a: person('Irene'), b: person('Frederic'), c: place('Paris') }]);
    }),
  );

  test(
    'known entities, any predicate and conditions narrow a pattern; its triples come in its order',
    withFacts(async (store) => {
      const paris: PatternEnd = { entityId: place('Paris') };
      const born = await store.queries.matchTriples({
        patterns: [{ ...part(v('x'), null, paris), filter: { minConfidence: 0.5 } }],
        first: 10,
      });
      expect(born.matches.map(({ triples }) => triples.map(({ confidence }) => confidence))).toEqual([
        [0.8],
        [0.5],
      ]);
      const chain = await store.queries.matchTriples({
        patterns: [part(v('x'), 'P26', v('y')), part(v('x'), 'P19', paris)],
        first: 10,
      });
      expect(chain.matches.map(({ triples }) => triples.map(({ predicate }) => predicate))).toEqual([
        ['P26', 'P19'],
        ['P26', 'P19'],
      ]);
    }),
  );

  test(
    'the triples of a match are all different',
    withFacts(async (store) => {
      const pairs = await bindings(store, part(v('a'), 'P19', v('c')), part(v('b'), 'P19', v('c')));
      expect(pairs).toHaveLength(6);
      expect(pairs.filter(({ a, b }) => a === b)).toEqual([]);
    }),
  );

  test(
    'what is more than was asked for is said to be there',
    withFacts(async (store) => {
      const patterns = [part(v('a'), 'P19', v('c'))];
      const few = await store.queries.matchTriples({ patterns, first: 2 });
      expect([few.matches.length, few.truncated]).toEqual([2, true]);
      const all = await store.queries.matchTriples({ patterns, first: 4 });
      expect([all.matches.length, all.truncated]).toEqual([4, false]);
      expect(await bindings(store, part(v('a'), 'P999', v('b')))).toEqual([]);
    }),
  );

  test('a pattern whose parts fit in ever more ways, but never all together, is given up', () =>
    withStore(async (store) => {
      const facts = Array.from({ length: 300 }, (_, index) => ({
        ...{ subject: `Person ${index}`, predicate: 'P27', object: 'France', voters: [] },
      }));
      for (const start of [0, 100, 200])
        await store.saveDocument(
          buildDocument({ externalId: `d${start}`, facts: facts.slice(start, start + 100) }),
        );
      const patterns = [
        ...[part(v('a'), 'P27', v('c')), part(v('b'), 'P27', v('c')), part(v('d'), 'P27', v('c'))],
        part(v('d'), 'P26', v('e')),
      ];
      expect(await store.queries.matchTriples({ patterns, first: 10 })).toEqual({
        ...{ matches: [], truncated: true },
      });
    }));

  test(
    'patterns that are too many, empty, apart from each other or badly named are refused with their place',
    withFacts(async (store) => {
      const refused = (patterns: TriplePattern[], path: (string | number)[], first = 10) =>
        expect(store.queries.matchTriples({ patterns, first })).rejects.toMatchObject({
          code: 'INVALID_ARGUMENT',
          path,
        });
      const sound = part(v('a'), 'P19', v('b'));
      await refused([], ['patterns']);
      await refused([sound, sound, sound, sound, sound], ['patterns']);
      await refused([sound, part(v('x'), 'P26', v('y'))], ['patterns', 1]);
      await refused([part(v(''), 'P19', v('b'))], ['patterns', 0, 'subject', 'variable']);
      await refused([sound], ['first'], 501);
    }),
  );
}
