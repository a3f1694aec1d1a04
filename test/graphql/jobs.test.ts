import { createClient } from 'graphql-ws';
import { describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { withApi } from './harness.js';

const JOB = 'id kind state priority open total done failed rate remainingSeconds finishedAt';
const SUBMIT = `mutation ($documents: [DocumentInput!]!, $priority: JobPriority, $open: Boolean) {
  submitDocuments(documents: $documents, priority: $priority, open: $open) {
    __typename ... on Job { ${JOB} } ... on Problem { code path }
  }
}`;
const change = (name: string) => `mutation ($id: ID!) {
  ${name}(id: $id) { __typename ... on Job { ${JOB} } ... on Problem { code message path } }
}`;
const APPEND = `mutation ($id: ID!, $documents: [DocumentInput!]!) {
  appendDocuments(id: $id, documents: $documents) {
    __typename ... on Job { ${JOB} } ... on Problem { code path }
  }
}`;

const documents = [
  { externalId: 'rosa', text: 'Rosa Luz was born in Paris.' },
  { externalId: 'empty', text: ' ' },
];

/** The states of a job that a client sees who comes back after a sequence. */
async function follow(url: string, id: string, afterSequence: number) {
  const client = createClient({ url: `${url.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket });
  const states: { state: string; done: number; sequence: number }[] = [];
  try {
    const query = `subscription ($id: ID!, $after: Int) {
      jobProgress(id: $id, afterSequence: $after) { state done sequence } }`;
    for await (const { data } of client.iterate({ query, variables: { id, after: afterSequence } }))
      states.push((data as { jobProgress: (typeof states)[number] }).jobProgress);
  } finally {
    await client.dispose();
  }
  return states;
}

describe('jobs', () => {
  test('a stream takes documents until it is sealed; who comes back is told what was missed', () =>
    withApi(async ({ ask, url }) => {
      const { data } = await ask(SUBMIT, { documents: [], open: true, priority: 'HIGH' });
      const opened = data.submitDocuments;
      expect(opened).toMatchObject({
        kind: 'INGEST',
        state: 'QUEUED',
        priority: 'HIGH',
        open: true,
        total: 0,
      });
      const appended = await ask(APPEND, { id: opened.id, documents });
      expect(appended.data.appendDocuments).toMatchObject({ __typename: 'Job', total: 2, failed: 1 });
      await ask(change('sealJob'), { id: opened.id });
      const states = await follow(url, opened.id, 0);
      expect(states.at(-1)).toMatchObject({ state: 'COMPLETED', done: 2 });
      expect(await follow(url, opened.id, 2)).toEqual(states.slice(2));
      const late = await ask(APPEND, { id: opened.id, documents });
      expect(late.data.appendDocuments).toEqual({ __typename: 'Conflict', code: 'CONFLICT', path: ['id'] });
    }));

  test('jobs and dead letters are listed, and dead letters tell their document', () =>
    withApi(async ({ ask, url }) => {
      const { data } = await ask(SUBMIT, { documents });
      await follow(url, data.submitDocuments.id, 0);
      const lists = await ask(`{
        jobs(first: 5, filter: { states: [COMPLETED], kinds: [INGEST] }) {
          totalCount nodes { id state failures { externalId } result { __typename } error { message } }
        }
        none: jobs(filter: { kinds: [TUNE] }) { totalCount }
        deadLetters(filter: { codes: [EMPTY_TEXT] }) {
          totalCount nodes { jobId position externalId code path retryable text failedAt }
        }
      }`);
      expect(lists.errors).toEqual([]);
      expect(lists.data.jobs).toEqual({
        totalCount: 1,
        nodes: [
          {
            ...{ id: data.submitDocuments.id, state: 'COMPLETED', failures: [{ externalId: 'empty' }] },
            ...{ result: null, error: null },
          },
        ],
      });
      expect(lists.data.none.totalCount).toBe(0);
      expect(lists.data.deadLetters).toMatchObject({
        totalCount: 1,
        nodes: [
          {
            position: 1,
            externalId: 'empty',
            code: 'EMPTY_TEXT',
            path: ['text'],
            retryable: false,
            text: null,
          },
        ],
      });
    }));

  test('a job can be paused, resumed and cancelled, and says where it cannot', () =>
    withApi(async ({ ask }) => {
      const { data } = await ask(SUBMIT, { documents: [], open: true });
      const { id } = data.submitDocuments;
      for (const [name, state] of [
        ['pauseJob', 'PAUSED'],
        ['resumeJob', 'QUEUED'],
        ['cancelJob', 'CANCELLED'],
      ] as const) {
        const changed = await ask(change(name), { id });
        expect(changed.data[name]).toMatchObject({ __typename: 'Job', state });
      }
      for (const name of ['pauseJob', 'resumeJob', 'retryJob']) {
        const refused = await ask(change(name), { id });
        expect(refused.data[name]).toMatchObject({ __typename: 'Conflict', code: 'CONFLICT' });
        const unknown = await ask(change(name), { id: 'job_none' });
        expect(unknown.data[name]).toMatchObject({ __typename: 'NotFound', code: 'NOT_FOUND', path: ['id'] });
      }
    }));
});
