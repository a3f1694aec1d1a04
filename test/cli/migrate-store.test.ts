import { access, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SqliteGraphStore } from '../../src/store/sqlite/sqlite-graph-store.js';
import { buildDocument } from '../store/builders.js';
import { dumpGraph } from '../store/dump.js';
import { MIGRATIONS } from '../store/temporary.js';
import { runInMemory } from './memory-io.js';

let folder: string;
const open = async <T>(name: string, body: (store: SqliteGraphStore) => Promise<T>): Promise<T> => {
  const store = new SqliteGraphStore({
    file: path.join(folder, name, 'graph.db'),
    migrationsDir: MIGRATIONS,
  });
  await store.open();
  return body(store).finally(() => store.close());
};
const run = (...args: string[]) =>
  runInMemory(['migrate-store', ...args, '--state', path.join(folder, 'state.json')], '');
const store = (name: string) => `sqlite:${path.join(folder, name)}`;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'neighborkb-move-'));
  await open('a', async (source) => {
    for (const externalId of ['one', 'two', 'three'])
      await source.saveDocument(
        buildDocument({
          externalId,
          facts: [{ subject: 'Ada Lovelace', predicate: 'P19', object: 'London' }],
        }),
      );
  });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('migrate-store', () => {
  test('copies everything, says so, and leaves no state behind', async () => {
    const { code, stdout } = await run('--from', store('a'), '--to', store('b'), '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      copied: 3,
      resumed: false,
      verification: { documents: 3, differing: [], problems: [] },
    });
    expect(await open('b', dumpGraph)).toEqual(await open('a', dumpGraph));
    await expect(access(path.join(folder, 'state.json'))).rejects.toThrow();
  });

  test('makes the folder of its state, and says where it cannot', async () => {
    const state = (...names: string[]) => ['--state', path.join(folder, ...names)];
    const move = (to: string, ...options: string[]) =>
      runInMemory(['migrate-store', '--from', store('a'), '--to', store(to), ...options], '');
    expect((await move('e', ...state('new', 'folder', 'state.json'))).code).toBe(0);
    const refused = await move('f', ...state('a', 'graph.db', 'state.json'));
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('error INVALID_ARGUMENT: ')]);
  });

  test('refuses a target that holds something, a source that is not there, and one store twice', async () => {
    await run('--from', store('a'), '--to', store('c'));
    const full = await run('--from', store('a'), '--to', store('c'));
    expect([full.code, full.stderr]).toEqual([3, expect.stringContaining('holds 3 documents')]);
    const missing = await run('--from', store('nowhere'), '--to', store('d'));
    expect([missing.code, missing.stderr]).toEqual([5, expect.stringContaining('there is no store')]);
    const twice = await run('--from', store('a'), '--to', store('a'));
    expect([twice.code, twice.stderr]).toEqual([2, expect.stringContaining('to copy from')]);
    const unknown = await run('--from', 'postgres://x', '--to', store('d'));
    expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringContaining('expected sqlite')]);
  });
});
