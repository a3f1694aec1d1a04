import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { GraphStore } from '../../src/store/graph-store.js';
import { buildDocument, type DocumentSketch, type Fact } from './builders.js';
import type { WithStore } from './contract.js';
import { dumpGraph, readAll } from './dump.js';
import {
  batches,
  identityActs,
  importing,
  known,
  named,
  perform,
  type IdentityAct,
} from './identity-sketches.js';
import { documentSketches, revisedFacts } from './sketches.js';

/** What every adapter of the IdentityStore port promises. */
export function identityContract(name: string, withStore: WithStore, numRuns = 8): void {
  describe(`${name}: merging`, () => {
    mergingContract(withStore);
  });
  describe(`${name}: dictionaries`, () => {
    dictionaryContract(withStore);
  });
  describe(`${name}: the record`, () => {
    recordContract(withStore);
  });
  describe(`${name}: any documents and any acts of identity`, () => {
    propertyContract(withStore, numRuns);
  });
}

const ADA = named('PER', 'Ada Lovelace');
const KING = named('PER', 'Ada King');
const COUNTESS = named('PER', 'The Countess');
const BOHR = named('PER', 'Niels Bohr');

const save = async (store: GraphStore, externalId: string, ...facts: Fact[]) => {
  await store.saveDocument(buildDocument({ externalId, facts }));
};
const born = (subject: string, object = 'London', confidence = 0.8): Fact => ({
  subject,
  predicate: 'P19',
  object,
  confidence,
});
const order = (from: typeof ADA, into: typeof ADA) => ({ from, into, by: 'ann', note: 'one person' });

