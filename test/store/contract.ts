import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { GraphStore } from '../../src/store/graph-store.js';
import { buildDocument, type DocumentSketch } from './builders.js';
import { pagesContract } from './contract-pages.js';
import { readsContract } from './contract-reads.js';
import { dumpGraph } from './dump.js';
import { documentSketches, revisedFacts } from './sketches.js';

/** Runs a body with an empty store, and cleans up. */
export type WithStore = <T>(body: (store: GraphStore) => Promise<T>) => Promise<T>;

/** What every adapter of the GraphStore port promises. */
export function graphStoreContract(name: string, withStore: WithStore, numRuns = 15): void {
  describe(`${name}: writing`, () => {
    writingContract(withStore);
  });
  describe(`${name}: any documents`, () => {
    propertyContract(withStore, numRuns);
  });
  describe(`${name}: reading`, () => {
    readsContract(withStore);
  });
  describe(`${name}: pages`, () => {
    pagesContract(withStore);
  });
}

const save = async (store: GraphStore, ...sketches: DocumentSketch[]) => {
  for (const sketch of sketches) await store.saveDocument(buildDocument(sketch));
};

const born = (subject: string, object: string, confidence = 0.8) => ({
  subject,
  predicate: 'P19',
  object,
  confidence,
});

function writingContract(withStore: WithStore): void {
  test('a saved document is created once, unchanged when it comes again', () =>
    withStore(async (store) => {
      const extracted = buildDocument({ externalId: 'a', facts: [born('Ada Lovelace', 'London')] });
      const created = await store.saveDocument(extracted);
      const before = await dumpGraph(store);
      const again = await store.saveDocument(extracted);
      expect(created.change).toBe('created');
      expect(again).toEqual({ ...created, change: 'unchanged' });
      expect(created.tripleIds).toHaveLength(1);
      expect(await dumpGraph(store)).toEqual(before);
    }));

  test('another text under the same externalId replaces all that the first one brought', () =>
    withStore(async (store) => {
      await save(store, { externalId: 'a', facts: [born('Ada Lovelace', 'London')] });
      const revised = buildDocument({ externalId: 'a', facts: [born('Niels Bohr', 'Copenhagen')] });
      expect((await store.saveDocument(revised)).change).toBe('replaced');
      const { entities, documents } = await dumpGraph(store);
      expect(entities.map(({ name }) => name)).toEqual(['Copenhagen', 'Niels Bohr']);
      expect(documents).toEqual([revised.document]);
    }));

  test('the same text under another profile replaces the predictions', () =>
    withStore(async (store) => {
      const facts = [born('Ada Lovelace', 'London')];
      await save(store, { externalId: 'a', facts });
      const outcome = await store.saveDocument(
        buildDocument({ externalId: 'a', facts, profile: 'general@2' }),
      );
      expect(outcome.change).toBe('replaced');
      expect(await store.storedRevision('a')).toMatchObject({ profile: 'general@2' });
    }));

  test('a new title of the same text is kept', () =>
    withStore(async (store) => {
      const facts = [born('Ada Lovelace', 'London')];
      await save(store, { externalId: 'a', facts, title: 'Old' });
      const renamed = buildDocument({
        externalId: 'a',
        facts,
        title: 'New',
        metadata: { tags: ['x', null] },
      });
      expect((await store.saveDocument(renamed)).change).toBe('replaced');
      expect(await store.documentsById([renamed.document.id])).toEqual([renamed.document]);
    }));

  test('evidence of two documents raises one triple, and retracting one lowers it again', () =>
    withStore(async (store) => {
      await save(store, { externalId: 'a', facts: [born('Ada Lovelace', 'London', 0.5)] });
      const alone = await dumpGraph(store);
      await save(store, { externalId: 'b', facts: [born('Ada Lovelace', 'London', 0.6)] });
      expect((await dumpGraph(store)).triples).toMatchObject([{ evidenceCount: 2, confidence: 0.8 }]);
      expect(await store.retractDocument('b')).toMatchObject({ removedTriples: 0, removedEntities: 0 });
      expect(await dumpGraph(store)).toEqual(alone);
    }));

  test('retracting the last document leaves nothing', () =>
    withStore(async (store) => {
      const empty = await dumpGraph(store);
      await save(store, { externalId: 'a', facts: [born('Ada Lovelace', 'London')] });
      expect(await store.retractDocument('a')).toMatchObject({ removedTriples: 1, removedEntities: 2 });
      expect(await dumpGraph(store)).toEqual(empty);
      expect(await store.retractDocument('a')).toBeNull();
      expect(await store.storedRevision('a')).toBeNull();
    }));

  test('an entity goes by the full name that most documents give it, and keeps the others as aliases', () =>
    withStore(async (store) => {
      await save(
        store,
        { externalId: 'a', facts: [{ ...born('ADA LOVELACE', 'London'), subjectSurface: 'Ada' }] },
        { externalId: 'b', facts: [born('Ada Lovelace', 'London')] },
        { externalId: 'c', facts: [{ ...born('Ada Lovelace', 'London'), subjectSurface: 'Ada' }] },
      );
      const { entities, aliases } = await dumpGraph(store);
      expect(entities.map(({ name }) => name)).toEqual(['Ada Lovelace', 'London']);
      expect(aliases).toEqual([['Ada'], []]);
    }));

  test('a pronoun gives its entity a mention but no alias', () =>
    withStore(async (store) => {
      await save(store, {
        externalId: 'a',
        facts: [{ ...born('Ada Lovelace', 'London'), subjectSurface: 'She' }],
      });
      const { entities, aliases, mentionsOfEntities } = await dumpGraph(store);
      expect(entities[0]).toMatchObject({ name: 'Ada Lovelace' });
      expect(aliases[0]).toEqual([]);
      expect(mentionsOfEntities[0]).toMatchObject([{ text: 'She', origin: 'pronoun' }]);
    }));

  test('a document that refers to a sentence that it does not bring is refused and changes nothing', () =>
    withStore(async (store) => {
      const sound = buildDocument({ externalId: 'a', facts: [born('Ada Lovelace', 'London')] });
      const empty = await dumpGraph(store);
      await expect(store.saveDocument({ ...sound, sentences: [] })).rejects.toMatchObject({
        code: 'INVALID_DOCUMENT',
        path: ['mentions', 0, 'sentenceId'],
      });
      expect(await dumpGraph(store)).toEqual(empty);
    }));

  test('a document without any pair is kept', () =>
    withStore(async (store) => {
      const bare = buildDocument({ externalId: 'a', facts: [] });
      await store.saveDocument(bare);
      expect((await dumpGraph(store)).documents).toEqual([bare.document]);
      expect((await store.saveDocument(bare)).change).toBe('unchanged');
    }));

  test('documents saved at the same time are all kept', () =>
    withStore(async (store) => {
      const sketches = Array.from({ length: 20 }, (_, index) => ({
        externalId: `d${index}`,
        facts: [born('Ada Lovelace', 'London', 0.1)],
      }));
      await Promise.all(sketches.map((sketch) => store.saveDocument(buildDocument(sketch))));
      expect(await store.counts()).toEqual({ documents: 20, entities: 2, triples: 1, evidence: 20 });
    }));
}

