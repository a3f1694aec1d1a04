import { expect, test, vi } from 'vitest';
import type { GraphStore, Page, PageRequest } from '../../src/store/graph-store.js';
import { Neo4jConnection, type Neo4jParams } from '../../src/store/neo4j/connection.js';
import { describeNeo4j } from '../servers/neo4j-fixture.js';
import { buildDocument } from './builders.js';
import { withNeo4jStore } from './neo4j-store.js';

const DOCUMENTS = 200;
const FACTS = 10;
const CITIES = 50;
/** What a page of five may look at: far less than the 2,000 triples and 2,050 entities that there are. */
const MOST_HITS = 500;

interface Asked {
  readonly statement: string;
  readonly params: Neo4jParams;
}

describeNeo4j('pages of a large graph in Neo4j', (neo4j) => {
  /** How many records and properties the server looks at for a statement. */
  const hitsOf = async (statements: readonly Asked[]): Promise<number[]> => {
    const hits: number[] = [];
    for (const { statement, params } of statements) {
      const { summary } = await neo4j.driver.executeQuery(`PROFILE ${statement}`, params);
      if (summary.profile) hits.push(sumOf(summary.profile));
    }
    return hits;
  };

  /** What the server is asked for two pages, counts of all matches left out. */
  const askedFor = async (list: (request: PageRequest) => Promise<Page<unknown>>): Promise<Asked[]> => {
    const asked = vi.spyOn(Neo4jConnection.prototype, 'read');
    try {
      const { items } = await list({ first: 5 });
      await list({ first: 5, after: items.at(-1)?.cursor ?? '' });
      return asked.mock.calls
        .map(([statement, params = {}]) => ({ statement, params }))
        .filter(({ statement }) => statement.includes('LIMIT'));
    } finally {
      asked.mockRestore();
    }
  };

  test('cost the same however much there is: no list is read whole for a page of it', async () => {
    await withNeo4jStore(neo4j, async (store: GraphStore) => {
      for (let from = 0; from < DOCUMENTS; from += 20)
        await store.saveDocuments(Array.from({ length: 20 }, (_, number) => documentOf(from + number)));
      // What a server finds out by itself after a while: how much there is.
      await neo4j.query('CALL db.prepareForReplanning(60)');
      const mentioned = await store.entities({ first: 2 * CITIES, order: 'mentions' });
      const oneMention = mentioned.items.at(-1)?.cursor ?? '';
      const lists: Record<string, (request: PageRequest) => Promise<Page<unknown>>> = {
        triples: (request) => store.triples(request),
        'least confident triples': (request) => store.triples({ ...request, order: 'confidenceAscending' }),
        'triples by evidence': (request) => store.triples({ ...request, order: 'evidenceCountDescending' }),
        'triples of a predicate': (request) => store.triples({ ...request, filter: { predicates: ['P19'] } }),
        'triples that are not rejected': (request) =>
          store.triples({ ...request, filter: { not: { statuses: ['rejected'] } } }),
        'triples of a document': (request) =>
          store.triples({ ...request, filter: { documentIds: [documentOf(7).document.id] } }),
        evidence: (request) => store.evidence(request),
        documents: (request) => store.documents(request),
        'newest documents': (request) => store.documents({ ...request, order: 'newest' }),
        'entities by name': (request) => store.entities(request),
        'entities by mentions': (request) => store.entities({ ...request, order: 'mentions' }),
        'entities among many with one mention': (request) =>
          store.entities({ after: oneMention, ...request, order: 'mentions' }),
        'entities of a name': (request) =>
          store.entities({ ...request, filter: { search: 'Person 7 of 11' } }),
      };
      for (const [name, list] of Object.entries(lists)) {
        const asked = await askedFor(list);
        expect(asked, name).toHaveLength(2);
        for (const hits of await hitsOf(asked)) expect(hits, name).toBeLessThan(MOST_HITS);
      }
    });
  });
});

function documentOf(document: number) {
  return buildDocument({
    externalId: `document ${document}`,
    facts: Array.from({ length: FACTS }, (_, fact) => ({
      subject: `Person ${fact} of ${document}`,
      predicate: fact % 2 === 0 ? 'P19' : 'P20',
      object: `City ${(document * FACTS + fact) % CITIES}`,
      objectType: 'LOC' as const,
      confidence: (1 + document * FACTS + fact) / (2 + DOCUMENTS * FACTS),
    })),
  });
}

interface Plan {
  readonly dbHits: number;
  readonly children: readonly Plan[];
}

function sumOf({ dbHits, children }: Plan): number {
  return children.reduce((sum, child) => sum + sumOf(child), dbHits);
}