function mergingContract(withStore: WithStore): void {
  test('a merge moves mentions, aliases and evidence, and taking it back restores everything', () =>
    withStore(async (store) => {
      await save(store, 'a', born('Ada Lovelace', 'London', 0.5));
      await save(store, 'b', born('Ada King', 'London', 0.6), born('Niels Bohr', 'Copenhagen'));
      const before = await dumpGraph(store);
      const { merge, changes } = await store.identity.merge(order(KING, ADA));
      expect(changes).toEqual({ mentions: 1, evidence: 1 });
      expect(merge).toMatchObject({ from: KING, into: ADA, by: 'ann', note: 'one person', undone: null });

      const merged = await dumpGraph(store);
      expect(merged.entities.map(({ name }) => name)).toEqual([
        'Ada Lovelace',
        'Copenhagen',
        'London',
        'Niels Bohr',
      ]);
      expect(merged.aliases[0]).toEqual(['Ada King']);
      expect(merged.triples.find(({ subjectId }) => subjectId === ADA.id)).toMatchObject({
        evidenceCount: 2,
        confidence: 0.8,
      });
      expect(merged.predictions).toEqual(before.predictions);
      expect(merged.neighbours).toEqual(before.neighbours);

      const undone = await store.identity.unmerge(merge.id, 'ben');
      expect(undone.changes).toEqual({ mentions: 1, evidence: 1 });
      expect(undone.merge.undone).toMatchObject({ by: 'ben' });
      expect(await dumpGraph(store)).toEqual(before);
    }));

  test('the id of a merged entity still gives what it stands for', () =>
    withStore(async (store) => {
      await save(store, 'a', born('Ada Lovelace'));
      await save(store, 'b', born('Ada King'));
      await store.identity.merge(order(KING, ADA));
      expect(await store.entitiesById([KING.id, ADA.id])).toMatchObject([{ id: ADA.id }, { id: ADA.id }]);
      expect(await store.aliasesOfEntities([KING.id])).toEqual([['Ada King']]);
      expect((await store.mentionsOfEntities([KING.id], 10))[0]).toHaveLength(2);
      const ofKing = await store.triples({ first: 10, filter: { subjectIds: [KING.id] } });
      expect(ofKing.items).toHaveLength(1);
      expect((await store.neighbourhood(KING.id, 1, 10))?.triples).toHaveLength(1);
      expect(await store.identity.redirectsOf([KING.id, ADA.id])).toEqual([ADA, null]);
    }));

  test('a triple whose ends become one goes, and comes back with its voters', () =>
    withStore(async (store) => {
      await save(store, 'a', { ...born('Ada Lovelace', 'Ada King'), objectType: 'PER' });
      const before = await dumpGraph(store);
      const { merge } = await store.identity.merge(order(KING, ADA));
      const merged = await dumpGraph(store);
      expect(merged.counts).toEqual({ documents: 1, entities: 1, triples: 0, evidence: 0 });
      await store.identity.unmerge(merge.id, 'ann');
      expect(await dumpGraph(store)).toEqual(before);
      expect(before.neighbours[0]).toHaveLength(2);
    }));

  test('chains are followed to their end, and come apart link by link', () =>
    withStore(async (store) => {
      await save(store, 'a', born('Ada Lovelace'), born('Ada King'), born('The Countess'));
      const before = await dumpGraph(store);
      const first = await store.identity.merge(order(COUNTESS, KING));
      const onlyFirst = await dumpGraph(store);
      const second = await store.identity.merge(order(KING, ADA));
      expect((await store.entitiesById([COUNTESS.id]))[0]).toMatchObject({ id: ADA.id });
      expect(second.changes.mentions).toBe(2);
      await store.identity.unmerge(first.merge.id, 'ann');
      expect((await store.entitiesById([COUNTESS.id, KING.id])).map((found) => found?.id)).toEqual([
        COUNTESS.id,
        ADA.id,
      ]);
      await store.identity.unmerge(second.merge.id, 'ann');
      expect(await dumpGraph(store)).toEqual(before);
      await store.identity.merge(order(COUNTESS, KING));
      expect(await dumpGraph(store)).toEqual(onlyFirst);
    }));

  test('merges among documents that are saved at the same time miss none of them', () =>
    withStore(async (store) => {
      const people = ['Ada Lovelace', 'Ada King', 'The Countess'];
      const documents = Array.from({ length: 12 }, (_, place) =>
        buildDocument({ externalId: `d${place}`, facts: [born(people[place % 3] ?? '', 'London', 0.1)] }),
      );
      await Promise.all([
        ...documents.slice(0, 6).map((document) => store.saveDocument(document)),
        store.identity.merge(order(KING, ADA)),
        store.identity.merge(order(COUNTESS, KING)),
        ...documents.slice(6).map((document) => store.saveDocument(document)),
      ]);
      const { counts, entities, triples, mentions } = await dumpGraph(store);
      expect(counts).toEqual({ documents: 12, entities: 2, triples: 1, evidence: 12 });
      expect(entities[0]).toMatchObject(ADA);
      expect(triples).toMatchObject([{ subjectId: ADA.id, evidenceCount: 12 }]);
      expect(new Set(mentions.flat().map(({ entityId }) => entityId)).size).toBe(2);
    }));

  test('what is one already is not merged again, neither way round', () =>
    withStore(async (store) => {
      await save(store, 'a', born('Ada Lovelace'), born('Ada King'));
      await store.identity.merge(order(KING, ADA));
      const before = await dumpGraph(store);
      for (const again of [order(KING, ADA), order(ADA, KING), order(ADA, ADA)])
        await expect(store.identity.merge(again)).rejects.toMatchObject({ code: 'CONFLICT', path: ['into'] });
      expect(await dumpGraph(store)).toEqual(before);
    }));

  test('dates and numbers are not merged: their value is their identity', () =>
    withStore(async (store) => {
      const year = named('TIME', '1815');
      await expect(store.identity.merge(order(year, ADA))).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
        path: ['from'],
      });
    }));

  test('a merge may come before any document, and an entity of another name may be what is left', () =>
    withStore(async (store) => {
      await store.identity.merge(order(KING, ADA));
      await save(store, 'a', born('Ada King'));
      const { entities, aliases } = await dumpGraph(store);
      expect(entities[0]).toMatchObject({ ...ADA, externalIds: [] });
      expect(aliases[0]).toEqual(['Ada King']);
      await store.retractDocument('a');
      expect(await store.counts()).toMatchObject({ entities: 0 });
    }));

  test('an entity may be merged into one of another type', () =>
    withStore(async (store) => {
      await save(store, 'a', { ...born('Ada Lovelace', 'Harvard'), predicate: 'P69' });
      const [from, into] = [named('LOC', 'Harvard'), named('ORG', 'Harvard University')];
      await store.identity.merge(order(from, into));
      const filter = { objectTypes: ['ORG'] as const };
      expect((await store.triples({ first: 10, filter })).items).toHaveLength(1);
      expect((await store.entitiesById([from.id]))[0]).toMatchObject(into);
    }));
}

