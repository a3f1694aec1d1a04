import { describe, expect, test } from 'vitest';
import { entityId, type EntityId } from '../../src/domain/identity.js';
import type { GraphStore, Page, TripleFilter } from '../../src/store/graph-store.js';
import { buildDocument, type Fact } from './builders.js';
import { changesContract } from './contract-changes.js';
import type { WithStore } from './contract.js';
import { patternsContract } from './contract-patterns.js';
import { pathsContract } from './contract-paths.js';
import { searchContract } from './contract-search.js';
import { readAll } from './dump.js';
import { counted } from './counted.js';

/** What every adapter of the GraphQueries port promises. */
export function graphQueriesContract(name: string, withStore: WithStore): void {
  describe(`${name}: paths`, () => {
    pathsContract(withStore);
  });
  describe(`${name}: patterns`, () => {
    patternsContract(withStore);
  });
  describe(`${name}: search`, () => {
    searchContract(withStore);
  });
  describe(`${name}: changes`, () => {
    changesContract(withStore);
  });
  describe(`${name}: triples of owners`, () => {
    ownersContract(withStore);
  });
  describe(`${name}: filters and aggregates`, () => {
    filtersContract(withStore);
  });
  describe(`${name}: whole documents`, () => {
    wholeDocumentsContract(withStore);
  });
}

const PEOPLE: readonly Fact[] = [
  { subject: 'Ada', predicate: 'P19', object: 'London', confidence: 0.95 },
  { subject: 'Ada', predicate: 'P569', object: '1815-12-10', objectType: 'TIME', confidence: 0.5 },
  { subject: 'Bohr', predicate: 'P19', object: 'Copenhagen', confidence: 0.35 },
  { subject: 'Bohr', predicate: 'P569', object: '1885-10', objectType: 'TIME', confidence: 0.5 },
  { subject: 'Curie', predicate: 'P569', object: '1867', objectType: 'TIME', confidence: 1 },
  { subject: 'Curie', predicate: 'P20', object: 'London', confidence: 0.15 },
];

/** Two documents about three people; those of TIME are dates as extraction normalises them. */
async function fill(store: GraphStore): Promise<void> {
  for (const [externalId, facts] of [
    ['one', PEOPLE.slice(0, 3)],
    ['two', PEOPLE.slice(3)],
  ] as const)
    await store.saveDocument(buildDocument({ externalId, facts, source: externalId }));
}

const per = (name: string): EntityId => entityId('PER', name);
const loc = (name: string): EntityId => entityId('LOC', name);

const allCounted = <T>(pages: readonly Page<T>[]) => Promise.all(pages.map(counted));

