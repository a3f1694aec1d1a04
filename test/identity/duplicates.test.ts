import { describe, expect, test } from 'vitest';
import { suggestDuplicates } from '../../src/identity/duplicates.js';
import { IdentityService } from '../../src/identity/identity-service.js';
import type { EntityType } from '../../src/domain/mention-types.js';
import type { GraphStore } from '../../src/store/graph-store.js';
import { buildDocument, type Fact } from '../store/builders.js';
import { importing, named } from '../store/identity-sketches.js';
import { withSqliteStore } from '../store/temporary.js';

const save = (store: GraphStore, ...facts: Fact[]) =>
  store.saveDocument(buildDocument({ externalId: JSON.stringify(facts), facts }));

/** One document for each name: an entity of a type in a place of its own. */
async function names(store: GraphStore, type: EntityType, ...all: string[]): Promise<void> {
  for (const name of all)
    await save(store, { subject: name, predicate: 'P19', object: `Home of ${name}`, subjectType: type });
}

/** Suggested pairs of names with the reasons, best first. */
async function suggested(store: GraphStore, minScore = 0.25, types: EntityType[] = ['PER', 'ORG', 'LOC']) {
  const found = await suggestDuplicates(store, { first: 50, minScore, types });
  return found
    .map(({ entities, evidence }) => ({
      names: entities.map(({ name }) => name).sort(),
      reasons: evidence.map(({ reason }) => reason),
    }))
    .filter(({ names: [first = ''] }) => !first.startsWith('Home of'));
}

const SAME_NAME_AND_HOME = ['same-name-other-type', 'shared-neighbours'];

