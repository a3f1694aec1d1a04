import fc from 'fast-check';
import { expect, test } from 'vitest';
import { entityId, type EntityId } from '../../src/domain/identity.js';
import type { Triple } from '../../src/domain/model.js';
import { MAX_FILTER_DEPTH } from '../../src/store/filter-tree.js';
import type { GraphStore, TripleFilter } from '../../src/store/graph-store.js';
import { buildDocument, type Fact } from './builders.js';
import type { WithStore } from './contract.js';
import { readAll } from './dump.js';

const id = (name: string): EntityId => entityId('PER', name);
const knows = (subject: string, object: string, confidence = 0.5, predicate = 'P26'): Fact => ({
  ...{ subject, predicate, object, confidence },
  objectType: 'PER',
});

/** Two ways of length 2 from Ann to Dan, one of length 3, and somebody apart. */
const FACTS: readonly Fact[] = [
  knows('Ann', 'Ben', 0.9),
  knows('Dan', 'Ben', 0.8),
  knows('Ann', 'Cat', 0.6),
  knows('Cat', 'Dan', 0.5),
  knows('Ann', 'Eva', 0.9, 'P40'),
  knows('Eva', 'Fay', 0.9, 'P40'),
  knows('Fay', 'Dan', 0.9, 'P40'),
  knows('Gus', 'Hal'),
];

/** As deep as filters may be, and saying no more than its innermost one. */
function deepest(filter: TripleFilter): TripleFilter {
  return Array.from({ length: MAX_FILTER_DEPTH - 1 }).reduce<TripleFilter>(
    (inner) => ({ and: [inner] }),
    filter,
  );
}

export function pathsContract(withStore: WithStore): void {
  const withFacts = (body: (store: GraphStore) => Promise<void>) => () =>
    withStore(async (store) => {
      await store.saveDocument(buildDocument({ externalId: 'd', facts: FACTS }));
      await body(store);
    });
  const asked = { from: id('Ann'), to: id('Dan'), maxLength: 6, maxPaths: 10 };

  test(
    'paths and patterns take every filter that lists take',
    withFacts(async (store) => {
      const filter = deepest({ predicates: ['P26'] });
      expect(await (await store.triples({ first: 10, filter })).totalCount()).toBe(5);
      expect((await store.queries.shortestPaths({ ...asked, filter }))?.paths).toHaveLength(2);
      const pattern = { subject: { entityId: id('Ann') }, object: { variable: 'x' }, filter };
      expect((await store.queries.matchTriples({ patterns: [pattern], first: 10 })).matches).toHaveLength(2);
    }),
  );

  test(
    'all shortest ways are found, in whichever direction their triples point, most confident first',
    withFacts(async (store) => {
      const found = await store.queries.shortestPaths(asked);
      expect(found?.paths.map(({ entityIds }) => entityIds)).toEqual([
        [id('Ann'), id('Ben'), id('Dan')],
        [id('Ann'), id('Cat'), id('Dan')],
      ]);
      expect(found?.paths.map(({ confidence }) => confidence)).toEqual([0.9 * 0.8, 0.6 * 0.5]);
      expect(found?.paths[0]?.triples).toMatchObject([
        { subjectId: id('Ann'), objectId: id('Ben') },
        { subjectId: id('Dan'), objectId: id('Ben') },
      ]);
      expect(found?.truncated).toBe(false);
      expect((await store.queries.shortestPaths({ ...asked, maxPaths: 1 }))?.paths).toEqual([
        found?.paths[0],
      ]);
    }),
  );

  test(
    'a filter leaves longer ways, a maximal length none',
    withFacts(async (store) => {
      const filter = { predicates: ['P40'] };
      const longer = await store.queries.shortestPaths({ ...asked, filter });
      expect(longer?.paths.map(({ triples }) => triples.length)).toEqual([3]);
      expect(await store.queries.shortestPaths({ ...asked, filter, maxLength: 2 })).toEqual({
        paths: [],
        truncated: false,
      });
    }),
  );

  test(
    'nobody is apart from himself, strangers have no way, and unknown entities are said to be unknown',
    withFacts(async (store) => {
      const ways = async (from: string, to: string) =>
        store.queries.shortestPaths({ ...asked, from: id(from), to: id(to) });
      expect((await ways('Ann', 'Ann'))?.paths).toEqual([
        { entityIds: [id('Ann')], triples: [], confidence: 1 },
      ]);
      expect(await ways('Ann', 'Gus')).toEqual({ paths: [], truncated: false });
      expect(await ways('Ann', 'Nobody')).toBeNull();
    }),
  );

  test(
    'limits are refused by name',
    withFacts(async (store) => {
      await expect(store.queries.shortestPaths({ ...asked, maxLength: 7 })).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
        path: ['maxLength'],
      });
      await expect(store.queries.shortestPaths({ ...asked, maxPaths: 0 })).rejects.toMatchObject({
        path: ['maxPaths'],
      });
    }),
  );

  test('in any graph they are exactly the shortest ways that a search of every walk finds', async () => {
    const names = ['Ann', 'Ben', 'Cat', 'Dan', 'Eva', 'Fay'];
    const fact = fc
      .record({
        subject: fc.constantFrom(...names),
        object: fc.constantFrom(...names),
        confidence: fc.double({ min: 0.05, max: 0.99, noNaN: true }),
        predicate: fc.constantFrom('P26', 'P40'),
      })
      .filter(({ subject, object }) => subject !== object)
      .map((some): Fact => ({ ...some, objectType: 'PER' }));
    await fc.assert(
      fc.asyncProperty(fc.array(fact, { minLength: 1, maxLength: 12 }), async (facts) =>
        withStore(async (store) => {
          await store.saveDocument(buildDocument({ externalId: 'd', facts }));
          const triples = await readAll((page) => store.triples(page));
          const [from, to] = [id('Ann'), id('Dan')];
          const found = await store.queries.shortestPaths({ from, to, maxLength: 6, maxPaths: 20 });
          const expected = shortestWalks(triples, from, to).slice(0, 20);
          expect((found?.paths ?? []).map(({ confidence }) => confidence)).toEqual(
            expected.map((walk) => walk.reduce((product, { confidence }) => product * confidence, 1)),
          );
          for (const { triples: way } of found?.paths ?? [])
            expect(expected.map((walk) => walk.map((triple) => triple.id))).toContainEqual(
              way.map((triple) => triple.id),
            );
        }),
      ),
      { numRuns: 10 },
    );
  });
}

/** Every walk of the smallest length that has one, most probable first: tried out one by one. */
function shortestWalks(triples: readonly Triple[], from: EntityId, to: EntityId): Triple[][] {
  let walks: { at: EntityId; way: Triple[] }[] = [{ at: from, way: [] }];
  for (let length = 1; length <= 6; length++) {
    walks = walks.flatMap(({ at, way }) =>
      triples
        .filter(({ subjectId, objectId }) => subjectId === at || objectId === at)
        .map((triple) => ({
          at: triple.subjectId === at ? triple.objectId : triple.subjectId,
          way: [...way, triple],
        })),
    );
    const there = walks.filter(({ at }) => at === to).map(({ way }) => way);
    const probability = (way: Triple[]) => way.reduce((product, { confidence }) => product * confidence, 1);
    if (there.length > 0) return there.sort((a, b) => probability(b) - probability(a));
    if (walks.length > 20_000) break;
  }
  return [];
}
