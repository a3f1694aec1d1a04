import { describe, expect, it } from 'vitest';
import { entityId } from '../../src/domain/identity.js';
import { withApi, type TestApi } from './harness.js';

const ADA = entityId('PER', 'Ada Byron');
const LOVELACE = entityId('PER', 'Ada Lovelace');
const LONDON = entityId('LOC', 'London');
const TEXTS = {
  a: 'Ada Byron was born in London.',
  b: 'Ada Lovelace was born in London.',
};

const PROBLEM = '... on Problem { __typename code path message }';
const merge = (api: TestApi, from: string, into: string, by = 'ann') =>
  api.ask(
    `mutation ($from: ID!, $into: ID!, $by: String!) {
       mergeEntities(from: $from, into: $into, by: $by, note: "married") {
         ... on MergeChanged {
           merge { id from { id name entity { id name } } into { type name } by note undone { by } }
           changes { mentions evidence }
         }
         ${PROBLEM}
       }
     }`,
    { from, into, by },
  );

const withTexts = (body: (api: TestApi) => Promise<void>) => () =>
  withApi(async (api) => {
    await api.ingest(TEXTS);
    await body(api);
  });

describe('merges', () => {
  it(
    'are made, listed, found by id and taken back',
    withTexts(async (api) => {
      const { data, errors } = await merge(api, ADA, LOVELACE);
      expect(errors).toEqual([]);
      expect(data.mergeEntities).toMatchObject({
        merge: {
          from: { id: ADA, name: 'Ada Byron', entity: { id: LOVELACE, name: 'Ada Lovelace' } },
          into: { type: 'PER', name: 'Ada Lovelace' },
          ...{ by: 'ann', note: 'married', undone: null },
        },
        changes: { mentions: 1, evidence: 1 },
      });
      const { id } = data.mergeEntities.merge;
      const found = await api.ask(
        `query ($id: ID!, $entity: ID!) {
           node(id: $id) { __typename id }
           merges(filter: { entityIds: [$entity], inForce: true }) { totalCount nodes { id at } }
           entity(id: $entity) { id aliases triplesOut { totalCount nodes { evidenceCount } } }
         }`,
        { id, entity: ADA },
      );
      expect(found.errors).toEqual([]);
      expect(found.data).toMatchObject({
        node: { __typename: 'Merge', id },
        merges: { totalCount: 1, nodes: [{ id, at: expect.stringMatching(/^\d{4}-.*Z$/) }] },
        entity: {
          id: LOVELACE,
          aliases: ['Ada Byron'],
          triplesOut: { totalCount: 1, nodes: [{ evidenceCount: 2 }] },
        },
      });
      const undo = `mutation ($id: ID!) { unmergeEntities(id: $id, by: "ben") {
        ... on MergeChanged { merge { undone { by at } } changes { mentions evidence } } ${PROBLEM} } }`;
      expect((await api.ask(undo, { id })).data.unmergeEntities).toMatchObject({
        merge: { undone: { by: 'ben' } },
        changes: { mentions: 1, evidence: 1 },
      });
      expect((await api.ask(undo, { id })).data.unmergeEntities).toMatchObject({
        __typename: 'Conflict',
        code: 'CONFLICT',
        path: ['id'],
      });
    }),
  );

  it(
    'that cannot be are outcomes with a code and a path',
    withTexts(async (api) => {
      const outcome = async (...args: Parameters<typeof merge>) => (await merge(...args)).data.mergeEntities;
      expect(await outcome(api, ADA, ADA)).toMatchObject({ __typename: 'Conflict', path: ['into'] });
      expect(await outcome(api, 'ent_none', ADA)).toMatchObject({ __typename: 'NotFound', path: ['from'] });
      expect(await outcome(api, ADA, LOVELACE, ' ')).toMatchObject({
        __typename: 'InvalidInput',
        code: 'INVALID_ARGUMENT',
        path: ['by'],
      });
    }),
  );
});

