import { expect, test } from 'vitest';
import type { Change } from '../../src/store/graph-queries.js';
import type { GraphStore } from '../../src/store/graph-store.js';
import { buildDocument, type Fact } from './builders.js';
import type { WithStore } from './contract.js';
import { dumpGraph } from './dump.js';

const born = (subject: string, object: string): Fact => ({
  subject,
  predicate: 'P19',
  object,
  confidence: 0.5,
});

/** Everything since a cursor, however small the pages. */
async function changesSince(
  store: GraphStore,
  cursor?: string,
  first = 2,
): Promise<{ changes: Change[]; cursor: string }> {
  const changes: Change[] = [];
  for (let after = cursor; ;) {
    const page = await store.queries.changes({ first, ...(after === undefined ? {} : { after }) });
    changes.push(...page.changes);
    after = page.endCursor;
    if (!page.hasMore) return { changes, cursor: after };
  }
}

/** How many of each kind: "2 entity created". */
function summary(changes: readonly Change[]): string[] {
  const counts = new Map<string, number>();
  for (const { kind, change } of changes)
    counts.set(`${kind} ${change}`, (counts.get(`${kind} ${change}`) ?? 0) + 1);
  return [...counts].map(([what, count]) => `${count} ${what}`).sort();
}

export function changesContract(withStore: WithStore): void {
  test('a reader who goes on from its cursor sees each change once, and nothing where there is none', () =>
    withStore(async (store) => {
      const begin = await changesSince(store);
      expect(begin.changes).toEqual([]);
      await store.saveDocument(buildDocument({ externalId: 'a', facts: [born('Ada', 'London')] }));
      const created = await changesSince(store, begin.cursor);
      expect(summary(created.changes)).toEqual([
        '1 document created',
        '1 triple created',
        '2 entity created',
      ]);
      expect(await changesSince(store, created.cursor)).toEqual({ changes: [], cursor: created.cursor });
      await store.saveDocument(
        buildDocument({ externalId: 'b', facts: [born('Ada', 'London'), born('Ben', 'London')] }),
      );
      const second = await changesSince(store, created.cursor);
      expect(summary(second.changes)).toEqual([
        '1 document created',
        '1 entity created',
        '1 triple changed',
        '1 triple created',
      ]);
      await store.retractDocument('a');
      await store.retractDocument('b');
      const third = await changesSince(store, second.cursor);
      expect(summary(third.changes)).toEqual(['2 document removed', '2 triple removed', '3 entity removed']);
      for (const { at } of third.changes) expect(Math.abs(at.getTime() - Date.now())).toBeLessThan(60_000);
    }));

  test('saving the same again is no change, a new title is one of the document, a new name one of the entity', () =>
    withStore(async (store) => {
      const facts = [born('ADA', 'London')];
      await store.saveDocument(buildDocument({ externalId: 'a', facts }));
      const { cursor } = await changesSince(store);
      await store.saveDocument(buildDocument({ externalId: 'a', facts }));
      expect((await changesSince(store, cursor)).changes).toEqual([]);
      const titled = buildDocument({ externalId: 'a', facts, title: 'A' });
      await store.saveDocument(titled);
      const retitled = await changesSince(store, cursor);
      expect(retitled.changes).toMatchObject([
        { kind: 'document', change: 'changed', id: titled.document.id },
      ]);
      for (const externalId of ['b', 'c'])
        await store.saveDocument(buildDocument({ externalId, facts: [born('Ada', 'Paris')] }));
      const renamed = await changesSince(store, retitled.cursor);
      expect(summary(renamed.changes)).toContain('1 entity changed');
    }));

  test('what was removed and comes again is created again', () =>
    withStore(async (store) => {
      const document = buildDocument({ externalId: 'a', facts: [born('Ada', 'London')] });
      await store.saveDocument(document);
      await store.retractDocument('a');
      const { changes, cursor } = await changesSince(store);
      expect(summary(changes)).toEqual(['1 document removed', '1 triple removed', '2 entity removed']);
      await store.saveDocument(document);
      expect(summary((await changesSince(store, cursor)).changes)).toEqual([
        '1 document created',
        '1 triple created',
        '2 entity created',
      ]);
    }));

  test('a copy that follows the changes holds what the store holds', () =>
    withStore(async (store) => {
      const copy = new Set<string>();
      let cursor: string | undefined;
      const steps: (() => Promise<unknown>)[] = [
        () =>
          store.saveDocument(
            buildDocument({ externalId: 'a', facts: [born('Ada', 'London'), born('Ben', 'Rome')] }),
          ),
        () => store.saveDocument(buildDocument({ externalId: 'b', facts: [born('Ada', 'Rome')] })),
        () => store.saveDocument(buildDocument({ externalId: 'a', facts: [born('Cat', 'Rome')] })),
        () => store.retractDocument('b'),
        () => store.saveDocument(buildDocument({ externalId: 'b', facts: [born('Ada', 'London')] })),
      ];
      for (const step of steps) {
        await step();
        const read = await changesSince(store, cursor, 3);
        cursor = read.cursor;
        for (const { id, change } of read.changes)
          if (change === 'removed') copy.delete(id);
          else copy.add(id);
        const { documents, entities, triples } = await dumpGraph(store);
        expect([...copy].sort()).toEqual(
          [...documents, ...entities, ...triples].map(({ id }) => String(id)).sort(),
        );
      }
    }));

  test('kinds are filtered, foreign cursors and page sizes refused by name', async () => {
    const foreign = await withStore(async (other) => (await other.queries.changes({ first: 1 })).endCursor);
    await withStore(async (store) => {
      await store.saveDocument(buildDocument({ externalId: 'a', facts: [born('Ada', 'London')] }));
      const triples = await store.queries.changes({ first: 10, kinds: ['triple'] });
      expect(triples.changes).toMatchObject([{ kind: 'triple' }]);
      const own = (await store.documents({ first: 1 })).items[0]!.cursor;
      for (const after of ['x', own, foreign])
        await expect(store.queries.changes({ first: 1, after })).rejects.toMatchObject({
          code: 'INVALID_ARGUMENT',
          path: ['after'],
        });
      await expect(store.queries.changes({ first: 0 })).rejects.toMatchObject({ path: ['first'] });
    });
  });
}
