import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { allEntities, tripleRecords } from '../../src/cli/formats/triple-records.js';
import { SqliteGraphStore } from '../../src/store/sqlite/sqlite-graph-store.js';
import { buildDocument } from '../store/builders.js';
import { MIGRATIONS, withFolder, withSqliteStore } from '../store/temporary.js';
import { runInMemory } from './memory-io.js';

describe('an export', () => {
  it('has every triple of many pages once, each with the evidence of all its documents', async () => {
    await withSqliteStore(async (store) => {
      const people = Array.from({ length: 230 }, (_, index) => `Person ${index}`);
      for (const externalId of ['one', 'two'])
        await store.saveDocument(
          buildDocument({
            externalId,
            facts: people.map((subject) => ({ subject, predicate: 'P19', object: 'London' })),
          }),
        );
      const subjects: string[] = [];
      for await (const { subject, evidence } of tripleRecords(store, {})) {
        subjects.push(subject.name);
        expect(evidence.map(({ document }) => document.externalId).sort()).toEqual(['one', 'two']);
        for (const { sentence, document, neighbours } of evidence) {
          expect(document.text.slice(sentence.start, sentence.end)).toBe(`${subject.name} P19 London.`);
          expect(neighbours).toHaveLength(2);
        }
      }
      expect(subjects.sort()).toEqual(people.sort());

      const names: string[] = [];
      for await (const { name } of allEntities(store)) names.push(name);
      expect(names.sort()).toEqual([...people, 'London'].sort());
    });
  });

  it('holds what its filter asks for alone', async () => {
    await withSqliteStore(async (store) => {
      const facts = [
        { subject: 'Ada', predicate: 'P19', object: 'London', confidence: 0.9 },
        { subject: 'Bob', predicate: 'P20', object: 'Oslo', confidence: 0.9 },
        { subject: 'Eve', predicate: 'P19', object: 'Rome', confidence: 0.2 },
      ];
      await store.saveDocument(buildDocument({ externalId: 'one', facts }));
      const subjects: string[] = [];
      for await (const record of tripleRecords(store, { predicates: ['P19'], minConfidence: 0.5 }))
        subjects.push(record.subject.name);
      expect(subjects).toEqual(['Ada']);
    });
  });

  it('takes a predicate that the schema knows no more for as long as a triple has it', () =>
    withFolder(async (folder) => {
      const store = new SqliteGraphStore({ file: path.join(folder, 'graph.db'), migrationsDir: MIGRATIONS });
      await store.open();
      const facts = [{ subject: 'Ada', predicate: 'P99999', object: 'London' }];
      await store.saveDocument(buildDocument({ externalId: 'one', facts }));
      await store.close();
      const run = (predicate: string) =>
        runInMemory(['export', '--predicate', predicate, '--data-dir', folder], '');
      expect(await run('P99999')).toMatchObject({
        code: 0,
        stdout: expect.stringContaining('Ada') as string,
      });
      expect(await run('P99998')).toMatchObject({ code: 2, stdout: '' });
    }));
});
