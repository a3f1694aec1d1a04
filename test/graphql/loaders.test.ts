import { expect, test } from 'vitest';
import { counting } from './counting.js';
import { withApi } from './harness.js';

test('a page of 50 triples with evidence and neighbours is one store call a level', async () => {
  const calls = new Map<string, number>();
  await withApi(
    async ({ ask, ingest }) => {
      const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
      await ingest(
        Object.fromEntries(
          letters.flatMap((letter) => [
            [`${letter}1`, `${letter}nna Moss was born in Paris. She died in London.`],
            [`${letter}2`, `${letter}nna Moss was born in Paris.`],
          ]),
        ),
      );
      calls.clear();
      const { data, errors } = await ask(`{
        triples(first: 50) {
          totalCount countsBy(field: PREDICATE) { key count }
          edges { cursor node {
            subject { name aliases } predicate { name } object { name }
            evidence(first: 5) { totalCount nodes {
              p sentence { text span(unit: CODE_POINTS) { start } } document { externalId }
              subject { text entity { name } span(unit: CODE_POINTS) { start } } object { text entity { name } }
              triple { confidence }
              neighbours(first: 2) { text weight entry { origin } }
            } }
          } }
        }
      }`);
      expect(errors).toEqual([]);
      expect(data.triples.edges).toHaveLength(50);
      expect(
        data.triples.edges.flatMap(
          ({ node }: { node: { evidence: { nodes: unknown[] } } }) => node.evidence.nodes,
        ).length,
      ).toBeGreaterThan(60);
    },
    { wrapStore: (store) => counting(store, calls) },
  );
  expect(Object.fromEntries(calls)).toEqual({
    triples: 1,
    countTriples: 1,
    entitiesById: 1,
    aliasesOfEntities: 1,
    evidenceOfTriples: 1,
    sentencesById: 1,
    documentsById: 1,
    mentionsById: 1,
    triplesById: 1,
    neighboursOfPredictions: 1,
  });
});

test('a page of documents with everything inside is one store call a level, and counts read no page', async () => {
  const calls = new Map<string, number>();
  await withApi(
    async ({ ask, ingest }) => {
      await ingest(
        Object.fromEntries(
          [...'ABCDEFGHIJ'].map((letter) => [letter, `${letter}nna Moss was born in Paris. She saw London.`]),
        ),
      );
      calls.clear();
      const { errors } = await ask(`{
        documents { nodes {
          sentences { nodes { text } } mentions { nodes { text entity { name } } }
          predictions(includeNil: true) { nodes { label subject { text } neighbours { label } } }
        } }
      }`);
      expect(errors).toEqual([]);
      expect(Object.fromEntries(calls)).toMatchObject({
        documents: 1,
        sentencesOfDocuments: 1,
        mentionsOfDocuments: 1,
        predictionsOfDocuments: 1,
        evidenceById: 1,
        entitiesById: 1,
        mentionsById: 1,
        neighboursOfPredictions: 1,
      });
      calls.clear();
      await ask('{ triples { countsBy(field: SUBJECT_TYPE) { key count } } }');
      expect(Object.fromEntries(calls)).toEqual({ countTriples: 1 });
    },
    { wrapStore: (store) => counting(store, calls) },
  );
});