function propertyContract(withStore: WithStore, numRuns: number): void {
  const graphOf = (sketches: readonly DocumentSketch[]) =>
    withStore(async (store) => {
      await save(store, ...sketches);
      return dumpGraph(store);
    });

  test('in any order, repeated, one by one or at once, they give the same graph', async () => {
    await fc.assert(
      fc.asyncProperty(documentSketches, fc.infiniteStream(fc.nat()), async (sketches, picks) => {
        const expected = await graphOf(sketches);
        const shuffled = [...sketches, ...sketches]
          .map((sketch) => ({ sketch, place: picks.next().value as number }))
          .sort((a, b) => a.place - b.place)
          .map(({ sketch }) => sketch);
        const actual = await withStore(async (store) => {
          const half = shuffled.length / 2;
          await save(store, ...shuffled.slice(0, half));
          await Promise.all(shuffled.slice(half).map((sketch) => store.saveDocument(buildDocument(sketch))));
          return dumpGraph(store);
        });
        expect(actual).toEqual(expected);
      }),
      { numRuns },
    );
  });

  test('retracting one leaves the graph that would be there had it never come', async () => {
    await fc.assert(
      fc.asyncProperty(documentSketches, async ([victim, ...others]) => {
        const expected = await graphOf(others);
        const actual = await withStore(async (store) => {
          await save(store, ...(victim ? [victim] : []), ...others);
          await store.retractDocument(victim?.externalId ?? '');
          return dumpGraph(store);
        });
        expect(actual).toEqual(expected);
      }),
      { numRuns },
    );
  });

  test('replacing one leaves the graph that its new text alone would have given', async () => {
    await fc.assert(
      fc.asyncProperty(documentSketches, revisedFacts, async (sketches, facts) => {
        const revised = { externalId: 'document-0', facts };
        const expected = await graphOf([...sketches.slice(1), revised]);
        const actual = await withStore(async (store) => {
          await save(store, ...sketches, revised);
          return dumpGraph(store);
        });
        expect(actual).toEqual(expected);
      }),
      { numRuns },
    );
  });
}
