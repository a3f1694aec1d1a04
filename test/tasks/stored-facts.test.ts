import path from 'node:path';
import Database from 'libsql';
import { expect, test } from 'vitest';
import { entityId } from '../../src/domain/identity.js';
import type { TripleStatus } from '../../src/domain/model.js';
import type { Fact } from '../../src/memory/distant/facts.js';
import { SqliteGraphStore } from '../../src/store/sqlite/sqlite-graph-store.js';
import { storedFacts } from '../../src/tasks/stored-facts.js';
import { buildDocument } from '../store/builders.js';
import { MIGRATIONS, withFolder } from '../store/temporary.js';

const KNOWN = buildDocument({
  externalId: 'known',
  facts: [
    { subject: 'Ada Lovelace', predicate: 'P19', object: 'London', confidence: 0.3 },
    {
      subject: 'Ada Lovelace',
      subjectSurface: 'She',
      predicate: 'P20',
      object: 'Marylebone',
      confidence: 0.9,
    },
    { subject: 'Otto Hahn', predicate: 'P19', object: 'Frankfurt', confidence: 0.9 },
  ],
});

/** What a knowledge base gives as facts after curators have decided on some of its triples, by predicate and object. */
async function factsAfter(
  decided: Readonly<Record<string, TripleStatus>>,
  choice: { readonly acceptedOnly: boolean; readonly minConfidence: number },
): Promise<string[]> {
  return withFolder(async (folder) => {
    const file = path.join(folder, 'graph.db');
    const store = new SqliteGraphStore({ file, migrationsDir: MIGRATIONS });
    await store.open();
    try {
      await store.saveDocument(KNOWN);
      const database = new Database(file);
      for (const [object, status] of Object.entries(decided))
        database
          .prepare('UPDATE triples SET status = ? WHERE object_key = (SELECT key FROM entities WHERE id = ?)')
          .run(status, entityId('LOC', object));
      database.close();
      const facts: Fact[] = [];
      for await (const fact of storedFacts(store)(choice)) facts.push(fact);
      return facts.map(({ subject, predicate, object }) =>
        [subject.names[0], predicate, object.names[0]].join(' '),
      );
    } finally {
      await store.close();
    }
  });
}

test('of a knowledge base those facts are taken that a curator accepted', async () => {
  const facts = await factsAfter(
    { London: 'accepted', Frankfurt: 'rejected' },
    { acceptedOnly: true, minConfidence: 0 },
  );
  expect(facts).toEqual(['Ada Lovelace P19 London']);
});

test('where undecided ones count, too, they need the confidence; accepted ones do not, rejected ones never count', async () => {
  const facts = await factsAfter(
    { London: 'accepted', Frankfurt: 'rejected' },
    { acceptedOnly: false, minConfidence: 0.5 },
  );
  expect(facts.sort()).toEqual(['Ada Lovelace P19 London', 'Ada Lovelace P20 Marylebone']);
});

test('before anybody has decided, none is accepted', async () => {
  expect(await factsAfter({}, { acceptedOnly: true, minConfidence: 0 })).toEqual([]);
});
