import { type ChildProcess, fork } from 'node:child_process';
import { workerFile } from '../../inference/worker-pool.js';
import { FaissMissingError } from './library.js';
import type { Conversation, FromProcess, ToProcess, Verb } from './messages.js';

/** Room for the training rows of an index as JavaScript numbers. */
const HEAP_MEGABYTES = 4096;

interface Pending {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly onProgress: ((done: number, total: number) => void) | undefined;
}

/** A process that works with FAISS, and what is asked of it. Requests are answered in order. */
export class FaissHelper {
  private readonly pending = new Map<number, Pending>();
  private readonly child: ChildProcess;
  private lastId = 0;
  private ended: Error | undefined;
  private isRetiring = false;

  constructor() {
    this.child = fork(workerFile(import.meta.url, 'process'), {
      serialization: 'advanced',
      execArgv: [`--max-old-space-size=${HEAP_MEGABYTES}`],
      // Warnings of the library are not the program's output.
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    this.child.on('message', (message: FromProcess) => {
      this.take(message);
    });
    this.child.on('error', (error) => {
      this.end(error);
    });
    this.child.on('exit', (code, signal) => {
      this.end(new Error(`the index process ended with ${signal ?? code ?? 'nothing'}`));
    });
  }

  /** Whether it can be asked. */
  get isAlive(): boolean {
    return this.ended === undefined;
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** @throws FaissMissingError; Error with what went wrong there */
  ask<Asked extends Verb>(
    request: Conversation[Asked]['request'] & { readonly do: Asked },
    onProgress?: (done: number, total: number) => void,
  ): Promise<Conversation[Asked]['answer']> {
    const { promise, resolve, reject } = deferred();
    if (this.ended) {
      reject(this.ended);
    } else {
      const id = ++this.lastId;
      this.pending.set(id, { resolve, reject, onProgress });
      this.child.send({ id, request } satisfies ToProcess, (error) => {
        if (error) this.end(error);
      });
    }
    return promise as Promise<Conversation[Asked]['answer']>;
  }

  /** Ends the process when all that waits is answered; ask it nothing more. */
  retire(): void {
    this.isRetiring = true;
    if (this.pending.size === 0) void this.close();
  }

  /** Ends the process; what waits is rejected. */
  async close(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exited = new Promise<void>((resolve) =>
      this.child.once('exit', () => {
        resolve();
      }),
    );
    this.child.kill('SIGKILL');
    await exited;
  }

  private take(message: FromProcess): void {
    const waiting = this.pending.get(message.id);
    if (!waiting) return;
    if (message.is === 'progress') {
      waiting.onProgress?.(message.done, message.total);
      return;
    }
    this.pending.delete(message.id);
    if (message.is === 'answer') waiting.resolve(message.answer);
    else if (message.name === 'FaissMissingError') waiting.reject(new FaissMissingError(message.message));
    else waiting.reject(new Error(message.message));
    if (this.isRetiring) this.retire();
  }

  private end(error: Error): void {
    this.ended ??= error;
    for (const { reject } of this.pending.values()) reject(error);
    this.pending.clear();
  }
}

function deferred() {
  let resolve: (value: unknown) => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<unknown>((fulfil, refuse) => {
    resolve = fulfil;
    reject = refuse;
  });
  return { promise, resolve, reject };
}
