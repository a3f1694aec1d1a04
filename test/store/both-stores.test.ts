import path from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { entityId } from '../../src/domain/identity.js';
import type { GraphStore } from '../../src/store/graph-store.js';
import { transfer } from '../../src/store/transfer/transfer.js';
import { TransferStateFile } from '../../src/store/transfer/transfer-state.js';
import { describeNeo4j } from '../servers/neo4j-fixture.js';
import { buildDocument, type DocumentSketch } from './builders.js';
import { dumpGraph, readAll } from './dump.js';
import { withNeo4jStore } from './neo4j-store.js';
import { documentSketches, revisedFacts } from './sketches.js';
import { withFolder, withSqliteStore } from './temporary.js';

/** A fresh server plans and compiles every statement first: milliseconds. */
const PATIENCE = 400_000;

/** What may happen to a store: documents by their place in a list, in batches at once, and retractions. */
type Step = { readonly save: readonly number[] } | { readonly retract: number };

const steps = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.record({ save: fc.uniqueArray(fc.nat(9), { minLength: 1, maxLength: 4 }) }) },
    { weight: 1, arbitrary: fc.record({ retract: fc.nat(4) }) },
  ),
  { maxLength: 8 },
);

/** Two revisions of up to five documents: place i and i + 5 have one external id. */
const revisions = fc
  .tuple(documentSketches, fc.array(revisedFacts, { minLength: 5, maxLength: 5 }))
  .map(([sketches, revised]) => [
    ...Array.from({ length: 5 }, (_, place) => ({
      externalId: `document-${place}`,
      facts: sketches[place]?.facts ?? [],
    })),
    ...revised.map((facts, place) => ({ externalId: `document-${place}`, facts })),
  ]);

async function run(
  store: GraphStore,
  sketches: readonly DocumentSketch[],
  todo: readonly Step[],
): Promise<void> {
  for (const step of todo)
    if ('retract' in step) await store.retractDocument(`document-${step.retract}`);
    // Revisions of one document follow each other; different documents are saved at the same time.
    else
      for (const half of [0, 5])
        await Promise.all(
          step.save
            .filter((place) => place >= half && place < half + 5)
            .map((place) => store.saveDocument(buildDocument(sketches[place]!))),
        );
}

/** The revisions that are there in the end. */
function remaining(sketches: readonly DocumentSketch[], todo: readonly Step[]): DocumentSketch[] {
  const present = new Map<number, DocumentSketch>();
  for (const step of todo)
    if ('retract' in step) present.delete(step.retract);
    else for (const place of [...step.save].sort((a, b) => a - b)) present.set(place % 5, sketches[place]!);
  return [...present.values()];
}

describeNeo4j('both stores', (neo4j) => {
  test(
    'hold the same graph after any orders, repeats, batches, replacements and retractions, as if what is gone had never come',
    async () => {
      await fc.assert(
        fc.asyncProperty(revisions, steps, async (sketches, todo) => {
          const inSqlite = await withSqliteStore(async (store) => {
            await run(store, sketches, todo);
            return dumpGraph(store);
          });
          const fresh = await withSqliteStore(async (store) => {
            for (const sketch of remaining(sketches, todo)) await store.saveDocument(buildDocument(sketch));
            return dumpGraph(store);
          });
          const inNeo4j = await withNeo4jStore(neo4j, async (store) => {
            await run(store, sketches, todo);
            return dumpGraph(store);
          });
          expect(inSqlite).toEqual(fresh);
          expect(inNeo4j).toEqual(fresh);
        }),
        { numRuns: 4 },
      );
    },
    PATIENCE,
  );

  test(
    'give a knowledge base to each other and get it back the same',
    () =>
      withFolder(async (folder) => {
        const move = (from: GraphStore, to: GraphStore, name: string) =>
          transfer(
            { name: `from ${name}`, store: from },
            { name: `to ${name}`, store: to },
            { state: new TransferStateFile(path.join(folder, `${name}.json`)), report: () => undefined },
          );
        await withSqliteStore(async (source) => {
          for (let index = 0; index < 12; index++)
            await source.saveDocument(
              buildDocument({
                externalId: `d${index}`,
                metadata: { index },
                facts: [
                  {
                    subject: `Person ${index % 3}`,
                    predicate: 'P19',
                    object: 'London',
                    confidence: 0.1 * (index % 9) + 0.05,
                  },
                  {
                    subject: 'Ada',
                    predicate: 'NIL',
                    object: `Place ${index}`,
                    voters: [],
                    subjectSurface: 'She',
                  },
                ],
              }),
            );
          const person = (number: number) => {
            const name = `Person ${number}`;
            return { id: entityId('PER', name), type: 'PER' as const, name };
          };
          await source.identity.merge({ from: person(1), into: person(2), by: 'ada', note: null });
          const expected = await dumpGraph(source);
          await withNeo4jStore(neo4j, async (middle) => {
            expect((await move(source, middle, 'there')).verification.problems).toEqual([]);
            expect(await dumpGraph(middle)).toEqual(expected);
            const newest = (store: GraphStore) =>
              readAll((page) => store.documents({ ...page, order: 'newest' }));
            expect(await newest(middle)).toEqual(await newest(source));
            await withSqliteStore(async (target) => {
              expect((await move(middle, target, 'back')).verification.problems).toEqual([]);
              expect(await dumpGraph(target)).toEqual(expected);
            });
          });
        });
      }),
    PATIENCE,
  );
});
