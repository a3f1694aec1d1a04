import { createClient, type Client } from 'graphql-ws';
import { describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { NeighborKbError } from '../../src/domain/errors.js';
import { withApi } from './harness.js';

const DOCUMENT = {
  externalId: 'rosa',
  title: 'Rosa',
  source: 'https://example.org/rosa',
  metadata: { shelf: 3, tags: ['a'] },
  text: 'Rosa Luz was born in Paris.',
};

const INGEST = `mutation ($documents: [DocumentInput!]!) {
  ingestDocuments(documents: $documents) {
    ... on IngestedDocument { change document { externalId title source metadata } triples { predicate { id } object { name } } }
    ... on InvalidDocument { code }
  }
}`;
const SUBMIT = `mutation ($documents: [DocumentInput!]!) {
  submitDocuments(documents: $documents) {
    __typename
    ... on Job { id state total done sequence failures { externalId } createdAt finishedAt }
    ... on Problem { code message path }
  }
}`;
const FOLLOW = `subscription ($id: ID!, $after: Int) {
  jobProgress(id: $id, afterSequence: $after) { state total done sequence failures { externalId code path } }
}`;

describe('ingestDocuments', () => {
  test('stores a document and answers with its facts; again changes nothing; other text replaces it', () =>
    withApi(async ({ ask }) => {
      const { data } = await ask(INGEST, { documents: [DOCUMENT] });
      const { externalId, title, source, metadata } = DOCUMENT;
      expect(data.ingestDocuments).toEqual([
        {
          change: 'CREATED',
          document: { externalId, title, source, metadata },
          triples: [{ predicate: { id: 'P19' }, object: { name: 'Paris' } }],
        },
      ]);
      const again = await ask(INGEST, { documents: [DOCUMENT] });
      expect(again.data.ingestDocuments[0]).toMatchObject({ change: 'UNCHANGED', triples: [{}] });
      const other = await ask(INGEST, { documents: [{ ...DOCUMENT, text: 'Rosa Luz died in London.' }] });
      expect(other.data.ingestDocuments[0]).toMatchObject({
        change: 'REPLACED',
        triples: [{ predicate: { id: 'P20' } }],
      });
      const { data: left } = await ask(
        '{ triples { nodes { predicate { id } } } entities { nodes { name } } }',
      );
      expect(left.triples.nodes).toEqual([{ predicate: { id: 'P20' } }]);
      expect(left.entities.nodes).not.toContainEqual({ name: 'Paris' });
    }));
});

describe('retractDocument', () => {
  const RETRACT = `mutation ($externalId: String!) { retractDocument(externalId: $externalId) {
    ... on RetractedDocument { externalId removedTriples removedEntities }
    ... on DocumentNotFound { externalId code path }
  } }`;

  test('removes what only the document supported', () =>
    withApi(async ({ ask, ingest }) => {
      await ingest({ a: DOCUMENT.text, b: 'Rosa Luz was born in Paris. Rosa Luz died in London.' });
      const { data } = await ask(RETRACT, { externalId: 'b' });
      expect(data.retractDocument).toEqual({ externalId: 'b', removedTriples: 1, removedEntities: 1 });
      const { data: left } = await ask('{ triples { nodes { predicate { id } evidenceCount } } }');
      expect(left.triples.nodes).toEqual([{ predicate: { id: 'P19' }, evidenceCount: 1 }]);
    }));

  test('says so if there is no such document', () =>
    withApi(async ({ ask }) => {
      const { data, errors } = await ask(RETRACT, { externalId: 'none' });
      expect(errors).toEqual([]);
      expect(data.retractDocument).toEqual({ externalId: 'none', code: 'NOT_FOUND', path: ['externalId'] });
    }));
});

describe('submitDocuments and jobProgress', () => {
  test('a job is accepted at once, followed to its end, and names what it refused', () =>
    withApi(async ({ ask, url }) => {
      const documents = [
        DOCUMENT,
        { externalId: 'empty', text: ' ' },
        { externalId: 'ann', text: 'Ann Moss died in London.' },
      ];
      const { data } = await ask(SUBMIT, { documents });
      const job = data.submitDocuments;
      expect(job).toMatchObject({ __typename: 'Job', total: 3 });
      expect(Date.parse(job.createdAt)).toBeGreaterThan(0);

      const states = await withClient(url, (client) => collect(client, FOLLOW, { id: job.id, after: 0 }));
      const progress = states.map((state) => state.data.jobProgress);
      const sequences = progress.map(({ sequence }) => sequence);
      expect([...sequences].sort((a, b) => a - b)).toEqual(sequences);
      expect(new Set(sequences).size).toBe(sequences.length);
      expect(progress.at(-1)).toMatchObject({
        state: 'COMPLETED',
        done: 3,
        failures: [{ externalId: 'empty', code: 'EMPTY_TEXT' }],
      });

      const { data: after } = await ask(
        'query ($id: ID!) { job(id: $id) { state finishedAt } node(id: $id) { __typename } triples { totalCount } }',
        {
          id: job.id,
        },
      );
      expect(after.job.state).toBe('COMPLETED');
      expect(Date.parse(after.job.finishedAt)).toBeGreaterThan(0);
      expect(after.node).toEqual({ __typename: 'Job' });
      expect(after.triples.totalCount).toBe(2);

      // Who resumes after the last but one state gets the last alone.
      const resumed = await withClient(url, (client) =>
        collect(client, FOLLOW, { id: job.id, after: progress.at(-1)!.sequence - 1 }),
      );
      expect(resumed.map((state) => state.data.jobProgress.sequence)).toEqual([progress.at(-1)!.sequence]);
    }));

  test('a full queue accepts nothing and says so', () =>
    withApi(
      async ({ ask }) => {
        const documents = ['a', 'b', 'c'].map((externalId) => ({ externalId, text: DOCUMENT.text }));
        const { data, errors } = await ask(SUBMIT, { documents });
        expect(errors).toEqual([]);
        expect(data.submitDocuments).toMatchObject({ __typename: 'QueueFull', code: 'QUEUE_FULL' });
        expect((await ask('{ documents { totalCount } }')).data.documents.totalCount).toBe(0);
      },
      { queueCapacity: 2 },
    ));

  test('a refusal of the call as a whole is an outcome, not an error', () =>
    withApi(
      async ({ ask }) => {
        const { data, errors } = await ask(SUBMIT, { documents: [DOCUMENT] });
        expect(errors).toEqual([]);
        expect(data.submitDocuments).toMatchObject({
          __typename: 'InvalidDocument',
          code: 'DUPLICATE_EXTERNAL_ID',
          path: ['documents', '0', 'externalId'],
        });
      },
      {
        change: (services) => ({
          ...services,
          ingestion: {
            ingestNow: (documents) => services.ingestion.ingestNow(documents),
            retract: (externalId) => services.ingestion.retract(externalId),
            submit: async () => {
              throw new NeighborKbError('DUPLICATE_EXTERNAL_ID', 'twice', [0, 'externalId']);
            },
          },
        }),
      },
    ));

  test('following an unknown job, or from before the beginning, is refused by field', () =>
    withApi(async ({ url }) => {
      const [unknown] = await withClient(url, (client) => collect(client, FOLLOW, { id: 'none' }));
      expect(unknown!.errors).toMatchObject([{ extensions: { code: 'NOT_FOUND', path: ['id'] } }]);
      const [negative] = await withClient(url, (client) =>
        collect(client, FOLLOW, { id: 'none', after: -1 }),
      );
      expect(negative!.errors).toMatchObject([
        { extensions: { code: 'INVALID_ARGUMENT', path: ['afterSequence'] } },
      ]);
    }));

  test('a WebSocket runs subscriptions alone, under the limits of operations', () =>
    withApi(async ({ url }) => {
      const refused = async (query: string): Promise<unknown> =>
        withClient(url, (client) => collect(client, query, {})).catch((errors: unknown) => errors);
      expect(await refused('{ server { version } }')).toMatchObject([
        { extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } },
      ]);
      expect(await refused('subscription { nothing }')).toMatchObject([
        { extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } },
      ]);
      expect(await refused(`subscription { jobProgress(id: "x") { ${'id '.repeat(5_000)} } }`)).toMatchObject(
        [{ message: expect.stringContaining('tokens') }],
      );
    }));

  test('a page of another origin cannot open a socket', () =>
    withApi(async ({ url }) => {
      const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
        origin: 'https://elsewhere.example',
      });
      const status = await new Promise<number | undefined>((resolve) => {
        socket.on('unexpected-response', (_request, response) => resolve(response.statusCode));
        socket.on('error', () => undefined);
      });
      expect(status).toBe(401);
      socket.terminate();
    }));
});

// Answers have the shape that each test asked for.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Answer = { data: any; errors?: readonly object[] };

async function withClient<T>(url: string, body: (client: Client) => Promise<T>): Promise<T> {
  const client = createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
  });
  try {
    return await body(client);
  } finally {
    await client.dispose();
  }
}

async function collect(client: Client, query: string, variables: Record<string, unknown>): Promise<Answer[]> {
  const answers: Answer[] = [];
  for await (const answer of client.iterate({ query, variables })) answers.push(answer as Answer);
  return answers;
}
