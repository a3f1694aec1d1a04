import { Writable } from 'node:stream';
import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { NeighborKbError } from '../../src/domain/errors.js';
import { EXAMPLES } from '../../src/graphql/examples.js';
import { startServer } from '../../src/server.js';
import { withApi } from '../graphql/harness.js';

const BROWSER = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

describe('the explorer', () => {
  test.each(['/graphiql', '/graphql'])('opens at %s in a browser and loads nothing from elsewhere', (path) =>
    withApi(async ({ url }) => {
      const response = await fetch(url + path, { headers: BROWSER });
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toContain('text/html');
      const policy = response.headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("script-src 'self';");
      expect(policy).not.toMatch(/https?:|\*/);

      const html = await response.text();
      expect(html).not.toMatch(/https?:\/\//);
      const assets = [...html.matchAll(/(?:src|href)="(\/[^"?]*)"/g)].map(([, address]) => address!);
      expect(assets.length).toBeGreaterThanOrEqual(4);
      for (const asset of assets) {
        const found = await fetch(url + asset);
        expect([asset, found.status]).toEqual([asset, 200]);
        expect((await found.text()).length).toBeGreaterThan(100);
      }
    }),
  );

  test('offers every example one click away', () =>
    withApi(async ({ url }) => {
      const html = await (await fetch(`${url}/graphiql`)).text();
      const script = await (await fetch(`${url}/graphiql/explorer.js`)).text();
      for (const { name, title } of EXAMPLES) {
        expect(html).toContain(`href="/graphiql?example=${name}">${title}</a>`);
        expect(script).toContain(JSON.stringify(name));
      }
      expect((await fetch(`${url}/?x`, { redirect: 'manual' })).headers.get('location')).toBe('/graphiql');
    }));

  test('has its workers', () =>
    withApi(async ({ url }) => {
      for (const worker of ['editor', 'json', 'graphql']) {
        const response = await fetch(`${url}/graphiql/${worker}.worker.js`);
        expect(response.headers.get('content-type')).toContain('javascript');
        expect((await response.text()).length).toBeGreaterThan(100_000);
      }
    }));
});

describe('requests that are no operation', () => {
  const post = (url: string, body: string, headers: Record<string, string>): Promise<Response> =>
    fetch(`${url}/graphql`, { method: 'POST', body, headers });
  const JSON_TYPE = { 'content-type': 'application/json' };

  test('get an answer that says what is wrong, and the server goes on', () =>
    withApi(
      async ({ url, ask }) => {
        const cases: [Promise<Response>, number][] = [
          [post(url, '{"query":', JSON_TYPE), 400],
          [post(url, 'null', JSON_TYPE), 400],
          [post(url, '[]', JSON_TYPE), 400],
          [post(url, '{}', JSON_TYPE), 400],
          [post(url, '{"query": 7}', JSON_TYPE), 400],
          [post(url, '{"query":"{ server { version } }","variables":[]}', JSON_TYPE), 400],
          [post(url, '\u0000\u0001', JSON_TYPE), 400],
          [post(url, 'query=%7B', { 'content-type': 'application/x-www-form-urlencoded' }), 400],
          [post(url, JSON.stringify({ query: `# ${'x'.repeat(2_000_000)}` }), JSON_TYPE), 413],
          [
            fetch(
              `${url}/graphql?query=${encodeURIComponent('mutation { retractDocument(externalId: "x") { __typename } }')}`,
              { headers: { 'apollo-require-preflight': '1' } },
            ),
            405,
          ],
          [fetch(`${url}/nothing`), 404],
          [fetch(`${url}/graphql/%E0%A4%A`, JSON_TYPE as RequestInit), 400],
        ];
        for (const [answer, status] of cases) {
          const response = await answer;
          const body = await response.text();
          expect([status, body]).toEqual([response.status, body]);
          expect(body).not.toMatch(/node_modules|at .*\.js/);
        }
        expect((await ask('{ server { version } }')).status).toBe(200);
      },
      { limits: { maxRequestBytes: 1_000_000 } },
    ));

  test('a form on another page cannot reach the API', () =>
    withApi(async ({ url }) => {
      const response = await fetch(`${url}/graphql?query=${encodeURIComponent('{ server { version } }')}`);
      expect(response.status).toBe(400);
      const text = await post(url, '{"query":"{ server { version } }"}', { 'content-type': 'text/plain' });
      expect(text.status).toBe(400);
      expect(text.headers.get('access-control-allow-origin')).toBeNull();
    }));
});

test('health says whether the store answers', () =>
  withApi(async ({ url }) => {
    const response = await fetch(`${url}/healthz`);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ status: 'ok', store: { adapter: 'sqlite' } });
  }));

test('health is 503 when the store does not answer', () =>
  withApi(
    async ({ url }) => {
      expect((await fetch(`${url}/healthz`)).status).toBe(503);
    },
    {
      wrapStore: (store) =>
        new Proxy(store, {
          get: (target, key) =>
            key === 'health'
              ? async () => {
                  throw new NeighborKbError('STORE_UNAVAILABLE', 'gone');
                }
              : Reflect.get(target, key, target),
        }),
    },
  ));

test('the log has a line for each request and none of what people wrote', async () => {
  const lines: string[] = [];
  const logger = pino(
    { level: 'info' },
    new Writable({
      write(chunk, _encoding, done) {
        lines.push(String(chunk));
        done();
      },
    }),
  );
  await withApi(
    async ({ ask, url }) => {
      await ask('query Secret($text: String!) { scoreText(text: $text) { mentions { text } } }', {
        text: 'Zanzibar',
      });
      await fetch(
        `${url}/graphql?query=${encodeURIComponent('{ document(externalId: "Zanzibar") { id } }')}`,
        {
          headers: { 'content-type': 'application/json' },
        },
      );
    },
    { logger },
  );
  const requests = lines.filter((line) => line.includes('"msg":"request"'));
  expect(requests).toHaveLength(2);
  expect(JSON.parse(requests[0]!)).toMatchObject({ method: 'POST', path: '/graphql', status: 200 });
  expect(lines.join('')).not.toContain('Zanzibar');
});

test('a port that is taken is an error that names it', () =>
  withApi(async ({ url, services }) => {
    const port = Number(new URL(url).port);
    await expect(startServer(services, { host: '127.0.0.1', port })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      path: ['port'],
    });
  }));

test('closing lets a running operation end and then refuses connections', () =>
  withApi(async ({ services }) => {
    let release = (): void => undefined;
    const waiting = new Promise<void>((resolve) => (release = resolve));
    let entered = (): void => undefined;
    const running = new Promise<void>((resolve) => (entered = resolve));
    const store = new Proxy(services.store, {
      get: (target, key) =>
        key === 'counts'
          ? async () => {
              entered();
              await waiting;
              return target.counts();
            }
          : Reflect.get(target, key, target),
    });
    const server = await startServer({ ...services, store }, { host: '127.0.0.1', port: 0 });
    const answer = fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ server { counts { documents } } }' }),
    });
    await running;
    const closed = server.close();
    release();
    expect(await (await answer).json()).toEqual({ data: { server: { counts: { documents: 0 } } } });
    await closed;
    await expect(fetch(`${server.url}/healthz`)).rejects.toThrow();
  }));