function dictionaryContract(withStore: WithStore): void {
  const lovelace = {
    name: 'Ada Lovelace',
    aliases: ['Ada King', 'The Countess'],
    externalIds: ['wikidata:Q7259', 'viaf:1'],
  };

  test('all names of a known entity lead to it, before and after its documents', () =>
    withStore(async (store) => {
      await save(store, 'a', born('Ada King', 'London', 0.5));
      await importing(store, 'people', lovelace);
      await save(store, 'b', born('Ada Lovelace', 'London', 0.6));
      const { id } = known(lovelace);
      const { entities, triples } = await dumpGraph(store);
      expect(entities[0]).toEqual({
        ...{ id, type: 'PER', name: 'Ada Lovelace', date: null },
        externalIds: [
          { scheme: 'viaf', value: '1' },
          { scheme: 'wikidata', value: 'Q7259' },
        ],
      });
      expect(triples).toMatchObject([{ subjectId: id, evidenceCount: 2 }]);
      expect(await store.entitiesById([ADA.id])).toEqual([entities[0]]);
    }));

  test('removing a dictionary restores what was there without it', () =>
    withStore(async (store) => {
      await save(store, 'a', born('Ada King'), born('Ada Lovelace'));
      const before = await dumpGraph(store);
      await importing(store, 'people', lovelace);
      expect(await store.identity.removeDictionary('people')).toEqual({ mentions: 2, evidence: 2 });
      expect(await dumpGraph(store)).toEqual(before);
      expect(await store.identity.removeDictionary('people')).toBeNull();
    }));

  test('a name that two known entities have is left alone, and reported', () =>
    withStore(async (store) => {
      await save(store, 'a', born('The Countess'));
      const other = { name: 'Jane Digby', aliases: ['The Countess'], externalIds: ['wikidata:Q272616'] };
      const { dictionary, ambiguous } = await importing(store, 'people', lovelace, other);
      expect(dictionary).toMatchObject({ name: 'people', entities: 2, names: 4, ambiguousNames: 1 });
      expect(ambiguous).toMatchObject([{ name: 'The Countess', type: 'PER' }]);
      expect(ambiguous[0]?.entities.map(({ id }) => id).sort()).toEqual(
        [known(lovelace).id, known(other).id].sort(),
      );
      expect((await store.entitiesById([COUNTESS.id]))[0]).toMatchObject(COUNTESS);
    }));

  test('a name is ambiguous across dictionaries, too, until one of them goes', () =>
    withStore(async (store) => {
      await save(store, 'a', born('The Countess'));
      await importing(store, 'people', lovelace);
      await importing(store, 'novels', { name: 'Olivia', aliases: ['The Countess'] });
      expect((await store.entitiesById([COUNTESS.id]))[0]?.id).toBe(COUNTESS.id);
      expect((await store.identity.dictionaries()).map(({ ambiguousNames }) => ambiguousNames)).toEqual([
        1, 1,
      ]);
      await store.identity.removeDictionary('novels');
      expect((await store.entitiesById([COUNTESS.id]))[0]?.id).toBe(known(lovelace).id);
    }));

  test('two entities of one name stay two', () =>
    withStore(async (store) => {
      await save(store, 'a', born('Ada Lovelace'));
      const imported = await importing(
        store,
        'people',
        { name: 'Ada Lovelace', externalIds: ['wikidata:Q7259'] },
        { name: 'Ada Lovelace', externalIds: ['wikidata:Q9'] },
      );
      expect(imported.dictionary).toMatchObject({ entities: 2, names: 1, ambiguousNames: 1 });
      expect((await store.entitiesById([ADA.id]))[0]).toMatchObject({ id: ADA.id, externalIds: [] });
    }));

  test('of many ambiguous names the first by name are listed', () =>
    withStore(async (store) => {
      const names = Array.from({ length: 30 }, (_, place) => `Name ${String(place).padStart(2, '0')}`);
      const twice = names.flatMap((name, place) => [
        { name, externalIds: [`wikidata:Q${2 * place + 1}`] },
        { name, externalIds: [`wikidata:Q${2 * place + 2}`] },
      ]);
      const { ambiguous } = await importing(store, 'people', ...twice);
      expect(ambiguous.map(({ name }) => name)).toEqual(names.slice(0, 20));
    }));

  test('entities of an ambiguous name are listed by id, each as its first entry calls it', () =>
    withStore(async (store) => {
      const written = ['Ada King', 'ADA KING', 'ada king', 'Ada king', 'aDa King'];
      const sketches = written.map((name, place) => ({ name, externalIds: [`wikidata:Q${place + 1}`] }));
      await importing(store, 'b', { name: 'Augusta', aliases: ['ADA KING'], externalIds: ['wikidata:Q3'] });
      const { ambiguous } = await importing(store, 'a', ...sketches);
      const entities = sketches.map((sketch) => ({ id: known(sketch).id, type: 'PER', name: sketch.name }));
      entities.sort((a, b) => (a.id < b.id ? -1 : 1));
      expect(ambiguous).toEqual([{ name: 'ADA KING', type: 'PER', entities }]);
    }));

  test('a dictionary, or a merge, of what no document mentions is no change of the graph', () =>
    withStore(async (store) => {
      const { endCursor: after } = await store.queries.changes({ first: 500 });
      await importing(store, 'people', { name: 'Nobody', aliases: ['No One'], externalIds: ['wikidata:Q1'] });
      await store.identity.merge(order(ADA, KING));
      expect((await store.queries.changes({ first: 500, after })).changes).toEqual([]);
    }));

  test('importing again replaces the dictionary of that name; the same one changes nothing', () =>
    withStore(async (store) => {
      await save(store, 'a', born('Ada King'), born('The Countess'));
      await importing(store, 'people', lovelace);
      const before = await dumpGraph(store);
      const again = await importing(store, 'people', lovelace);
      expect(again.changes).toEqual({ mentions: 0, evidence: 0 });
      expect(await dumpGraph(store)).toEqual(before);
      await importing(store, 'people', { ...lovelace, name: 'Augusta Ada King', aliases: ['Ada King'] });
      expect(await store.entitiesById([KING.id, COUNTESS.id])).toMatchObject([
        { id: known(lovelace).id, name: 'Augusta Ada King' },
        COUNTESS,
      ]);
      expect(await store.identity.dictionaries()).toHaveLength(1);
    }));

  test('an import that breaks off leaves everything as it was', () =>
    withStore(async (store) => {
      await importing(store, 'people', lovelace);
      await save(store, 'a', born('Ada King'));
      const before = await dumpGraph(store);
      async function* broken() {
        yield [known({ name: 'Niels Bohr', aliases: ['Ada King'] })];
        throw new Error('line 2 is no line');
      }
      await expect(store.identity.importDictionary('people', broken())).rejects.toThrow('line 2');
      expect(await dumpGraph(store)).toEqual(before);
    }));

  test('to merge a name of a known entity is to merge that entity', () =>
    withStore(async (store) => {
      await save(store, 'a', born('Ada King'), born('Niels Bohr'));
      await importing(store, 'people', lovelace);
      const { id, type, name } = known(lovelace);
      const { merge } = await store.identity.merge(order(KING, BOHR));
      expect(merge.from).toEqual({ id, type, name });
      expect((await store.entitiesById([KING.id, ADA.id]))[1]?.id).toBe(BOHR.id);
    }));

  test('a dictionary that comes after a merge cannot undo it, also where it closes a cycle', () =>
    withStore(async (store) => {
      await save(store, 'a', born('Ada Lovelace'));
      const { id, type, name } = known(lovelace);
      await store.identity.merge(order({ id, type, name }, BOHR));
      await importing(store, 'people', { ...lovelace, aliases: ['Niels Bohr'] });
      expect((await store.entitiesById([ADA.id, id, BOHR.id])).map((found) => found?.id)).toEqual([
        BOHR.id,
        BOHR.id,
        BOHR.id,
      ]);
      expect((await store.entitiesById([BOHR.id]))[0]?.externalIds).toHaveLength(2);
    }));

  test('entries can be read again, in their order, as they were given', () =>
    withStore(async (store) => {
      const entries = [lovelace, { name: 'Émile Zola' }, { name: 'Åbo', type: 'LOC' as const }].map(known);
      await store.identity.importDictionary('all', batches(entries.slice(0, 1), entries.slice(1)));
      const read = await readAll((page) => store.identity.knownEntities({ ...page, dictionary: 'all' }), 2);
      expect(read).toEqual(entries);
      await expect(store.identity.knownEntities({ first: 1, dictionary: 'none' })).rejects.toMatchObject({
        code: 'NOT_FOUND',
      });
    }));
}

