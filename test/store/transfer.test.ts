import path from 'node:path';
import { readFile, writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { entityId } from '../../src/domain/identity.js';
import type { Distinction } from '../../src/domain/redirects.js';
import type { GraphStore } from '../../src/store/graph-store.js';
import { transfer, type TransferOptions } from '../../src/store/transfer/transfer.js';
import { TransferStateFile } from '../../src/store/transfer/transfer-state.js';
import { verify } from '../../src/store/transfer/verify.js';
import { buildDocument } from './builders.js';
import { dumpGraph, readAll } from './dump.js';
import { importing, named } from './identity-sketches.js';
import { documentSketches } from './sketches.js';
import { withFolder, withSqliteStore } from './temporary.js';

/** A source, an empty target, and a way to run or stop a transfer between them. */
async function withTransfer(
  body: (run: {
    source: GraphStore;
    target: GraphStore;
    state: string;
    move: (report?: TransferOptions['report']) => ReturnType<typeof transfer>;
  }) => Promise<void>,
): Promise<void> {
  await withFolder((folder) =>
    withSqliteStore((source) =>
      withSqliteStore((target) => {
        const state = path.join(folder, 'state.json');
        const move = (report: TransferOptions['report'] = () => undefined) =>
          transfer(
            { name: 'a', store: source },
            { name: 'b', store: target },
            { state: new TransferStateFile(state), report },
          );
        return body({ source, target, state, move });
      }),
    ),
  );
}

async function fill(store: GraphStore, documents: number): Promise<void> {
  for (let index = 0; index < documents; index++)
    await store.saveDocument(
      buildDocument({
        externalId: `d${(index * 7) % documents}`,
        metadata: { z: 1, a: [index] },
        facts: [
          { subject: `Person ${index % 5}`, predicate: 'P19', object: 'London', confidence: 0.3 },
          { subject: `Person ${index % 5}`, predicate: 'NIL', object: `Place ${index}`, voters: [] },
        ],
      }),
    );
}

const merging = (from: string, into: string) => ({
  ...{ from: named('PER', from), into: named('PER', into), by: 'ada', note: 'one person' },
});
const apart = (a: string, b: string): Distinction => {
  const [first, second] = [named('PER', a), named('PER', b)];
  const entities = first.id < second.id ? ([first, second] as const) : ([second, first] as const);
  return { entities, by: 'ada', at: '2026-01-01T00:00:00.000Z', note: null };
};

describe('a transfer between stores', () => {
  test('leaves the same graph, in the order in which documents were saved, whatever they are', async () => {
    await fc.assert(
      fc.asyncProperty(documentSketches, (sketches) =>
        withTransfer(async ({ source, target, move }) => {
          for (const sketch of sketches) await source.saveDocument(buildDocument(sketch));
          await source.retractDocument('document-0');
          const { copied, verification } = await move();
          expect([copied, verification.problems]).toEqual([sketches.length - 1, []]);
          expect(await dumpGraph(target)).toEqual(await dumpGraph(source));
          const newest = (store: GraphStore) =>
            readAll((page) => store.documents({ ...page, order: 'newest' }));
          expect(await newest(target)).toEqual(await newest(source));
        }),
      ),
      { numRuns: 5 },
    );
  });

  test('that is stopped goes on where it was and ends with the same graph', () =>
    withTransfer(async ({ source, target, move, state }) => {
      await fill(source, 40);
      let reports = 0;
      const stopped = move(() => {
        if (++reports === 23) throw new Error('stop');
      });
      await expect(stopped).rejects.toThrow('stop');
      expect((await target.counts()).documents).toBe(23);
      const seen: number[] = [];
      const outcome = await move((step, done) => {
        if (step === 'copied') seen.push(done);
      });
      expect(outcome).toMatchObject({
        copied: 40,
        resumed: true,
        verification: { documents: 40, problems: [] },
      });
      // What the stopped batch had saved is saved again, what came before it is not.
      expect(seen.length).toBeLessThan(40);
      expect(await dumpGraph(target)).toEqual(await dumpGraph(source));
      await expect(readFile(state)).rejects.toMatchObject({ code: 'ENOENT' });
    }));

  test('takes merges, dictionaries and distinctions along', () =>
    withTransfer(async ({ source, target, move }) => {
      await fill(source, 5);
      await source.identity.merge(merging('Person 1', 'Person 2'));
      const { merge } = await source.identity.merge(merging('Person 3', 'Person 4'));
      await source.identity.unmerge(merge.id, 'ada');
      const { verification } = await move();
      expect(verification.problems).toEqual([]);
      expect(await dumpGraph(target)).toEqual(await dumpGraph(source));
      expect((await target.identity.merges({ first: 10 })).items).toHaveLength(2);
      // What was merged can be taken apart in the target, too.
      const [inForce] = (await target.identity.merges({ first: 10, filter: { inForce: true } })).items;
      await target.identity.unmerge(inForce!.node.id, 'ada');
      expect((await target.entitiesById([entityId('PER', 'Person 1')]))[0]?.name).toBe('Person 1');
    }));

  test('that is taken up again takes along what curators and dictionaries have said since', () =>
    withTransfer(async ({ source, target, move }) => {
      await fill(source, 8);
      await importing(source, 'people', { name: 'Nobody' });
      const { merge } = await source.identity.merge(merging('Person 1', 'Person 2'));
      let reports = 0;
      const stopped = move(() => {
        if (++reports === 3) throw new Error('stop');
      });
      await expect(stopped).rejects.toThrow('stop');
      await source.identity.unmerge(merge.id, 'ben');
      await source.identity.merge(merging('Person 2', 'Person 1'));
      await source.identity.distinguish(apart('Person 3', 'Person 4'));
      await importing(source, 'people', { name: 'The Fifth', aliases: ['Person 0'], externalIds: ['Q5'] });
      const { resumed, verification } = await move();
      expect([resumed, verification.problems]).toEqual([true, []]);
      expect(await dumpGraph(target)).toEqual(await dumpGraph(source));
      for (const list of ['merges', 'distinctions'] as const)
        expect((await target.identity[list]({ first: 10 })).items.map(({ node }) => node)).toEqual(
          (await source.identity[list]({ first: 10 })).items.map(({ node }) => node),
        );
    }));

  test('is found out if it missed what was said meanwhile, also where no document shows it', () =>
    withTransfer(async ({ source, target, move }) => {
      await fill(source, 5);
      await move();
      const problems = async () => (await verify(source, target, () => undefined)).problems;
      await source.identity.distinguish(apart('Person 3', 'Person 4'));
      expect(await problems()).toEqual(['the distinctions differ']);
      await target.identity.distinguish(apart('Person 3', 'Person 4'));
      await importing(source, 'people', { name: 'Nobody', aliases: ['No one'] });
      await importing(target, 'people', { name: 'Nobody' });
      expect(await problems()).toEqual(['the dictionaries differ']);
      await importing(target, 'people', { name: 'Nobody', aliases: ['No one'] });
      expect(await problems()).toEqual([]);
      const { merge } = await source.identity.merge(merging('Person 1', 'Person 2'));
      await source.identity.unmerge(merge.id, 'ben');
      expect(await problems()).toEqual(['the merges differ']);
    }));

  test('into a store without documents that has dictionaries or merges of its own is refused', () =>
    withTransfer(async ({ source, target, move }) => {
      await fill(source, 2);
      await importing(target, 'people', { name: 'Nobody' });
      await expect(move()).rejects.toMatchObject({ code: 'CONFLICT', path: ['to'] });
      expect((await target.counts()).documents).toBe(0);
    }));

  test('into a store that is not empty is refused, and so is the state of another pair of stores', () =>
    withTransfer(async ({ source, target, state, move }) => {
      await fill(source, 2);
      await fill(target, 1);
      await expect(move()).rejects.toMatchObject({ code: 'CONFLICT', path: ['to'] });
      const other = { formatVersion: 1, from: 'x', to: 'b', cursor: null, copied: 0 };
      await writeFile(state, JSON.stringify(other));
      await expect(move()).rejects.toMatchObject({ code: 'CONFLICT', path: ['state'] });
      for (const broken of ['', '{"formatVersion":2}', 'x'.repeat(10)]) {
        await writeFile(state, broken);
        await expect(move()).rejects.toMatchObject({ code: 'INVALID_FILE', path: ['state'] });
      }
      expect((await target.counts()).documents).toBe(1);
    }));

  test('is found out if the target lost, changed or gained anything', () =>
    withTransfer(async ({ source, target, move }) => {
      await fill(source, 6);
      await move();
      const compare = () => verify(source, target, () => undefined);
      expect((await compare()).problems).toEqual([]);
      await target.retractDocument('d3');
      expect(await compare()).toMatchObject({ documents: 5, differing: ['d3'] });
      const [whole] = await source.queries.extractedDocuments(
        (await source.documents({ first: 1, filter: { externalIds: ['d3'] } })).items.map(
          ({ node }) => node.id,
        ),
      );
      const [first, ...rest] = whole!.predictions;
      await target.saveDocument({ ...whole!, predictions: [{ ...first!, confidence: 0.31 }, ...rest] });
      expect((await compare()).problems).toEqual(['1 documents differ', 'the triples differ']);
      await target.retractDocument('d3');
      await target.saveDocument(whole!);
      await target.saveDocument(buildDocument({ externalId: 'more', facts: [] }));
      expect((await compare()).problems).toEqual(['documents: 6 in the source, 7 in the target']);
    }));
});
