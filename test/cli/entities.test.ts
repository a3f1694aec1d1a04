import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { SqliteGraphStore } from '../../src/store/sqlite/sqlite-graph-store.js';
import { buildDocument, type Fact } from '../store/builders.js';
import { MIGRATIONS, withFolder } from '../store/temporary.js';
import { runInMemory, type CliResult } from './memory-io.js';

const born = (subject: string): Fact => ({ subject, predicate: 'P19', object: 'London' });

/** A store with a few people, and the command to use on it. */
const withPeople = (
  body: (run: (...args: string[]) => Promise<CliResult>, folder: string) => Promise<void>,
) =>
  withFolder(async (folder) => {
    const store = new SqliteGraphStore({ file: path.join(folder, 'graph.db'), migrationsDir: MIGRATIONS });
    await store.open();
    const facts = [born('Ada Lovelace'), born('A. Lovelace'), born('Ada King')];
    await store.saveDocument(buildDocument({ externalId: 'people', facts }));
    await store.close();
    await body((...args) => runInMemory(['entities', ...args, '--data-dir', folder], ''), folder);
  });

const CSV = 'type,name,aliases,externalIds\nPER,Ada Lovelace,Ada King|The Countess,Q7259\n';

describe('entities', () => {
  it('merge, list merges and take them back', () =>
    withPeople(async (run) => {
      const merged = await run('merge', 'PER:Ada King', 'PER:Ada Lovelace', '--by', 'ann', '--json');
      expect(merged.code).toBe(0);
      const { merge, changes } = JSON.parse(merged.stdout) as { merge: { id: string }; changes: object };
      expect(changes).toEqual({ mentions: 1, evidence: 1 });
      const again = await run('merge', 'PER:Ada King', 'PER:Ada Lovelace');
      expect([again.code, again.stderr]).toEqual([
        3,
        expect.stringContaining('error CONFLICT: both stand for "Ada Lovelace" (ent_'),
      ]);
      expect((await run('merges')).stdout).toContain(merge.id);
      expect((await run('unmerge', merge.id)).stdout).toContain(
        'PER Ada King into PER Ada Lovelace: taken back',
      );
      expect((await run('merges', '--json')).stdout).toBe('');
      expect((await run('merges', '--all', '--json')).stdout).toContain('"by":"ann"');
    }));

  it('suggest duplicates until the two are told apart', () =>
    withPeople(async (run) => {
      const found = await run('duplicates', '--type', 'PER', '--json');
      const [best] = found.stdout.split('\n');
      expect(JSON.parse(best ?? '')).toMatchObject({ evidence: [{ reason: 'shortened-name' }, {}] });
      expect((await run('duplicates', '--type', 'PER')).stdout).toContain(
        '"A. Lovelace" shortens "Ada Lovelace"',
      );
      expect((await run('apart', 'PER:A. Lovelace', 'PER:Ada Lovelace')).code).toBe(0);
      expect((await run('duplicates', '--type', 'PER', '--json')).stdout).not.toContain('A. Lovelace');
      expect((await run('apart', 'PER:A. Lovelace', 'PER:Ada Lovelace', '--withdraw')).stdout).toBe(
        'taken back\n',
      );
      expect((await run('duplicates', '--type', 'PERSON')).code).toBe(2);
    }));

  it('list what was told apart, until it is taken back', () =>
    withPeople(async (run) => {
      await run('apart', 'PER:Ada Lovelace', 'PER:A. Lovelace', '--by', 'ann');
      await run('apart', 'PER:Ada Lovelace', 'PER:Ada King', '--by', 'bob', '--note', 'her mother');
      const listed = (await run('distinctions', '--json')).stdout.trim().split('\n');
      expect(listed.map((line) => JSON.parse(line) as object)).toMatchObject([
        { by: 'bob', note: 'her mother' },
        { by: 'ann', note: null },
      ]);
      const text = (await run('distinctions')).stdout;
      for (const part of ['PER:Ada Lovelace', 'PER:A. Lovelace', 'PER:Ada King', 'her mother'])
        expect(text).toContain(part);
      await run('apart', 'PER:Ada Lovelace', 'PER:Ada King', '--withdraw');
      expect((await run('distinctions')).stdout).not.toContain('Ada King');
      await run('apart', 'PER:Ada Lovelace', 'PER:A. Lovelace', '--withdraw');
      expect((await run('distinctions', '--json')).stdout).toBe('');
    }));

  it('import, list and remove a dictionary', () =>
    withPeople(async (run, folder) => {
      const file = path.join(folder, 'people.csv');
      await writeFile(file, CSV);
      const imported = await run('dictionary', 'import', 'people', file);
      expect(imported.stdout).toBe(
        'people: 1 entities, 3 names; 2 mentions and 2 pieces of evidence moved\n',
      );
      expect((await run('dictionary', 'list', '--json')).stdout).toContain('"name":"people"');
      await writeFile(file, `${CSV}PER,Jane Digby,The Countess,\n`);
      expect((await run('dictionary', 'import', 'people', file)).stderr).toContain(
        '1 names belong to several known entities',
      );
      expect((await run('dictionary', 'remove', 'people')).stdout).toContain('people: removed; 2 mentions');
      const gone = await run('dictionary', 'remove', 'people');
      expect([gone.code, gone.stderr]).toEqual([3, expect.stringContaining('NOT_FOUND')]);
    }));

  it('take back that two are not one by the names that told them apart', () =>
    withPeople(async (run, folder) => {
      await writeFile(path.join(folder, 'people.csv'), CSV);
      await run('dictionary', 'import', 'people', path.join(folder, 'people.csv'));
      // The name stands for the dictionary's entity, of which it is recorded.
      expect((await run('apart', 'PER:Ada King', 'PER:A. Lovelace')).stdout).toContain('kept apart');
      const withdraw = ['apart', '--withdraw', 'PER:A. Lovelace', 'PER:Ada King'];
      expect((await run(...withdraw)).stdout).toBe('taken back\n');
      expect((await run(...withdraw)).stdout).toBe('nothing was recorded of the two\n');
    }));

  it('refuse a bad dictionary as a whole, naming file, line and field', () =>
    withPeople(async (run, folder) => {
      const file = path.join(folder, 'people.csv');
      await writeFile(file, `${CSV}WHO,Jane,,\n`);
      const refused = await run('dictionary', 'import', 'people', file);
      expect([refused.code, refused.stderr]).toEqual([
        3,
        expect.stringContaining(`error INVALID_FILE: ${file}:3: expected one of PER, ORG, LOC, MISC`),
      ]);
      expect((await run('dictionary', 'list', '--json')).stdout).toBe('');
      const missing = await run('dictionary', 'import', 'people', path.join(folder, 'none.csv'));
      expect([missing.code, missing.stderr]).toEqual([3, expect.stringContaining('none.csv cannot be read')]);
      expect((await run('dictionary', 'import', 'people', path.join(folder, 'x.tsv'))).code).toBe(2);
    }));

  it('name an entity that is not there, and what an entity is named by', () =>
    withPeople(async (run) => {
      for (const refused of [
        await run('merge', 'PER:Nobody', 'PER:Ada King'),
        await run('merge', 'PER:Ada King', 'PER:Nobody'),
        await run('apart', 'PER:Ada King', 'PER:Nobody'),
      ])
        expect([refused.code, refused.stderr]).toEqual([
          3,
          expect.stringContaining('error NOT_FOUND: there is no entity "PER:Nobody"'),
        ]);
      expect((await run('merge', 'ent_none', 'PER:Ada King')).stderr).toContain('"ent_none"');
      const odd = await run('merge', 'Ada King', 'PER:Ada King');
      expect([odd.code, odd.stderr]).toEqual([2, expect.stringContaining('TYPE:name')]);
    }));
});