function recordContract(withStore: WithStore): void {
  test('merges are listed latest first, by entity and by whether they are in force', () =>
    withStore(async (store) => {
      const { identity } = store;
      const first = await identity.merge(order(COUNTESS, KING));
      const second = await identity.merge(order(KING, ADA));
      const undone = await identity.unmerge(first.merge.id, 'ben');
      const list = (filter: object) => readAll((page) => identity.merges({ ...page, filter }), 1);
      expect((await list({})).map(({ id }) => id).sort()).toEqual([first.merge.id, second.merge.id].sort());
      expect(await list({ inForce: true })).toEqual([second.merge]);
      expect(await list({ inForce: false, entityIds: [COUNTESS.id] })).toEqual([undone.merge]);
      expect(await identity.mergesById([second.merge.id, 'mer_none' as never])).toEqual([second.merge, null]);
    }));

  test('a merge is undone once; one that is not there is named', () =>
    withStore(async ({ identity }) => {
      const { merge } = await identity.merge(order(KING, ADA));
      await identity.unmerge(merge.id, 'ann');
      await expect(identity.unmerge(merge.id, 'ann')).rejects.toMatchObject({ code: 'CONFLICT' });
      await expect(identity.unmerge('mer_none' as never, 'ann')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    }));

  test('a merge that is there is undone where it was undone elsewhere since', () =>
    withStore(async (store) => {
      await save(store, 'a', born('Ada Lovelace'));
      await save(store, 'b', born('Ada King'));
      const before = await dumpGraph(store);
      const { merge } = await store.identity.merge(order(KING, ADA));
      const undone = { by: 'ben', at: '2026-01-02T00:00:00.000Z' };
      const again = { ...merge, id: 'mer_again' as typeof merge.id, from: ADA, into: KING, undone: null };
      await store.identity.restoreMerges([{ ...merge, undone }]);
      expect(await store.identity.mergesById([merge.id])).toEqual([{ ...merge, undone }]);
      expect(await dumpGraph(store)).toEqual(before);
      // The other way round contradicts it no more; a record from before it was undone brings nothing back.
      await store.identity.restoreMerges([merge, again]);
      expect((await store.entitiesById([ADA.id]))[0]?.id).toBe(KING.id);
      expect(await store.identity.mergesById([merge.id])).toEqual([{ ...merge, undone }]);
    }));

  test('merges that contradict those in force are not taken over', () =>
    withStore(async ({ identity }) => {
      const { merge } = await identity.merge(order(KING, ADA));
      const other = { ...merge, id: 'mer_other' as never };
      for (const contradiction of [
        { ...other, into: BOHR },
        { ...other, from: ADA, into: KING },
      ])
        await expect(identity.restoreMerges([contradiction])).rejects.toMatchObject({ code: 'CONFLICT' });
      await identity.restoreMerges([merge]);
      expect(await (await identity.merges({ first: 10 })).totalCount()).toBe(1);
    }));

  test('a cursor of merges is refused by distinctions, which are ordered alike', () =>
    withStore(async ({ identity }) => {
      await identity.merge(order(ADA, KING));
      const [merge] = (await identity.merges({ first: 1 })).items;
      await expect(identity.distinctions({ first: 1, after: merge!.cursor })).rejects.toMatchObject({
        ...{ code: 'INVALID_ARGUMENT', path: ['after'] },
      });
    }));

  test('a distinction that is said again has the names that were said last', () =>
    withStore(async ({ identity }) => {
      const [a, b] = ADA.id < BOHR.id ? [ADA, BOHR] : [BOHR, ADA];
      const say = (name: string) =>
        identity.distinguish({
          ...{ entities: [{ ...a, name }, b], by: 'x', at: '2026-01-01T00:00:00.000Z', note: null },
        });
      await say('once');
      await say('again');
      const { items } = await identity.distinctions({ first: 5 });
      expect(items.map(({ node }) => node.entities[0].name)).toEqual(['again']);
    }));

  test('a distinction is kept until it is withdrawn, whichever way round it is asked for', () =>
    withStore(async ({ identity }) => {
      const entities = ADA.id < KING.id ? ([ADA, KING] as const) : ([KING, ADA] as const);
      const distinction = { entities, by: 'ann', at: '2026-01-02T03:04:05.000Z', note: 'mother, daughter' };
      await identity.distinguish(distinction);
      await identity.distinguish({ ...distinction, note: null });
      expect((await identity.distinctions({ first: 5 })).items.map(({ node }) => node)).toEqual([
        { ...distinction, note: null },
      ]);
      expect(await identity.withdrawDistinction(KING.id, ADA.id)).toBe(true);
      expect(await identity.withdrawDistinction(ADA.id, KING.id)).toBe(false);
    }));
}

/** Documents and acts of identity in one order; those of either keep theirs. */
type Step = { readonly sketch: DocumentSketch } | { readonly act: IdentityAct };

async function run(store: GraphStore, steps: readonly Step[]): Promise<void> {
  for (const step of steps)
    if ('act' in step) await perform(store, step.act);
    else await store.saveDocument(buildDocument(step.sketch));
}

const asSteps = (sketches: readonly DocumentSketch[], acts: readonly IdentityAct[]) => ({
  documents: sketches.map((sketch) => ({ sketch })),
  acts: acts.map((act) => ({ act })),
});

/** Takes from either list as the picks say. */
function interleave<A, B>(first: readonly A[], second: readonly B[], picks: Iterator<boolean>): (A | B)[] {
  const [a, b] = [[...first], [...second]];
  const joined: (A | B)[] = [];
  while (a.length > 0 || b.length > 0) {
    const next = b.length === 0 || (a.length > 0 && picks.next().value === true) ? a.shift() : b.shift();
    if (next !== undefined) joined.push(next);
  }
  return joined;
}

function propertyContract(withStore: WithStore, numRuns: number): void {
  const graphOf = (steps: readonly Step[]) =>
    withStore(async (store) => {
      await run(store, steps);
      return dumpGraph(store);
    });
  const picks = fc.infiniteStream(fc.boolean());

  test('documents first or acts first, or in between: the same graph', async () => {
    await fc.assert(
      fc.asyncProperty(documentSketches, identityActs, picks, async (sketches, performed, stream) => {
        const { documents, acts } = asSteps(sketches, performed);
        const expected = await graphOf([...documents, ...acts]);
        expect(await graphOf([...acts, ...documents])).toEqual(expected);
        expect(await graphOf(interleave(documents.toReversed(), acts, stream))).toEqual(expected);
      }),
      { numRuns },
    );
  });

  test('what is in force, taken over into another store in any order, gives the same graph', async () => {
    await fc.assert(
      fc.asyncProperty(documentSketches, identityActs, async (sketches, performed) => {
        const { documents, acts } = asSteps(sketches, performed);
        await withStore(async (store) => {
          await run(store, [...documents, ...acts]);
          const { identity } = store;
          const merges = await readAll((page) => identity.merges(page), 2);
          const dictionaries = await Promise.all(
            (await identity.dictionaries()).map(async ({ name }) => ({
              name,
              entries: await readAll((page) => identity.knownEntities({ ...page, dictionary: name })),
            })),
          );
          const expected = await dumpGraph(store);
          const replayed = await withStore(async (other) => {
            await run(other, documents.slice(0, 2));
            await other.identity.restoreMerges(merges);
            await run(other, documents.slice(2));
            for (const { name, entries } of dictionaries.toReversed())
              await other.identity.importDictionary(name, batches(entries));
            return dumpGraph(other);
          });
          expect(replayed).toEqual(expected);
        });
      }),
      { numRuns },
    );
  });

  test('with merges and dictionaries in force, a document that goes or is replaced leaves no trace', async () => {
    await fc.assert(
      fc.asyncProperty(
        documentSketches,
        identityActs,
        revisedFacts,
        picks,
        async (sketches, performed, facts, stream) => {
          const { documents, acts } = asSteps(sketches, performed);
          const replaced = { sketch: { externalId: 'document-1', facts } };
          const others = documents.filter(({ sketch }) => !/-[01]$/.test(sketch.externalId));
          const expected = await graphOf([...others, ...acts, replaced]);
          const actual = await withStore(async (store) => {
            await run(store, interleave(documents, acts, stream));
            await run(store, [replaced]);
            await store.retractDocument('document-0');
            return dumpGraph(store);
          });
          expect(actual).toEqual(expected);
        },
      ),
      { numRuns },
    );
  });
}