function ownersContract(withStore: WithStore): void {
  test('a page of each owner is what the list gives for it alone, in every order', () =>
    withStore(async (store) => {
      await fill(store);
      const people = [per('Ada'), per('Bohr'), per('Nobody'), per('Curie')];
      for (const order of ['confidenceDescending', 'confidenceAscending', 'predicate'] as const)
        for (const first of [1, 10]) {
          const expected = await Promise.all(
            people.map((id) => store.triples({ first, order, filter: { subjectIds: [id] } })),
          );
          const owned = await store.queries.triplesOf('subject', people, { first, order });
          expect(await allCounted(owned)).toEqual(await allCounted(expected));
        }
      const london = await store.queries.triplesOf('object', [loc('London')], { first: 10 });
      const listed = await store.triples({ first: 10, filter: { objectIds: [loc('London')] } });
      expect(await allCounted(london)).toEqual(await allCounted([listed]));
    }));

  test('a page of a document holds what it supports', () =>
    withStore(async (store) => {
      await fill(store);
      const ids = (await store.documents({ first: 10 })).items.map(({ node }) => node.id);
      const expected = await Promise.all(
        ids.map((id) => store.triples({ first: 2, filter: { documentIds: [id] } })),
      );
      const owned = await store.queries.triplesOf('document', ids, { first: 2 });
      expect(await allCounted(owned)).toEqual(await allCounted(expected));
    }));

  test('filters and cursors hold for every owner', () =>
    withStore(async (store) => {
      await fill(store);
      const people = [per('Ada'), per('Bohr'), per('Curie')];
      const filter: TripleFilter = { predicates: ['P569'] };
      const born = await store.queries.triplesOf('subject', people, { first: 5, filter });
      expect(await Promise.all(born.map(({ totalCount }) => totalCount()))).toEqual([1, 1, 1]);
      const [first] = await store.queries.triplesOf('subject', people, { first: 1 });
      const after = first!.items[0]!.cursor;
      const rest = await store.queries.triplesOf('subject', people, { first: 5, after });
      const expected = await Promise.all(
        people.map((id) => store.triples({ first: 5, after, filter: { subjectIds: [id] } })),
      );
      expect(await allCounted(rest)).toEqual(await allCounted(expected));
      await expect(store.queries.triplesOf('subject', people, { first: 0 })).rejects.toMatchObject({
        path: ['first'],
      });
      expect(await store.queries.triplesOf('subject', [], { first: 5 })).toEqual([]);
    }));

  test('counts of each owner are what the count gives for it alone', () =>
    withStore(async (store) => {
      await fill(store);
      const places = [loc('London'), loc('Nowhere'), loc('Copenhagen')];
      const expected = await Promise.all(
        places.map((id) => store.countTriples('predicate', { objectIds: [id] })),
      );
      expect(await store.queries.countTriplesOf('object', places, 'predicate', {})).toEqual(expected);
    }));
}

