import { NeighborKbError } from '../domain/errors.js';
import type { SessionResult, SessionTask, SessionWorkerData } from './session-worker.js';
import type { Feeds } from './tensors.js';
import { WorkerPool, workerFile } from './worker-pool.js';

/** How models run: the same for every model of a process. */
export interface InferenceOptions {
  /** Worker threads, each with a session of its own. */
  readonly workers: number;
  /** Threads inside each session; one is fastest where there are as many workers as cores. */
  readonly intraOpThreads?: number;
  /** ONNX Runtime execution provider: cpu is always there, others where their libraries are. */
  readonly executionProvider?: string;
}

/** Outputs of one run by name, float32, row-major. */
export type Outputs = SessionResult[number];

/** Sessions of one ONNX file in worker threads. */
export class SessionPool {
  private constructor(
    private readonly pool: WorkerPool<SessionTask, SessionResult>,
    readonly workers: number,
  ) {}

  /**
   * Starts the workers and waits until their sessions stand.
   * @throws NeighborKbError MODEL_CORRUPT if the runtime cannot load the graph, INVALID_ARGUMENT if it cannot use
   * the execution provider
   */
  static async open(modelPath: string, what: string, options: InferenceOptions): Promise<SessionPool> {
    const executionProvider = options.executionProvider ?? 'cpu';
    const workerData: SessionWorkerData = {
      modelPath,
      executionProvider,
      intraOpThreads: options.intraOpThreads ?? 1,
    };
    const file = workerFile(import.meta.url, 'session-worker');
    const pool = new WorkerPool<SessionTask, SessionResult>({
      file,
      workers: options.workers,
      workerData,
      what,
    });
    try {
      // One for each worker: a thread that is ended while it loads a session takes the process with it.
      await Promise.all(Array.from({ length: options.workers }, () => pool.run([])));
    } catch (cause) {
      await pool.close();
      const reason = (cause as Error).message;
      throw executionProvider === 'cpu'
        ? new NeighborKbError('MODEL_CORRUPT', `${modelPath} cannot be loaded: ${reason}`, ['model.onnx'], {
            cause,
          })
        : new NeighborKbError(
            'INVALID_ARGUMENT',
            `execution provider ${executionProvider} cannot run ${modelPath}: ${reason}`,
            ['executionProvider'],
            { cause },
          );
    }
    return new SessionPool(pool, options.workers);
  }

  /** Runs in one worker, one after the other; the feeds' memory moves to it. */
  run(runs: readonly Feeds[]): Promise<readonly Outputs[]> {
    const buffers = runs.flatMap((feeds) => Object.values(feeds).map(({ data }) => data));
    return this.pool.run(runs, buffers);
  }

  close(): Promise<void> {
    return this.pool.close();
  }
}
