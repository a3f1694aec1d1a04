import { expect, test } from 'vitest';
import { entityId, type EntityId, type PredictionId, type TripleId } from '../../src/domain/identity.js';
import type { GraphStore } from '../../src/store/graph-store.js';
import { buildDocument } from './builders.js';
import type { WithStore } from './contract.js';
import { dumpGraph } from './dump.js';
import { counted } from './counted.js';

const ADA = buildDocument({
  externalId: 'ada',
  title: 'Ada',
  source: 'web',
  metadata: { year: 1815, nested: { a: [1, 'ü😀'] } },
  facts: [
    { subject: 'Ada Lovelace', predicate: 'P19', object: 'London', confidence: 0.9 },
    {
      subject: 'Ada Lovelace',
      predicate: 'P551',
      object: 'London',
      confidence: 0.3,
      voters: ['x', 'y', 'z'],
    },
    { subject: 'Ada Lovelace', predicate: 'NIL', object: 'Paris' },
  ],
});
const BOHR = buildDocument({
  externalId: 'bohr',
  facts: [
    { subject: 'Niels Bohr', predicate: 'P19', object: 'Copenhagen', confidence: 0.7 },
    { subject: 'Niels Bohr', predicate: 'P69', object: 'University of Copenhagen', objectType: 'ORG' },
    { subject: 'Ada Lovelace', predicate: 'P551', object: 'Copenhagen', confidence: 0.2 },
  ],
});