describe('suggestions of duplicates', () => {
  test.each<[EntityType, string, string, string]>([
    ['PER', 'Marie Curie', 'M. Curie', 'shortened-name'],
    ['PER', 'Johann Sebastian Bach', 'Johann Bach', 'shortened-name'],
    ['PER', 'Niels Bohr', 'Bohr', 'shortened-name'],
    ['ORG', 'World Health Organization', 'WHO', 'abbreviation'],
    ['ORG', 'Harvard University', 'Harvard', 'shortened-name'],
    ['PER', 'Vladimir Nabokov', 'Vladimir Nabokow', 'spelling'],
  ])('pair %s %s with %s', (type, full, short, reason) =>
    withSqliteStore(async (store) => {
      await names(store, type, full, short, 'Somebody Else Altogether');
      expect(await suggested(store)).toEqual([{ names: [full, short].sort(), reasons: [reason] }]);
    }),
  );

  test.each<[EntityType, string, string]>([
    ['PER', 'Marie Curie', 'Pierre Curie'],
    ['PER', 'George Bush', 'Barbara Bush'],
    ['ORG', 'Apollo 11 Programme', 'Apollo 12 Programme'],
    ['LOC', 'Frankfurt am Main', 'Frankfurt an der Oder'],
  ])('leave %s %s and %s alone', (type, one, other) =>
    withSqliteStore(async (store) => {
      await names(store, type, one, other);
      expect(await suggested(store)).toEqual([]);
    }),
  );

  test('find one name under two types, and one external id under two entries', () =>
    withSqliteStore(async (store) => {
      await names(store, 'ORG', 'Harvard Observatory');
      await names(store, 'LOC', 'Harvard Observatory');
      await names(store, 'PER', 'Mark Twain', 'Samuel Clemens');
      await importing(store, 'a', { name: 'Mark Twain', externalIds: ['house:1', 'wikidata:Q7245'] });
      await importing(store, 'b', { name: 'Samuel Clemens', externalIds: ['house:2', 'wikidata:Q7245'] });
      expect(await suggested(store)).toEqual([
        { names: ['Mark Twain', 'Samuel Clemens'], reasons: ['same-external-id'] },
        { names: ['Harvard Observatory', 'Harvard Observatory'], reasons: SAME_NAME_AND_HOME },
      ]);
    }));

  test('are the same down to any lowest score, and none is without a reason', () =>
    withSqliteStore(async (store) => {
      await names(store, 'PER', 'Niels Bohr', 'Bohr', 'Harald Bohr');
      for (const subject of ['Niels Bohr', 'Bohr'])
        for (const object of ['Copenhagen', 'Cambridge', 'Manchester', 'Princeton'])
          await save(store, { subject, predicate: 'P551', object });
      const best = { names: ['Bohr', 'Niels Bohr'], reasons: ['shared-neighbours', 'shortened-name'] };
      expect(await suggested(store, 0.75)).toEqual([best]);
      expect(await suggested(store, 0)).toEqual([
        best,
        { names: ['Bohr', 'Harald Bohr'], reasons: ['shortened-name'] },
      ]);
    }));

  test('rank those higher that share triples, and say how many', () =>
    withSqliteStore(async (store) => {
      await names(store, 'PER', 'Niels Bohr', 'Bohr', 'Harald Bohr');
      for (const subject of ['Niels Bohr', 'Bohr'])
        for (const object of ['Copenhagen', 'Carlsberg'])
          await save(store, { subject, predicate: 'P551', object });
      const [first] = await suggestDuplicates(store, { first: 5, minScore: 0.3 });
      expect(first?.entities.map(({ name }) => name).sort()).toEqual(['Bohr', 'Niels Bohr']);
      expect(first?.evidence.map(({ detail }) => detail)).toEqual([
        '2 triples of both are the same',
        '"Bohr" shortens "Niels Bohr"',
      ]);
      expect(first?.score).toBeCloseTo(1 - 0.7 * 0.75 ** 2, 10);
    }));

  test('leave out what was merged, and what was told apart, also once it stands for something else', () =>
    withSqliteStore(async (store) => {
      await names(store, 'PER', 'Niels Bohr', 'N. Bohr', 'N. H. D. Bohr');
      const [niels, short, long] = ['Niels Bohr', 'N. Bohr', 'N. H. D. Bohr'].map(
        (name) => named('PER', name).id,
      );
      const service = new IdentityService(store);
      const before = await suggested(store);
      expect(before.map(({ names: pair }) => pair)).toContainEqual(['N. Bohr', 'Niels Bohr']);
      const apart = await service.keepApart(niels as never, short as never, { by: 'ann' });
      expect((await suggested(store)).map(({ names: pair }) => pair)).not.toContainEqual([
        'N. Bohr',
        'Niels Bohr',
      ]);
      await service.merge(short as never, long as never, { by: 'ann' });
      expect(await suggested(store)).toEqual([]);
      await store.identity.withdrawDistinction(apart.entities[0].id, apart.entities[1].id);
      expect((await suggested(store)).map(({ names: pair }) => pair)).toEqual([
        ['N. H. D. Bohr', 'Niels Bohr'],
      ]);
    }));

  test('name the one to keep first: a known one, else the more mentioned one', () =>
    withSqliteStore(async (store) => {
      await names(store, 'PER', 'Ada Lovelace', 'A. Lovelace');
      await save(store, { subject: 'A. Lovelace', predicate: 'P20', object: 'London' });
      const keep = async () => (await suggestDuplicates(store, { first: 1 }))[0]?.entities[0].name;
      expect(await keep()).toBe('A. Lovelace');
      await importing(store, 'people', { name: 'Ada Lovelace', externalIds: ['Q7259'] });
      expect(await keep()).toBe('Ada Lovelace');
    }));

  test('leave the event loop its turns, however many have a word in common', () =>
    withSqliteStore(async (store) => {
      const facts = Array.from({ length: 1_000 }, (_, place) => ({
        subject: `Anna Person${place} Smith`,
        predicate: 'NIL',
        object: 'London',
      }));
      await store.saveDocument(buildDocument({ externalId: 'many', facts }));
      let longest = 0;
      let last = performance.now();
      const timer = setInterval(() => {
        longest = Math.max(longest, performance.now() - last);
        last = performance.now();
      }, 1);
      try {
        await suggestDuplicates(store, { first: 10 });
      } finally {
        clearInterval(timer);
      }
      expect(longest).toBeLessThan(500);
    }));

  test.each([
    [{ first: 0 }, 'first'],
    [{ first: 501 }, 'first'],
    [{ first: 1, minScore: 2 }, 'minScore'],
  ])('refuse %j', (query, field) =>
    withSqliteStore(async (store) => {
      await expect(suggestDuplicates(store, query)).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
        path: [field],
      });
    }),
  );
});
