import { access, appendFile, copyFile, cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config.js';
import { neo4jOptions } from '../../src/open-store.js';
import { migrateUp, schemaStatus } from '../../src/schema-status.js';
import { MIGRATIONS } from '../store/temporary.js';
import { runInMemory } from './memory-io.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'neighborkb-migrate-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const configOf = (environment: Record<string, string> = {}) => loadConfig({}, environment);

describe('the migrations of the embedded store', () => {
  it('are all pending where nothing was stored, and looking at them makes no file', async () => {
    const dataDir = path.join(folder, 'data');
    const parts = await schemaStatus(configOf({ NEIGHBORKB_DATA_DIR: dataDir }));
    expect(parts.map(({ part }) => part)).toEqual(['graph', 'jobs']);
    for (const { migrations } of parts) {
      expect(migrations[0]).toMatchObject({ version: 1 });
      expect(migrations.every(({ appliedAt }) => appliedAt === null)).toBe(true);
    }
    await expect(access(dataDir)).rejects.toThrow();
  });

  it('are applied once, by however many at the same time', async () => {
    const config = configOf({ NEIGHBORKB_DATA_DIR: folder });
    await Promise.all([migrateUp(config), migrateUp(config)]);
    const applied = await schemaStatus(config);
    const times = applied.flatMap(({ migrations }) => migrations.map(({ appliedAt }) => appliedAt));
    expect(times).not.toContain(null);
    await migrateUp(config);
    expect(await schemaStatus(config)).toEqual(applied);
  });
});

describe('a database whose migrations are not ours', () => {
  const editable = async () => {
    const migrationsDir = path.join(folder, 'migrations');
    await cp(MIGRATIONS, migrationsDir, { recursive: true });
    return { migrationsDir, dataDir: path.join(folder, 'data') };
  };

  it.each([
    ['sqlite', 'graph.db'],
    ['jobs', 'jobs.db'],
  ])('says which one of %s was edited, and what to do', async (part, file) => {
    const settings = await editable();
    await migrateUp(loadConfig(settings, {}));
    const [first = ''] = (await readdir(path.join(settings.migrationsDir, part))).sort();
    await appendFile(path.join(settings.migrationsDir, part, first), '-- a word more\n');
    for (const look of [schemaStatus, migrateUp])
      await expect(look(loadConfig(settings, {}))).rejects.toMatchObject({
        code: 'SCHEMA_EDITED',
        message: expect.stringMatching(new RegExp(`${file}.*restore ${first}`)),
      });
    const shown = await runInMemory(['migrate', 'status', '--data-dir', settings.dataDir]);
    // With the migrations that were applied all is well.
    expect([shown.code, shown.stderr]).toEqual([0, '']);
  });

  it('is refused where it is the file of another part', async () => {
    const settings = await editable();
    await migrateUp(loadConfig(settings, {}));
    await copyFile(path.join(settings.dataDir, 'graph.db'), path.join(settings.dataDir, 'jobs.db'));
    await expect(migrateUp(loadConfig(settings, {}))).rejects.toMatchObject({
      code: 'SCHEMA_FOREIGN',
      message: expect.stringContaining('jobs.db'),
    });
    const { code, stderr } = await runInMemory(['migrate', 'status', '--data-dir', settings.dataDir]);
    expect([code, stderr]).toEqual([5, expect.stringContaining('SCHEMA_FOREIGN')]);
  });
});

describe('the settings of Neo4j', () => {
  it('come from parts', () => {
    const config = configOf({
      NEIGHBORKB_STORE: 'neo4j+s://graph.example:7687',
      NEIGHBORKB_NEO4J_USER: 'kb',
      NEIGHBORKB_NEO4J_PASSWORD: 'secret',
      NEIGHBORKB_NEO4J_DATABASE: 'facts',
      NEIGHBORKB_NEO4J_POOL_SIZE: '7',
    });
    expect(neo4jOptions(config)).toMatchObject({
      url: 'neo4j+s://graph.example:7687',
      user: 'kb',
      password: 'secret',
      database: 'facts',
      poolSize: 7,
    });
  });

  it('may stand in the URL, which goes first and keeps its password to itself', () => {
    const config = configOf({
      NEIGHBORKB_STORE: 'bolt://kb:p%40ss@127.0.0.1:7688/facts',
      NEIGHBORKB_NEO4J_USER: 'other',
    });
    const options = neo4jOptions(config);
    expect(options).toMatchObject({ user: 'kb', password: 'p@ss', database: 'facts' });
    expect(options.url).toBe('bolt://127.0.0.1:7688');
  });

  it('are refused by name where they are none', () => {
    for (const store of ['http://localhost:7474', 'postgres://x', 'neo4j://'])
      expect(() => neo4jOptions(configOf({ NEIGHBORKB_STORE: store }))).toThrowError(
        expect.objectContaining({ code: 'INVALID_ARGUMENT', path: ['store'] }) as Error,
      );
  });
});
