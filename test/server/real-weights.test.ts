import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { openApplication } from '../../src/application.js';
import { loadConfig } from '../../src/config.js';
import { startServer } from '../../src/server.js';
import { withFolder } from '../store/temporary.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

const TEXT =
  'Lise Meitner was born in Vienna in November 1878. She studied physics at the University of Vienna ' +
  'and later worked for the Kaiser Wilhelm Institute in Berlin. She died in Cambridge on 27 October 1968.';

test('a text goes in and explained facts come out, with the weights and the memory that are shipped', () =>
  withFolder(async (dataDir) => {
    const config = loadConfig(
      { dataDir, port: 0, modelsDir: `${root}/models`, memoriesDir: `${root}/memories` },
      {},
    );
    const application = await openApplication(config, {
      version: '0.0.0-test',
      logger: pino({ level: 'silent' }),
    });
    const server = await startServer(application.services, config);
    try {
      const ask = async (query: string, variables: object = {}) => {
        const response = await fetch(`${server.url}/graphql`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ query, variables }),
        });
        // The shape is what the operation below asks for.
        // eslint-disable-next-line @typescript-eslint/no-explicit-any
        const answer = (await response.json()) as { data: any; errors?: object[] };
        expect(answer.errors ?? []).toEqual([]);
        return answer.data;
      };
      const { ingestDocuments } = await ask(
        `mutation ($documents: [DocumentInput!]!) { ingestDocuments(documents: $documents) {
          ... on IngestedDocument { change triples { subject { name } predicate { id } object { name } } }
          ... on InvalidDocument { code message }
        } }`,
        { documents: [{ externalId: 'meitner', title: 'Lise Meitner', text: TEXT }] },
      );
      expect(ingestDocuments[0].change).toBe('CREATED');
      const facts = ingestDocuments[0].triples.map(
        ({ subject, predicate, object }: Record<string, { id: string; name: string }>) =>
          `${subject!.name} ${predicate!.id} ${object!.name}`,
      );
      expect(facts).toEqual(
        expect.arrayContaining(['Lise Meitner P19 Vienna', 'Lise Meitner P570 1968-10-27']),
      );

      const { triples } = await ask(`{ triples(filter: { predicates: ["P570"] }) { nodes {
        confidence evidence { nodes { p pRe pKnn
          subject { text entity { name } } sentence { text }
          neighbours { weight squaredDistance label text subject { text } object { text } entry { id label } }
        } }
      } } }`);
      const [evidence] = triples.nodes[0].evidence.nodes;
      expect(evidence.subject).toEqual({ text: 'She', entity: { name: 'Lise Meitner' } });
      expect(evidence.sentence.text).toBe('She died in Cambridge on 27 October 1968.');
      expect(evidence.neighbours.length).toBeGreaterThan(0);
      const weights = evidence.neighbours.map(({ weight }: { weight: number }) => weight);
      expect(weights.reduce((sum: number, weight: number) => sum + weight, 0)).toBeCloseTo(1, 5);
      for (const neighbour of evidence.neighbours) {
        expect(neighbour.text).toContain(neighbour.subject.text);
        expect(neighbour.entry.label).toBe(neighbour.label);
      }
    } finally {
      await server.close();
      await application.close();
    }
  }));
