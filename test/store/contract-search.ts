import { expect, test } from 'vitest';
import type { SearchKind } from '../../src/store/graph-queries.js';
import type { GraphStore } from '../../src/store/graph-store.js';
import { buildDocument, type Fact } from './builders.js';
import type { WithStore } from './contract.js';

const studied = (subject: string, object: string, more: Partial<Fact> = {}): Fact => ({
  ...{ subject, predicate: 'studied at', object, objectType: 'ORG' },
  ...more,
});

export function searchContract(withStore: WithStore): void {
  const withTexts = (body: (store: GraphStore) => Promise<void>) => () =>
    withStore(async (store) => {
      await store.saveDocument(
        buildDocument({
          externalId: 'a',
          facts: [
            studied('Émile Zola', 'University of London'),
            studied('Zola', 'London'),
            studied('Anna Berg', 'London School of Economics'),
            studied('Bjarne', 'C++ Foundation'),
            { ...studied('Ada 😀 Moss', 'Levi’s Hall'), subjectSurface: 'Ada 😀 Moss' },
          ],
        }),
      );
      await store.saveDocument(buildDocument({ externalId: 'b', facts: [studied('Zola', 'London')] }));
      await body(store);
    });
  const names = async (store: GraphStore, text: string, first = 10) =>
    (await store.queries.search({ text, kinds: ['entity'], first })).entities.map(
      ({ entity }) => entity.name,
    );
  const sentences = async (store: GraphStore, text: string, first = 10) =>
    (await store.queries.search({ text, kinds: ['sentence'], first })).sentences;

  test(
    'entities are found by all of their words in any order, case and accents, the last one begun',
    withTexts(async (store) => {
      expect(await names(store, 'emile ZOLA')).toEqual(['Émile Zola']);
      expect(await names(store, 'london univ')).toEqual(['University of London']);
      expect(await names(store, 'univ london')).toEqual([]);
      expect(await names(store, 'ondon')).toEqual([]);
      expect(await names(store, 'c++')).toEqual(['C++ Foundation']);
      expect(await names(store, 'levi’s hall')).toEqual(['Levi’s Hall']);
      expect(await names(store, 'nobody')).toEqual([]);
    }),
  );

  test(
    'of entities the one whose name says least else comes first, then the most mentioned',
    withTexts(async (store) => {
      expect(await names(store, 'london')).toEqual([
        'London',
        'University of London',
        'London School of Economics',
      ]);
      expect(await names(store, 'zola')).toEqual(['Zola', 'Émile Zola']);
      const [first] = (await store.queries.search({ text: 'lond', kinds: ['entity'], first: 10 })).entities;
      expect(first).toMatchObject({ name: 'London', score: 0.5, highlights: [{ start: 0, end: 6 }] });
      const [exact] = (await store.queries.search({ text: 'London', kinds: ['entity'], first: 10 })).entities;
      expect(exact?.score).toBe(1);
    }),
  );

  test(
    'an alias finds its entity, and is the name that is shown',
    withTexts(async (store) => {
      await store.saveDocument(
        buildDocument({
          externalId: 'c',
          facts: [studied('Émile Zola', 'London', { subjectSurface: 'Maître Zola' })],
        }),
      );
      const [hit] = (await store.queries.search({ text: 'maitre', kinds: ['entity'], first: 10 })).entities;
      expect(hit).toMatchObject({
        entity: { name: 'Émile Zola' },
        name: 'Maître Zola',
        highlights: [{ start: 0, end: 6 }],
      });
    }),
  );

  test(
    'sentences are found by their words, with every place where one stands',
    withTexts(async (store) => {
      const hits = await sentences(store, 'zola London');
      const texts = [
        'Zola studied at London.',
        'Zola studied at London.',
        'Émile Zola studied at University of London.',
      ];
      expect(hits.map(({ text }) => text)).toEqual(texts);
      expect(hits[2]?.highlights.map(({ start, end }) => hits[2]?.text.slice(start, end))).toEqual([
        'Zola',
        'London',
      ]);
      expect(hits.map(({ score }) => score)).toEqual(
        [...hits.map(({ score }) => score)].sort((a, b) => b - a),
      );
      const [emoji] = await sentences(store, 'moss');
      expect(emoji?.highlights).toEqual([{ start: 7, end: 11 }]);
      expect(emoji?.text.slice(7, 11)).toBe('Moss');
    }),
  );

  test(
    'fractions, a sigma at the end of what is begun, and words of any length are found like others',
    withTexts(async (store) => {
      const long = 'Llanfair'.repeat(40);
      await store.saveDocument(
        buildDocument({
          externalId: 'c',
          facts: [
            studied('Kim', '9½ Weeks'),
            studied('Kim', 'Οδός Ερμού'),
            studied('Kim', 'Οδόστρωμα'),
            studied('Kim', long),
          ],
        }),
      );
      expect(await names(store, '9½ weeks')).toEqual(['9½ Weeks']);
      expect(await names(store, 'ΟΔΟΣ')).toEqual(['Οδός Ερμού', 'Οδόστρωμα']);
      expect(await names(store, 'ΕΡΜΟΥ οδός')).toEqual(['Οδός Ερμού']);
      expect(await names(store, long)).toEqual([long]);
      expect(await names(store, long.slice(0, -3))).toEqual([long]);
      expect(await names(store, `${long}x`)).toEqual([]);
      for (const text of ['9½ weeks', 'οδός ερμού', 'οδοσ ερμ', 'οδόστ', long, long.slice(0, 300)])
        expect((await sentences(store, text)).length).toBe(1);
      expect((await sentences(store, 'ΟΔΟΣ')).length).toBe(2);
    }),
  );

  test(
    'each kind is cut and counted by itself, and only when it is asked for',
    withTexts(async (store) => {
      const search = (first: number, ...kinds: SearchKind[]) =>
        store.queries.search({ text: 'london', kinds, first });
      const both = await search(2, 'entity', 'sentence');
      expect([both.entities.length, both.entityCount, both.sentences.length, both.sentenceCount]).toEqual([
        2, 3, 2, 4,
      ]);
      expect(await search(2, 'sentence')).toMatchObject({ entities: [], entityCount: 0, sentenceCount: 4 });
    }),
  );

  test(
    'what a document brought is found no more when it is replaced or gone',
    withTexts(async (store) => {
      await store.saveDocument(buildDocument({ externalId: 'a', facts: [studied('Zola', 'Paris')] }));
      expect(await names(store, 'emile')).toEqual([]);
      expect(await sentences(store, 'economics')).toEqual([]);
      expect(await names(store, 'paris')).toEqual(['Paris']);
      await store.retractDocument('b');
      expect(await sentences(store, 'london')).toEqual([]);
      expect(await sentences(store, 'zola')).toHaveLength(1);
    }),
  );

  test(
    'no word at all, too many words and a limit out of range are refused by name; syntax means nothing',
    withTexts(async (store) => {
      const refused = (text: string, path: string[], first = 10) =>
        expect(store.queries.search({ text, kinds: ['entity', 'sentence'], first })).rejects.toMatchObject({
          code: 'INVALID_ARGUMENT',
          path,
        });
      await refused('', ['text']);
      await refused('?!*', ['text']);
      await refused('a b c d e f g h i j k', ['text']);
      await refused('london', ['first'], 101);
      for (const text of [
        '"london',
        'london) OR (zola',
        'london*',
        'NOT london',
        'text:london',
        'london~',
        '-london',
        'lon/don',
      ])
        expect(
          (await store.queries.search({ text, kinds: ['entity', 'sentence'], first: 5 })).entityCount,
        ).toBeLessThan(4);
      expect(await names(store, 'london OR zola')).toEqual([]);
    }),
  );
}
