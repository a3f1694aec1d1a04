import type { Job } from '../../src/jobs/job-queue.js';
import { input, type TinyExtractor } from './tiny-extractor.js';
import type { TestQueue, Workplace } from './workplace.js';

export const inputs = (count: number, prefix = 'd') =>
  Array.from({ length: count }, (_, index) => input(`${prefix}${index}`));

/** Holds up the extractor until the returned function is called. */
export function hold(extractor: TinyExtractor): () => void {
  let open: () => void = () => undefined;
  extractor.gate = new Promise<void>((resolve) => (open = resolve));
  return () => open();
}

/** Begins a job of 20 documents; the first ones are in hand until the returned function is called. */
export async function begun({ queue, extractor }: Workplace): Promise<{ id: string; open: () => void }> {
  const open = hold(extractor);
  await queue.start();
  const { id } = await queue.submit(inputs(20));
  await queue.follow(id, 1).next();
  return { id, open };
}

/**
 * A revision of the document `a` whose job is open and paused, while the next revision was accepted after it and is stored.
 * @returns the job's id
 */
export async function overtaken(queue: TestQueue): Promise<string> {
  await queue.start();
  const { id: old } = await queue.submit([], { open: true });
  await queue.pause(old);
  await queue.append(old, [input('a', 'Ada P19 London.')]);
  const { id } = await queue.submit([input('a', 'Ada P19 Paris.')]);
  await queue.finished(id);
  return old;
}

export async function collect(jobs: AsyncIterable<Job>): Promise<Job[]> {
  const all: Job[] = [];
  for await (const job of jobs) all.push(job);
  return all;
}
