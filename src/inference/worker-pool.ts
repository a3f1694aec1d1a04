import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import { NeighborKbError } from '../domain/errors.js';

export interface WorkerPoolOptions {
  /** The worker's module, from `workerFile`. */
  readonly file: string;
  readonly workers: number;
  /** Structured-cloned to every worker; the worker reads it as `workerData` of piscina. */
  readonly workerData: unknown;
  /** What works here, for error messages: `relation encoder general`. */
  readonly what: string;
}

/**
 * Threads that each keep something heavy (a session, a memory's keys) and answer one task at a time; further
 * tasks wait in order. A worker that dies rejects its task with INTERNAL and is replaced for the next one.
 */
export class WorkerPool<Task, Result> {
  private readonly pool: Piscina<Task, Result>;
  private readonly what: string;
  private closed = false;

  constructor({ file, workers, workerData, what }: WorkerPoolOptions) {
    this.what = what;
    this.pool = new Piscina({
      filename: file,
      minThreads: workers,
      maxThreads: workers,
      workerData,
      // The native runtime allocates outside V8's heap; waiting on atomics would only keep the thread busy.
      atomics: 'disabled',
      recordTiming: false,
    });
    // Without a listener, a worker that dies while idle would end the process; it is replaced instead.
    this.pool.on('error', () => undefined);
  }

  /**
   * @param transfer buffers that move to the worker and are gone here
   * @throws NeighborKbError INTERNAL with the worker's error as its cause
   */
  async run(task: Task, transfer: readonly ArrayBuffer[] = []): Promise<Result> {
    // Piscina would start new threads.
    if (this.closed) throw new NeighborKbError('INTERNAL', `${this.what}: is closed`);
    try {
      return await this.pool.run(task, { transferList: [...transfer] });
    } catch (cause) {
      throw new NeighborKbError('INTERNAL', `${this.what}: ${(cause as Error).message}`, [], { cause });
    }
  }

  /** Ends the threads; tasks that wait are rejected. */
  async close(): Promise<void> {
    this.closed = true;
    await this.pool.destroy();
  }
}

/**
 * The compiled module of a worker that lies beside the caller. Threads load JavaScript alone, so code that runs
 * from `src` (tests) uses the build in `dist`, which `npm test` makes first.
 *
 * @param moduleUrl `import.meta.url` of the caller
 * @param name file name of the worker without extension: `session-worker`
 */
export function workerFile(moduleUrl: string, name: string): string {
  const file = fileURLToPath(new URL(`./${name}.js`, moduleUrl));
  const compiled = moduleUrl.endsWith('.ts')
    ? file.replace(/([\\/])src([\\/](?!.*[\\/]src[\\/]))/, '$1dist$2')
    : file;
  if (!existsSync(compiled))
    throw new NeighborKbError('INTERNAL', `${compiled} is missing: run \`npm run build\` first`);
  return compiled;
}
