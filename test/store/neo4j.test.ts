import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { predictionId } from '../../src/domain/identity.js';
import type { Fact } from './builders.js';
import { describeNeo4j, type Neo4jFixture } from '../servers/neo4j-fixture.js';
import { buildDocument } from './builders.js';
import { graphStoreContract } from './contract.js';
import { CURIES } from './curies.js';
import { dumpGraph } from './dump.js';
import { neo4jStore, withNeo4jStore } from './neo4j-store.js';

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
        expect(
          await (await store.triples({ first: 1, filter: { predicates: [predicate] } })).totalCount(),
        ).toBe(1);
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

  describe('memory entries', () => {
    const born = (subject: string, voters: readonly string[]): Fact => ({
      ...{ subject, predicate: 'P19', object: 'Warsaw', voters },
    });
    const entryNames = async () =>
      (
        await neo4j.query<{ entry: string }>('MATCH (m:MemoryEntry) RETURN m.entry AS entry ORDER BY entry')
      ).map(({ entry }) => entry);

    test('stay while any prediction names them, as one of many voters or after merges, and go with the last', () =>
      withNeo4jStore(neo4j, async (store) => {
        const many = Array.from({ length: 12 }, (_, index) => `entry "${index}" \\ x`);
        for (const externalId of ['a', 'b', 'c'])
          await store.saveDocument(
            buildDocument({ externalId, facts: [born('Ada', many), born('Bo', many)] }),
          );
        const own = buildDocument({ externalId: 'd', facts: [born('Cy', [...many.slice(0, 3), 'own'])] });
        await store.saveDocument(own);
        const ties = await neo4j.query<{ ties: number; listed: number | null }>(
          `MATCH (p:Evidence)
           RETURN DISTINCT COUNT { (p)<-[:VOTED_FOR]-() } AS ties, size(p.voters) AS listed ORDER BY ties`,
        );
        expect(ties).toEqual([
          { ties: 4, listed: null },
          { ties: 5, listed: 12 },
        ]);
        for (const externalId of ['a', 'b']) await store.retractDocument(externalId);
        expect(await entryNames()).toEqual([...many, 'own'].sort());
        await store.retractDocument('c');
        expect(await entryNames()).toEqual([...many.slice(0, 3), 'own'].sort());
        const [prediction] = own.predictions;
        expect(await store.neighboursOfPredictions([prediction!.id])).toEqual([prediction!.neighbours]);
        await store.retractDocument('d');
        expect(await entryNames()).toEqual([]);
      }));

    test('that another process removed meanwhile are written again', () =>
      withNeo4jStore(neo4j, async (store) => {
        const other = neo4jStore(neo4j.server);
        await other.open();
        try {
          await store.saveDocument(buildDocument({ externalId: 'a', facts: [born('Ada', ['shared'])] }));
          await other.retractDocument('a');
          expect(await entryNames()).toEqual([]);
          const again = buildDocument({ externalId: 'b', facts: [born('Bo', ['shared'])] });
          await store.saveDocument(again);
          expect(await entryNames()).toEqual(['shared']);
          const [prediction] = again.predictions;
          expect(await store.neighboursOfPredictions([prediction!.id])).toEqual([prediction!.neighbours]);
        } finally {
          await other.close();
        }
      }));

    test('come and go under many writers and removers at once, and every vote finds its entry', () =>
      withNeo4jStore(neo4j, async (store) => {
        const others = [neo4jStore(neo4j.server), neo4jStore(neo4j.server)];
        for (const other of others) await other.open();
        try {
          const documents = Array.from({ length: 12 }, (_, index) =>
            buildDocument({
              externalId: `d${index}`,
              facts: [born(`Person ${index}`, [`shared-${index % 2}`, `pair-${index >> 1}`])],
            }),
          );
          const stores = [store, ...others];
          for (let round = 0; round < 3; round++)
            await Promise.all(
              documents.map(async (document, index) => {
                const own = stores[index % stores.length]!;
                await own.saveDocument(document);
                if ((index + round) % 3 > 0) await own.retractDocument(document.document.externalId);
              }),
            );
          const left = documents.filter((_, index) => (index + 2) % 3 === 0);
          const predictions = left.flatMap((document) => document.predictions);
          expect(await store.neighboursOfPredictions(predictions.map(({ id }) => id))).toEqual(
            predictions.map(({ neighbours }) => neighbours),
          );
          const named = predictions.flatMap(({ neighbours }) => neighbours.map(({ entry }) => entry));
          expect(await entryNames()).toEqual([...new Set(named)].sort());
        } finally {
          for (const other of others) await other.close();
        }
      }));

    test('that earlier versions tied to predictions one by one are taken over', () =>
      withNeo4jStore(neo4j, async (store) => {
        const voters = Array.from({ length: 9 }, (_, index) => `entry-${index}`);
        const document = buildDocument({ externalId: 'a', facts: [born('Ada', voters)] });
        await store.saveDocument(document);
        const [prediction] = document.predictions;
        // What 0003 had: a relationship for every voter, and nothing on the prediction.
        await neo4j.query('MATCH ()-[v:VOTED_FOR]->() DELETE v');
        await neo4j.query(
          `MATCH (p:Evidence) UNWIND range(0, size(p.voters) - 1) AS place
           MATCH (m:MemoryEntry {id: p.voters[place]})
           CREATE (m)-[:VOTED_FOR {rank: p.voterRanks[place], distance: p.voterDistances[place],
             weight: p.voterWeights[place], position: place}]->(p)`,
        );
        await neo4j.query(
          `MATCH (p:Evidence)
           REMOVE p.voters, p.voterRanks, p.voterDistances, p.voterWeights`,
        );
        await neo4j.query('MATCH (m:SchemaMigration {version: 4}) DELETE m');
        const migrated = neo4jStore(neo4j.server);
        await migrated.open();
        try {
          expect(await migrated.neighboursOfPredictions([prediction!.id])).toEqual([prediction!.neighbours]);
        } finally {
          await migrated.close();
        }
        expect(
          await neo4j.query(
            'MATCH ()-[v:VOTED_FOR]->() RETURN count(v) AS ties, count(v.position) AS positions',
          ),
        ).toEqual([{ ties: 5, positions: 0 }]);
      }));
  });

  test('a pair whose ends stand in two sentences is kept like any other', () =>
    withNeo4jStore(neo4j, async (store) => {
      const facts = ['Ada', 'Bo'].map((subject) => ({
        subject,
        predicate: 'P19',
        object: `${subject}'s town`,
      }));
      const extracted = buildDocument({ externalId: 'a', facts });
      const [first, second] = extracted.predictions;
      const across = { ...first!, objectMentionId: second!.objectMentionId };
      const id = predictionId(across.subjectMentionId, across.objectMentionId);
      const document = { ...extracted, predictions: [{ ...across, id }, second!] };
      await store.saveDocument(document);
      const [stored] = await store.queries.extractedDocuments([document.document.id]);
      expect(stored?.mentions).toEqual(document.mentions);
      expect(stored?.predictions).toEqual(document.predictions);
      expect(await (await store.triples({ first: 5 })).totalCount()).toBe(2);
    }));

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