describe('suggestions of duplicates', () => {
  it('give reasons, and leave out what is kept apart', () =>
    withApi(async (api) => {
      await api.ingest({ a: 'Ada Lovelace was born in London.', b: 'Lovelace was born in London.' });
      const suggestions = async () => {
        const { data, errors } =
          await api.ask(`{ duplicateSuggestions(first: 5, minScore: 0.3, types: [PER]) {
          score entities { id name externalIds { scheme } } evidence { reason weight detail } } }`);
        expect(errors).toEqual([]);
        return data.duplicateSuggestions;
      };
      expect(await suggestions()).toMatchObject([
        {
          entities: [{ name: expect.any(String) }, { name: expect.any(String) }],
          evidence: [{ reason: 'SHORTENED_NAME' }, { reason: 'SHARED_NEIGHBOURS' }],
        },
      ]);
      const [a, b] = [LOVELACE, entityId('PER', 'Lovelace')];
      const apart = await api.ask(
        `mutation ($a: ID!, $b: ID!) { keepEntitiesApart(a: $a, b: $b, by: "ann", note: "her husband") {
           ... on Distinction { entities { name } by note } ${PROBLEM} } }`,
        { a, b },
      );
      expect(apart.errors).toEqual([]);
      expect(apart.data.keepEntitiesApart).toMatchObject({ by: 'ann', note: 'her husband' });
      expect(await suggestions()).toEqual([]);
      expect((await api.ask('{ distinctions { totalCount nodes { note } } }')).data.distinctions).toEqual({
        totalCount: 1,
        nodes: [{ note: 'her husband' }],
      });
      const withdraw = `mutation ($a: ID!, $b: ID!) { withdrawDistinction(a: $a, b: $b) {
        ... on DistinctionWithdrawn { entityIds } ${PROBLEM} } }`;
      expect((await api.ask(withdraw, { a, b })).data.withdrawDistinction).toEqual({ entityIds: [a, b] });
      expect((await api.ask(withdraw, { a, b })).data.withdrawDistinction).toMatchObject({
        __typename: 'NotFound',
      });
      expect(await suggestions()).toHaveLength(1);
    }));

  it('outside their limits are refused by name', () =>
    withApi(async (api) => {
      const { errors } = await api.ask('{ duplicateSuggestions(first: 501) { score } }');
      expect(errors[0]?.extensions).toEqual({ code: 'INVALID_ARGUMENT', path: ['first'] });
    }));
});

describe('dictionaries', () => {
  const IMPORT = `mutation ($name: String!, $entries: [DictionaryEntryInput!]!) {
    importDictionary(name: $name, entries: $entries) {
      ... on DictionaryImported {
        dictionary { name entities names ambiguousNames } changes { mentions evidence }
        ambiguous { name type entities { name } }
      }
      ${PROBLEM}
    }
  }`;
  const entry = {
    type: 'PER',
    name: 'Ada Lovelace',
    aliases: ['Ada Byron', 'The Countess'],
    externalIds: ['Q7259'],
  };

  it(
    'link mentions to their entries, are read and removed',
    withTexts(async (api) => {
      const other = { type: 'PER', name: 'Jane Digby', aliases: ['The Countess'] };
      const imported = await api.ask(IMPORT, { name: 'people', entries: [entry, other] });
      expect(imported.errors).toEqual([]);
      expect(imported.data.importDictionary).toMatchObject({
        dictionary: { name: 'people', entities: 2, names: 4, ambiguousNames: 1 },
        changes: { mentions: 2, evidence: 2 },
        ambiguous: [{ name: 'The Countess', type: 'PER', entities: [{}, {}] }],
      });
      const { data, errors } = await api.ask(
        `query ($id: ID!) {
           entity(id: $id) { name externalIds { scheme value } }
           dictionaries { name }
           dictionary(name: "people") {
             importedAt
             entries(first: 1) { totalCount nodes { name aliases externalIds { value } } pageInfo { hasNextPage } }
           }
           none: dictionary(name: "none") { name }
         }`,
        { id: ADA },
      );
      expect(errors).toEqual([]);
      expect(data).toMatchObject({
        entity: { name: 'Ada Lovelace', externalIds: [{ scheme: 'wikidata', value: 'Q7259' }] },
        dictionaries: [{ name: 'people' }],
        dictionary: {
          entries: {
            totalCount: 2,
            nodes: [
              {
                name: 'Ada Lovelace',
                aliases: ['Ada Byron', 'The Countess'],
                externalIds: [{ value: 'Q7259' }],
              },
            ],
            pageInfo: { hasNextPage: true },
          },
        },
        none: null,
      });
      const remove = `mutation { removeDictionary(name: "people") {
        ... on DictionaryRemoved { name changes { mentions } } ${PROBLEM} } }`;
      expect((await api.ask(remove)).data.removeDictionary).toEqual({
        name: 'people',
        changes: { mentions: 2 },
      });
      expect((await api.ask(remove)).data.removeDictionary).toMatchObject({ __typename: 'NotFound' });
    }),
  );

  it(
    'with a wrong entry or name are refused as a whole',
    withTexts(async (api) => {
      const refused = async (variables: object) =>
        (await api.ask(IMPORT, variables as Record<string, unknown>)).data.importDictionary;
      expect(
        await refused({ name: 'people', entries: [entry, { ...entry, name: '', externalIds: [] }] }),
      ).toMatchObject({ __typename: 'InvalidInput', path: ['entries', '1', 'name'] });
      expect(await refused({ name: 'people', entries: [{ ...entry, type: 'TIME' }] })).toMatchObject({
        path: ['entries', '0', 'type'],
      });
      expect(await refused({ name: 'My people', entries: [entry] })).toMatchObject({ path: ['name'] });
      expect((await api.ask('{ dictionaries { name } }')).data.dictionaries).toEqual([]);
      expect((await api.ask(`{ entity(id: "${LONDON}") { externalIds { value } } }`)).data.entity).toEqual({
        externalIds: [],
      });
    }),
  );
});
