import { expect, test } from 'vitest';
import type { GraphStore } from '../../src/store/graph-store.js';
import { buildDocument } from './builders.js';
import type { WithStore } from './contract.js';
import { readAll } from './dump.js';
import { counted } from './counted.js';

const ORDERS = [
  'confidenceDescending',
  'confidenceAscending',
  'evidenceCountDescending',
  'predicate',
] as const;

/** Ten documents with a triple each, many of them tied in every order. */
async function fill(store: GraphStore): Promise<void> {
  for (let index = 0; index < 10; index++)
    await store.saveDocument(
      buildDocument({
        externalId: `d${index}`,
        facts: [
          {
            subject: `Person ${'abcdefghij'[index]}`,
            predicate: index % 2 ? 'P19' : 'P551',
            object: 'London',
            confidence: [0.25, 0.5, 0.75][index % 3] ?? 0.5,
          },
        ],
      }),
    );
}

/** Relay pages over every list. */
export function pagesContract(withStore: WithStore): void {
  test('pages of any size join to the same list, in every order', () =>
    withStore(async (store) => {
      await fill(store);
      for (const order of ORDERS) {
        const whole = await readAll((page) => store.triples({ ...page, order }), 500);
        const confidences = whole.map(({ confidence }) => confidence);
        if (order === 'confidenceDescending') expect(confidences).toEqual([...confidences].sort().reverse());
        for (const size of [1, 3, 10])
          expect(await readAll((page) => store.triples({ ...page, order }), size)).toEqual(whole);
      }
      for (const order of ['name', 'mentions'] as const)
        expect(await readAll((page) => store.entities({ ...page, order }), 2)).toEqual(
          await readAll((page) => store.entities({ ...page, order }), 500),
        );
      expect(await readAll((page) => store.evidence(page), 3)).toHaveLength(10);
      const newest = await readAll((page) => store.documents({ ...page, order: 'newest' }), 3);
      expect(newest.map(({ externalId }) => externalId)).toEqual(
        Array.from({ length: 10 }, (_, index) => `d${9 - index}`),
      );
    }));

  test('a cursor of one list is refused by another one that is ordered alike', () =>
    withStore(async (store) => {
      await fill(store);
      const [triple] = (await store.triples({ first: 1 })).items;
      const [evidence] = (await store.evidence({ first: 1 })).items;
      const refused = { code: 'INVALID_ARGUMENT', path: ['after'] };
      await expect(store.evidence({ first: 1, after: triple!.cursor })).rejects.toMatchObject(refused);
      await expect(store.triples({ first: 1, after: evidence!.cursor })).rejects.toMatchObject(refused);
    }));

  test('no document holds a text with NUL', () =>
    withStore(async (store) => {
      await fill(store);
      for (const text of ['\u0000', 'Person\u0000', 'London\u0000zzz'])
        expect(await counted(await store.documents({ first: 1, filter: { text } }))).toMatchObject({
          items: [],
          totalCount: 0,
        });
    }));

  test('a cursor stays valid while data is added and removed before and after it', () =>
    withStore(async (store) => {
      await fill(store);
      const first = await store.entities({ first: 4 });
      await store.saveDocument(
        buildDocument({
          externalId: 'new',
          facts: [{ subject: 'Aaron', predicate: 'P19', object: 'Zurich' }],
        }),
      );
      await store.retractDocument('d2');
      const rest = await store.entities({ first: 20, after: first.items.at(-1)!.cursor });
      expect(first.items.map(({ node }) => node.name)).toEqual([
        'London',
        'Person a',
        'Person b',
        'Person c',
      ]);
      expect(rest.items.map(({ node }) => node.name)).toEqual([
        ...[...'defghij'].map((letter) => `Person ${letter}`),
        'Zurich',
      ]);
      expect(rest.hasNextPage).toBe(false);
      expect(await rest.totalCount()).toBe(12);
    }));

  test('the total counts all pages, under a filter those that match', () =>
    withStore(async (store) => {
      await fill(store);
      const all = await store.triples({ first: 2 });
      expect(await counted(all)).toMatchObject({ totalCount: 10, hasNextPage: true });
      const born = await store.triples({ first: 5, filter: { predicates: ['P19'] } });
      expect(await counted(born)).toMatchObject({ totalCount: 5, hasNextPage: false });
    }));

  test('a page size out of range and a foreign cursor are refused by name', () =>
    withStore(async (store) => {
      await fill(store);
      for (const first of [0, -1, 501, 1.5, Number.NaN])
        await expect(store.triples({ first })).rejects.toMatchObject({
          code: 'INVALID_ARGUMENT',
          path: ['first'],
        });
      const other = (await store.triples({ first: 1, order: 'predicate' })).items[0]!.cursor;
      for (const after of ['', 'x', '😀', 'bnVsbA', other])
        await expect(store.triples({ first: 1, after })).rejects.toMatchObject({
          code: 'INVALID_ARGUMENT',
          path: ['after'],
        });
    }));
}
