import { loadConfig } from '../config.js';
import type { JobQueue } from '../jobs/job-queue.js';
import type { Io } from './io.js';

export interface JobsOptions {
  readonly queue?: string;
  readonly dataDir?: string;
}

/** Runs `body` with the jobs of the configured queue; this process works on none. @throws QUEUE_UNAVAILABLE */
export async function withJobs<T>(
  io: Io,
  { queue, dataDir }: JobsOptions,
  body: (jobs: JobQueue) => Promise<T>,
): Promise<T> {
  const config = loadConfig({ queue, dataDir });
  const [{ pino }, { makeQueue }] = await Promise.all([import('pino'), import('../open-queue.js')]);
  const logger = pino({ level: config.logLevel }, pino.destination({ fd: 2, sync: true }));
  const jobs = await makeQueue(config, { logger, workshop: null });
  await jobs.start();
  try {
    return await body(jobs);
  } finally {
    await jobs.stop();
  }
}
