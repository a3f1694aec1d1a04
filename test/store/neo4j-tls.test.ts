import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { loadConfig } from '../../src/config.js';
import { openStore } from '../../src/open-store.js';
import { schemaStatus } from '../../src/schema-status.js';
import { makeCertificates, type TestCertificates } from '../servers/certificates.js';
import { isNeo4jInstalled, Neo4jServer, NOT_INSTALLED } from '../servers/neo4j-server.js';
import { buildDocument } from './builders.js';

const BIN = fileURLToPath(new URL('../../bin/neighborkb.js', import.meta.url));
const PASSWORD = 'a-password-for-tests';
const isRequired = process.env['NEIGHBORKB_REQUIRE_SERVERS'] === '1';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 240_000 });

describe.skipIf(!isNeo4jInstalled() && !isRequired)(`Neo4j over TLS (or: ${NOT_INSTALLED})`, () => {
  let folder: string;
  let certificates: TestCertificates;
  let server: Neo4jServer;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'neighborkb-tls-'));
    // Not for `localhost`: that name is another one's.
    certificates = await makeCertificates(folder, ['IP:127.0.0.1']);
    server = await Neo4jServer.start({ password: PASSWORD, tls: certificates });
  });
  afterAll(async () => {
    await server.dispose();
    await rm(folder, { recursive: true, force: true });
  });

  const environmentOf = (scheme: string, authority = '', host = '127.0.0.1') => ({
    NEIGHBORKB_STORE: `${scheme}://${host}:${server.port}`,
    NEIGHBORKB_NEO4J_PASSWORD: PASSWORD,
    NEIGHBORKB_NEO4J_CA: authority,
    NEIGHBORKB_NEO4J_RETRY_TIME: '100',
    NEIGHBORKB_DATA_DIR: folder,
  });
  const opening = async (...place: Parameters<typeof environmentOf>) =>
    (await openStore(loadConfig({}, environmentOf(...place)))).close();

  test.each(['bolt', 'neo4j'])('%s+ssc trusts any certificate, and writes and reads', async (scheme) => {
    const store = await openStore(loadConfig({}, environmentOf(`${scheme}+ssc`)));
    try {
      const facts = [{ subject: 'Ada Lovelace', predicate: 'P19', object: 'London' }];
      await store.saveDocument(buildDocument({ externalId: scheme, facts }));
      expect(await store.counts()).toMatchObject({ triples: 1 });
    } finally {
      await store.close();
    }
  });

  test.each(['bolt', 'neo4j'])('%s+s works with the authority that the settings name', async (scheme) => {
    await opening(`${scheme}+s`, certificates.authority);
    const config = loadConfig({}, environmentOf(`${scheme}+s`, certificates.authority));
    const [graph] = await schemaStatus(config);
    expect(graph?.database).toBe(`${scheme}+s://127.0.0.1:${server.port}`);
  });

  test('bolt+s works with an authority that Node.js was told of', async () => {
    const environment = environmentOf('bolt+s');
    const { stdout } = await promisify(execFile)(process.execPath, [BIN, 'migrate', 'status', '--json'], {
      env: { ...process.env, ...environment, NODE_EXTRA_CA_CERTS: certificates.authority },
    });
    expect(JSON.parse(stdout)).toMatchObject([{ part: 'graph', database: environment.NEIGHBORKB_STORE }, {}]);
  });

  test.each([
    ['an authority that nobody knows', ['bolt+s'], 'NEIGHBORKB_NEO4J_CA'],
    ['the same by routing', ['neo4j+s'], 'NEIGHBORKB_NEO4J_CA'],
    ['no encryption where the server asks for it', ['bolt'], 'bolt+s://'],
    ['the same by routing', ['neo4j'], 'neo4j+s://'],
  ] as const)('says what to do with %s', async (_, [scheme], message) => {
    await expect(opening(scheme)).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: expect.stringContaining(message),
    });
  });

  test('says that a certificate is for another name', async () => {
    await expect(opening('bolt+s', certificates.authority, 'localhost')).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: expect.stringContaining('for another name'),
    });
  });

  test('refuses a file that holds no certificate, and one that is not there', async () => {
    const text = path.join(folder, 'notes.txt');
    await writeFile(text, 'no certificate');
    for (const file of [text, path.join(folder, 'none.pem')])
      await expect(opening('bolt+s', file)).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
        path: ['neo4jCa'],
        message: expect.stringContaining(file),
      });
  });
});
