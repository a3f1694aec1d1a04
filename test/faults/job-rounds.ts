import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import { documentId } from '../../src/domain/identity.js';
import type { ExtractedDocument } from '../../src/domain/model.js';
import type { JobQueue } from '../../src/jobs/job-queue.js';
import type { GraphStore } from '../../src/store/graph-store.js';
import { PROFILE } from '../jobs/tiny-extractor.js';
import { dumpGraph } from '../store/dump.js';
import { withSqliteStore } from '../store/temporary.js';
import { randomSize, sizedDocument, type WorkerProcess } from './job-worker.js';

/** Rounds of killing; NEIGHBORKB_FAULT_ROUNDS=20 for the figures of docs/jobs.md. */
export const ROUNDS = Number(process.env['NEIGHBORKB_FAULT_ROUNDS'] ?? 3);
const DOCUMENTS_PER_ROUND = 10;

/** Makes the documents of all rounds. */
export function documentsOfRounds(): Map<string, ReturnType<typeof sizedDocument>> {
  const names = Array.from({ length: ROUNDS * DOCUMENTS_PER_ROUND }, (_, index) => `d${index}`);
  return new Map(
    names.map((name, index) => {
      // The smallest and the largest are among them.
      const size = index === 0 ? 200 : index === 1 ? 500_000 : randomSize();
      return [name, sizedDocument(name, size, PROFILE)];
    }),
  );
}

export function extractionsOf(
  documents: ReadonlyMap<string, ReturnType<typeof sizedDocument>>,
): Map<string, ExtractedDocument> {
  return new Map([...documents].map(([name, { extracted }]) => [name, extracted]));
}

/** The parts of a kill test. */
export interface KillRounds {
  readonly documents: ReadonlyMap<string, ReturnType<typeof sizedDocument>>;
  /** Accepts jobs in this process and works on none. */
  readonly queue: JobQueue;
  /** Reads the graph in this process. */
  readonly store: GraphStore;
  readonly startWorker: () => Promise<WorkerProcess>;
  /** Milliseconds after its start that a worker may live. */
  readonly longestLife: number;
}

/**
 * Submits documents round by round while workers are killed at random moments; whatever a job says is done must be
 * in the graph, whole. At the end a last worker finishes all, and the graph is the one of a quiet ingestion.
 */
export async function surviveKills(rounds: KillRounds): Promise<void> {
  const { documents, queue, store } = rounds;
  const names = [...documents.keys()];
  const jobs: string[] = [];
  const doneAtKill: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const own = names.slice(round * DOCUMENTS_PER_ROUND, (round + 1) * DOCUMENTS_PER_ROUND);
    const inputs = own.map((name) => inputOf(documents, name));
    jobs.push((await queue.submit(inputs)).id);
    const worker = await rounds.startWorker();
    await delay(Math.random() * rounds.longestLife);
    await worker.kill();
    doneAtKill.push(await expectDoneIsStored(rounds, jobs));
  }
  const last = await rounds.startWorker();
  for (const id of jobs) expect(await queue.finished(id)).toMatchObject({ state: 'completed', failed: 0 });
  await last.kill();
  expect(await dumpGraph(store)).toEqual(await quietGraph(documents));
  if (process.env['NEIGHBORKB_FAULT_ROUNDS'])
    console.info(
      `${ROUNDS} kills, documents done at each: ${doneAtKill.join(' ')}; all ${names.length} at the end`,
    );
}

/** @returns documents that the jobs say are done */
async function expectDoneIsStored(
  { documents, queue, store }: KillRounds,
  jobs: readonly string[],
): Promise<number> {
  let done = 0;
  for (const id of jobs) done += (await queue.job(id))?.done ?? 0;
  const names = [...documents.keys()];
  const ids = names.map((name) => documentId(name));
  const [stored, sentences, predictions] = [
    await store.documentsById(ids),
    await store.sentencesOfDocuments(ids),
    await store.predictionsOfDocuments(ids),
  ];
  const present = names.filter((_, index) => stored[index]);
  // Each that is done is stored; some may be stored whose note the kill cut off.
  expect(present.length).toBeGreaterThanOrEqual(done);
  for (const [index, name] of names.entries()) {
    const { extracted } = documents.get(name) ?? {};
    if (!stored[index] || !extracted) continue;
    expect(stored[index].text.length).toBe(extracted.document.text.length);
    expect(sentences[index]).toHaveLength(extracted.sentences.length);
    expect(predictions[index]).toHaveLength(extracted.predictions.length);
  }
  return done;
}

/** The graph that the documents give where nothing goes wrong. */
export function quietGraph(documents: ReadonlyMap<string, ReturnType<typeof sizedDocument>>) {
  return withSqliteStore(async (store) => {
    for (const { extracted } of documents.values()) await store.saveDocument(extracted);
    return dumpGraph(store);
  });
}

function inputOf(documents: KillRounds['documents'], name: string) {
  const document = documents.get(name);
  if (!document) throw new Error(`no document ${name}`);
  return document.input;
}
