import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';

/** The reader of our output went away (`| head`): no fault, but no reason to go on. */
export class OutputClosedError extends Error {
  override readonly name = 'OutputClosedError';
}

/** What a command talks through. stdout is data, stderr is talk. */
export interface Io {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Output;
  readonly stderr: Output;
  /** Aborted by the first SIGINT or SIGTERM: finish what is in hand, then stop. */
  readonly stop: AbortSignal;
}

/** A stream that is written to no faster than it is read, and that tells when nobody reads it any more. */
export class Output {
  private closed = false;

  constructor(private readonly stream: Writable & { readonly isTTY?: boolean; readonly columns?: number }) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_DESTROYED') throw error;
      this.closed = true;
    });
  }

  get isTerminal(): boolean {
    return this.stream.isTTY === true;
  }

  /** Width of the terminal; 140 where there is none. */
  get columns(): number {
    return this.stream.columns ?? 140;
  }

  /** @throws OutputClosedError once the other end is closed */
  async write(text: string): Promise<void> {
    if (this.closed) throw new OutputClosedError('nobody reads the output');
    if (this.stream.write(text)) return;
    const settled = new AbortController();
    try {
      // The stream's own error listener notes a closed pipe; 'close' ends the wait for it.
      await Promise.race([
        once(this.stream, 'drain', { signal: settled.signal }),
        once(this.stream, 'close', { signal: settled.signal }),
      ]);
    } catch (error) {
      if (!this.isClosed()) throw error;
    } finally {
      settled.abort();
    }
    if (this.isClosed()) throw new OutputClosedError('nobody reads the output');
  }

  line(text = ''): Promise<void> {
    return this.write(`${text}\n`);
  }

  private isClosed(): boolean {
    return this.closed || this.stream.destroyed;
  }
}
