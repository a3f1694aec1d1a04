import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { Fact } from './builders.js';
import { describeNeo4j, type Neo4jFixture } from '../servers/neo4j-fixture.js';
import { buildDocument } from './builders.js';
import { graphStoreContract } from './contract.js';
import { CURIES } from './curies.js';
import { dumpGraph } from './dump.js';
import { withNeo4jStore } from './neo4j-store.js';

const GUIDE = fileURLToPath(new URL('../../docs/neo4j.md', import.meta.url));

/** What a person would look at in the graph of the Curies: names, and the bags of what is between them. */
const triplesInGraph = (neo4j: Neo4jFixture) =>
  neo4j.query(
    `MATCH (s:Entity)-[r]->(o:Entity)
     RETURN labels(s) AS subject, s.name AS name, type(r) AS type, r.predicate AS predicate, r.evidence AS evidence,
       r.status AS status, labels(o) AS object, o.name AS objectName ORDER BY name, type`,
  );

describeNeo4j('the Neo4j store', (neo4j) => {
  graphStoreContract('Neo4j', (body) => withNeo4jStore(neo4j, body), 5);

  describe('the model', () => {
    test('shows entities under their type and triples under the name of their predicate', () =>
      withNeo4jStore(neo4j, async (store) => {
        for (const sketch of CURIES) await store.saveDocument(buildDocument(sketch));
        const common = { name: 'Marie Curie', subject: ['Entity', 'Person'], status: 'unreviewed' };
        expect(await triplesInGraph(neo4j)).toMatchObject([
          { ...common, type: 'EDUCATED_AT', predicate: 'P69', object: ['Entity', 'Organisation'] },
          { ...common, type: 'PLACE_OF_BIRTH', predicate: 'P19', object: ['Entity', 'Place'] },
          { ...common, type: 'SPOUSE', predicate: 'P26', evidence: 2, objectName: 'Pierre Curie' },
          { name: 'Pierre Curie', type: 'EDUCATED_AT' },
          { name: 'Pierre Curie', type: 'PLACE_OF_BIRTH', evidence: 1 },
        ]);
      }));

    test('says the same of a triple on its node and on its relationship, whatever came and went', () =>
      withNeo4jStore(neo4j, async (store) => {
        for (const sketch of CURIES) await store.saveDocument(buildDocument(sketch));
        await store.retractDocument('pierre-curie');
        const rows = await neo4j.query<{ same: boolean }>(
          `MATCH (t:Triple)
           OPTIONAL MATCH (:Entity {id: t.subjectId})-[r {tripleId: t.id}]->(:Entity {id: t.objectId})
           RETURN r.confidence = t.confidence AND r.evidence = t.evidence AND r.status = t.status
             AND r.predicate = t.predicate AS same`,
        );
        expect(rows).toEqual([{ same: true }, { same: true }, { same: true }]);
      }));

    test('keeps a predicate that looks like Cypher a name', () =>
      withNeo4jStore(neo4j, async (store) => {
        const predicate = 'P19`]->(x) DETACH DELETE x //';
        const extracted = buildDocument({
          externalId: 'a',
          facts: [{ subject: 'Marie Curie', predicate, object: 'Warsaw' }],
        });
        await store.saveDocument(extracted);
        expect(await triplesInGraph(neo4j)).toMatchObject([{ type: predicate, predicate }]);
        expect((await store.triples({ first: 1, filter: { predicates: [predicate] } })).totalCount).toBe(1);
      }));

    test('has nothing left when the last document is retracted', () =>
      withNeo4jStore(neo4j, async (store) => {
        for (const sketch of CURIES) await store.saveDocument(buildDocument(sketch));
        for (const { externalId } of CURIES) await store.retractDocument(externalId);
        // The numbering of saves and the log of changes remember that there was something.
        expect(
          await neo4j.query(
            `MATCH (n) WHERE NOT n:SchemaMigration AND NOT n:SchemaLock AND NOT n:Sequence AND NOT n:Change
             RETURN labels(n) AS labels`,
          ),
        ).toEqual([]);
      }));
  });

  describe('several documents in one transaction', () => {
    test('give the graph that they give one by one', async () => {
      const expected = await withNeo4jStore(neo4j, async (store) => {
        for (const sketch of CURIES) await store.saveDocument(buildDocument(sketch));
        return dumpGraph(store);
      });
      const actual = await withNeo4jStore(neo4j, async (store) => {
        const outcomes = await store.saveDocuments(CURIES.map(buildDocument));
        expect(outcomes.map(({ change }) => change)).toEqual(['created', 'created']);
        return dumpGraph(store);
      });
      expect(actual).toEqual(expected);
    });

    test('with one externalId replace each other in their order', () =>
      withNeo4jStore(neo4j, async (store) => {
        const texts = ['Warsaw', 'Paris'].map((object) =>
          buildDocument({
            externalId: 'a',
            facts: [{ subject: 'Marie Curie', predicate: 'P551', object }],
          }),
        );
        const outcomes = await store.saveDocuments(texts);
        expect(outcomes.map(({ change }) => change)).toEqual(['created', 'replaced']);
        expect((await dumpGraph(store)).documents).toEqual([texts[1]?.document]);
      }));
  });

  test('a page of 50 triples with evidence and neighbours takes as many statements as a page of 5, at most 6', async () => {
    let statements = 0;
    const facts: Fact[] = Array.from({ length: 60 }, (_, index) => ({
      subject: `Person ${index}`,
      predicate: 'P19',
      object: `Town ${index % 7}`,
      voters: Array.from({ length: 16 }, (_, voter) => `P19-${(index + voter) % 40}`),
    }));
    const onStatement = () => void statements++;
    await withNeo4jStore(
      neo4j,
      async (store) => {
        await store.saveDocument(buildDocument({ externalId: 'a', facts }));
        const taken: number[] = [];
        for (const first of [5, 50]) {
          statements = 0;
          const page = await store.triples({ first });
          const pieces = await store.evidenceOfTriples(page.items.map(({ node }) => node.id));
          const voters = await store.neighboursOfPredictions(pieces.flat().map(({ id }) => id));
          expect(voters.flat()).toHaveLength(first * 16);
          taken.push(statements);
        }
        expect(taken[0]).toBe(taken[1]);
        expect(taken[1]).toBeLessThanOrEqual(6);
      },
      { onStatement },
    );
  });

  describe('the queries of the guide', async () => {
    const guide = await readFile(GUIDE, 'utf8');
    const queries = [...guide.matchAll(/\n([^\n]+):\n\n```cypher\n(.*?)```/gs)];

    test('are ten, and each finds something', () =>
      withNeo4jStore(neo4j, async (store) => {
        for (const sketch of CURIES) await store.saveDocument(buildDocument(sketch));
        expect(queries).toHaveLength(10);
        for (const [, title = '', cypher = ''] of queries)
          expect(await neo4j.query(cypher), title).not.toEqual([]);
      }));
  });
});