function filtersContract(withStore: WithStore): void {
  const withFill = (body: (store: GraphStore) => Promise<void>) => () =>
    withStore(async (store) => {
      await fill(store);
      await body(store);
    });
  const subjects = async (store: GraphStore, filter: TripleFilter): Promise<number> =>
    (await store.triples({ first: 1, filter })).totalCount();

  test(
    'triples are filtered by and, or, not in any nesting',
    withFill(async (store) => {
      const born: TripleFilter = { predicates: ['P19'] };
      const sure: TripleFilter = { minConfidence: 0.5 };
      expect(await subjects(store, { and: [born, sure] })).toBe(1);
      expect(await subjects(store, { or: [born, sure] })).toBe(5);
      expect(await subjects(store, { not: born })).toBe(4);
      expect(await subjects(store, { ...born, not: sure })).toBe(1);
      expect(
        await subjects(store, { not: { or: [born, { and: [sure, { not: { objectTypes: ['TIME'] } }] }] } }),
      ).toBe(4);
      expect(await subjects(store, { and: [] })).toBe(6);
      expect(await subjects(store, { or: [] })).toBe(0);
      expect(await subjects(store, { not: {} })).toBe(0);
      expect(await store.countTriples('predicate', { not: { predicates: ['P569'] } })).toEqual([
        { key: 'P19', count: 2 },
        { key: 'P20', count: 1 },
      ]);
    }),
  );

  test(
    'entities, documents and evidence are filtered by and, or, not',
    withFill(async (store) => {
      const names = async (filter: object) =>
        (await readAll((page) => store.entities({ ...page, filter }))).map(({ name }) => name);
      expect(await names({ or: [{ types: ['LOC'] }, { search: 'ada' }] })).toEqual([
        'Ada',
        'Copenhagen',
        'London',
      ]);
      expect(await names({ types: ['PER'], not: { search: 'bohr' } })).toEqual(['Ada', 'Curie']);
      await store.saveDocument(buildDocument({ externalId: 'bare', facts: [] }));
      const documents = async (filter: object) =>
        (await readAll((page) => store.documents({ ...page, filter }))).map(({ externalId }) => externalId);
      // A document without a source has not the source "one".
      expect(await documents({ not: { source: 'one' } })).toEqual(['bare', 'two']);
      expect(await documents({ or: [{ source: 'one' }, { text: 'nothing' }] })).toEqual(['bare', 'one']);
      const evidence = await readAll((page) =>
        store.evidence({ ...page, filter: { not: { predicates: ['P569', 'P20'] }, minConfidence: 0.5 } }),
      );
      expect(evidence.map(({ confidence }) => confidence)).toEqual([0.95]);
    }),
  );

  test(
    'a filter that is too deep or too large is refused with its place',
    withFill(async (store) => {
      let deep: TripleFilter = {};
      for (let depth = 0; depth < 5; depth++) deep = { not: deep };
      await expect(store.triples({ first: 1, filter: deep })).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
        path: ['filter', 'not', 'not', 'not', 'not', 'not'],
      });
      const large: TripleFilter = { or: Array.from({ length: 50 }, () => ({})) };
      await expect(store.countTriples('status', large)).rejects.toMatchObject({ path: ['filter', 'or', 49] });
    }),
  );

  test(
    'triples are counted by confidence band, document, year and month of their date',
    withFill(async (store) => {
      expect(await store.countTriples('confidenceBand', {})).toEqual([
        { key: '0.5-0.6', count: 2 },
        { key: '0.9-1.0', count: 2 },
        { key: '0.1-0.2', count: 1 },
        { key: '0.3-0.4', count: 1 },
      ]);
      const [one, two] = (await store.documents({ first: 2 })).items.map(({ node }) => node.id);
      await store.saveDocument(buildDocument({ externalId: 'three', facts: PEOPLE.slice(0, 1) }));
      const counted = await store.countTriples('document', { predicates: ['P19', 'P569'] });
      expect(counted).toHaveLength(3);
      expect(counted).toEqual(
        expect.arrayContaining([
          { key: one, count: 3 },
          { key: two, count: 2 },
        ]),
      );
    }),
  );

  test('years and months are counted as far as dates tell them', () =>
    withStore(async (store) => {
      const bare = buildDocument({ externalId: 'dates', facts: PEOPLE });
      const precision = { '1815-12-10': 'day', '1885-10': 'month', '1867': 'year' } as const;
      await store.saveDocument({
        ...bare,
        entities: bare.entities.map((entity) =>
          entity.type === 'TIME'
            ? {
                ...entity,
                date: { iso: entity.name, precision: precision[entity.name as keyof typeof precision] },
              }
            : entity,
        ),
      });
      expect(await store.countTriples('objectYear', {})).toEqual([
        { key: '1815', count: 1 },
        { key: '1867', count: 1 },
        { key: '1885', count: 1 },
      ]);
      expect(await store.countTriples('objectMonth', {})).toEqual([
        { key: '1815-12', count: 1 },
        { key: '1885-10', count: 1 },
      ]);
      expect(await store.countTriples('objectYear', {}, 1)).toEqual([{ key: '1815', count: 1 }]);
    }));
}

function wholeDocumentsContract(withStore: WithStore): void {
  test('a document is read back as it was saved, and saving that again changes nothing', () =>
    withStore(async (store) => {
      const saved = buildDocument({
        externalId: 'a',
        title: 'A',
        metadata: { page: 1 },
        facts: [
          { subject: 'Ada Lovelace', predicate: 'P19', object: 'London', subjectSurface: 'Ada' },
          { subject: 'Ada Lovelace', predicate: 'NIL', object: 'Paris', voters: [] },
          { subject: 'Ada Lovelace', predicate: 'P551', object: 'London', subjectSurface: 'She' },
        ],
      });
      await store.saveDocument(saved);
      await store.saveDocument(
        buildDocument({
          externalId: 'b',
          facts: [{ subject: 'ADA LOVELACE', predicate: 'P19', object: 'LONDON' }],
        }),
      );
      const [missing, read] = await store.queries.extractedDocuments([
        'doc_none' as never,
        saved.document.id,
      ]);
      expect(missing).toBeNull();
      const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);
      expect({ ...read, entities: [...read!.entities].sort(byId) }).toEqual({
        ...saved,
        entities: [...saved.entities].sort(byId),
      });
      expect((await store.saveDocument(read!)).change).toBe('unchanged');
    }));
}