/** Reading what two documents left. */
export function readsContract(withStore: WithStore): void {
  const withTwo = (body: (store: GraphStore) => Promise<void>) => () =>
    withStore(async (store) => {
      await store.saveDocument(ADA);
      await store.saveDocument(BOHR);
      await body(store);
    });
  const ada = entityId('PER', 'Ada Lovelace');
  const london = entityId('LOC', 'London');

  test(
    'what was saved is read back as it was, to the last digit and byte',
    withTwo(async (store) => {
      const ids = [BOHR.document.id, ADA.document.id];
      expect(await store.documentsById(ids)).toEqual([BOHR.document, ADA.document]);
      expect(await store.sentencesOfDocuments(ids)).toEqual([BOHR.sentences, ADA.sentences]);
      expect(await store.mentionsOfDocuments(ids)).toEqual([BOHR.mentions, ADA.mentions]);
      const stored = await store.predictionsOfDocuments(ids);
      const withVoters = stored.map((predictions) =>
        predictions.map((prediction) => ({ ...prediction, neighbours: expect.any(Array) })),
      );
      expect([BOHR.predictions, ADA.predictions]).toEqual(withVoters);
      const voters = await store.neighboursOfPredictions(ADA.predictions.map(({ id }) => id));
      expect(voters).toEqual([ADA.predictions[0]?.neighbours, ADA.predictions[1]?.neighbours, []]);
    }),
  );

  test(
    'reading by ids keeps their order and says null where there is nothing',
    withTwo(async (store) => {
      const [sentence] = ADA.sentences;
      const [mention] = ADA.mentions;
      const [prediction] = ADA.predictions;
      const unknown = 'nothing' as never;
      expect(await store.sentencesById([unknown, sentence!.id])).toEqual([null, sentence]);
      expect(await store.mentionsById([mention!.id, unknown])).toEqual([mention, null]);
      expect((await store.predictionsById([unknown, prediction!.id])).map((found) => found?.id)).toEqual([
        undefined,
        prediction!.id,
      ]);
      expect(await store.documentsById([unknown])).toEqual([null]);
      expect(await store.entitiesById([unknown, london])).toMatchObject([null, { name: 'London' }]);
      expect(await store.triplesById([unknown])).toEqual([null]);
      expect(await store.evidenceById([unknown])).toEqual([null]);
      expect(await store.evidenceOfTriples(['no' as TripleId])).toEqual([[]]);
      expect(await store.neighboursOfPredictions(['no' as PredictionId])).toEqual([[]]);
      expect(await store.aliasesOfEntities([unknown])).toEqual([[]]);
      expect(await store.entitiesById([])).toEqual([]);
    }),
  );

  test(
    'an id asked for twice is answered twice',
    withTwo(async (store) => {
      expect(await store.entitiesById([ada, ada])).toMatchObject([{ id: ada }, { id: ada }]);
      const [first, second] = await store.mentionsOfEntities([ada, ada], 1);
      expect(first).toEqual(second);
      expect(first).toHaveLength(1);
    }),
  );

  test(
    'a pair without a relation is no evidence',
    withTwo(async (store) => {
      expect(await store.evidenceById(ADA.predictions.map(({ id }) => id))).toMatchObject([
        { label: 'P19' },
        { label: 'P551' },
        null,
      ]);
    }),
  );

  test(
    'entities are found by a part of their name, whatever its case and accents',
    withTwo(async (store) => {
      const search = async (text: string) =>
        (await store.entities({ first: 10, filter: { search: text } })).items.map(({ node }) => node.name);
      expect(await search('copenhagen')).toEqual(['Copenhagen', 'University of Copenhagen']);
      expect(await search('ÓPEN')).toEqual(['Copenhagen', 'University of Copenhagen']);
      expect(await search('oh')).toEqual(['Niels Bohr']);
      expect(await search('nobody')).toEqual([]);
      expect(await search('"%_*')).toEqual([]);
      const typed = await store.entities({ first: 10, filter: { search: 'copen', types: ['ORG'] } });
      expect(await counted(typed)).toMatchObject({ totalCount: 1, items: [{ node: { type: 'ORG' } }] });
    }),
  );

  test(
    'triples are filtered by each field and counted by each',
    withTwo(async (store) => {
      const count = async (filter: Parameters<GraphStore['countTriples']>[1]) =>
        (await store.triples({ first: 1, filter })).totalCount();
      expect(await count({})).toBe(5);
      expect(await count({ subjectIds: [ada] })).toBe(3);
      expect(await count({ objectIds: [london] })).toBe(2);
      expect(await count({ entityIds: [london] })).toBe(2);
      expect(await count({ predicates: ['P19', 'P69'] })).toBe(3);
      expect(await count({ predicates: [] })).toBe(0);
      expect(await count({ objectTypes: ['ORG'] })).toBe(1);
      expect(await count({ subjectTypes: ['ORG'] })).toBe(0);
      expect(await count({ minConfidence: 0.3, maxConfidence: 0.7 })).toBe(2);
      expect(await count({ documentIds: [ADA.document.id] })).toBe(2);
      expect(await count({ statuses: ['accepted'] })).toBe(0);
      expect(await count({ statuses: ['unreviewed'], predicates: ['P551'] })).toBe(2);
      expect(await store.countTriples('predicate', {})).toEqual([
        { key: 'P19', count: 2 },
        { key: 'P551', count: 2 },
        { key: 'P69', count: 1 },
      ]);
      expect(await store.countTriples('objectType', { predicates: ['P69'] })).toEqual([
        { key: 'ORG', count: 1 },
      ]);
    }),
  );

  test(
    'evidence is filtered by triple, document, predicate and confidence',
    withTwo(async (store) => {
      const found = async (filter: NonNullable<Parameters<GraphStore['evidence']>[0]['filter']>) =>
        (await store.evidence({ first: 10, filter })).items.map(({ node }) => node.label);
      const { triples } = await dumpGraph(store);
      expect(await found({})).toEqual(['P19', 'P69', 'P19', 'P551', 'P551']);
      expect(await found({ documentIds: [ADA.document.id] })).toEqual(['P19', 'P551']);
      expect(await found({ predicates: ['P69'] })).toEqual(['P69']);
      expect(await found({ minConfidence: 0.75 })).toEqual(['P19', 'P69']);
      expect(await found({ tripleIds: [triples[0]!.id] })).toEqual(['P19']);
    }),
  );

  test(
    'documents are filtered by external id, source and text',
    withTwo(async (store) => {
      const found = async (filter: NonNullable<Parameters<GraphStore['documents']>[0]['filter']>) =>
        (await store.documents({ first: 10, filter })).items.map(({ node }) => node.externalId);
      expect(await found({ externalIds: ['bohr', 'nobody'] })).toEqual(['bohr']);
      expect(await found({ source: 'web' })).toEqual(['ada']);
      expect(await found({ text: 'lovelace p19' })).toEqual(['ada']);
      expect(await found({ text: '%' })).toEqual([]);
    }),
  );

  test(
    'the neighbourhood widens with its depth and says when it was cut',
    withTwo(async (store) => {
      const near = async (id: EntityId, depth: number, limit = 100) => {
        const found = await store.neighbourhood(id, depth, limit);
        return found && [found.entities.length, found.triples.length, found.truncated];
      };
      expect(await near(london, 1)).toEqual([2, 2, false]);
      expect(await near(london, 2)).toEqual([3, 3, false]);
      expect(await near(london, 3)).toEqual([4, 4, false]);
      expect(await near(london, 4)).toEqual([5, 5, false]);
      expect(await near(london, 4, 5)).toEqual([5, 5, false]);
      expect(await near(london, 4, 3)).toEqual([3, 3, true]);
      expect(await near('nobody' as EntityId, 1)).toBeNull();
      await expect(store.neighbourhood(london, 0, 10)).rejects.toMatchObject({ path: ['depth'] });
      await expect(store.neighbourhood(london, 5, 10)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
      await expect(store.neighbourhood(london, 1, 0)).rejects.toMatchObject({ path: ['limit'] });
    }),
  );

  test(
    'the store says that it is well',
    withTwo(async (store) => {
      expect(await store.health()).toMatchObject({
        schemaVersion: expect.any(Number),
        version: expect.any(String),
      });
    }),
  );
}
