import { Presets, SingleBar } from 'cli-progress';
import type { Io } from './io.js';

/** How far a long command is: a bar on a terminal, now and then a plain line elsewhere. */
export interface Progress {
  update(done: number, total: number): Promise<void>;
  end(): void;
}

/** The user asked to stop: work that leaves nothing half done is given up where it reports its progress. */
export class StoppedError extends Error {
  override readonly name = 'StoppedError';
}

/** A callback for work that reports how far it is; throws StoppedError once the user asked to stop. */
export function reportTo(io: Io, progress: Progress): (done: number, total: number) => void {
  return (done, total) => {
    if (io.stop.aborted) throw new StoppedError('stopped');
    void progress.update(done, total);
  };
}

/** Seconds between plain lines. */
const SECONDS_BETWEEN_LINES = 5;

/** @param unit what is counted: `documents` */
export function startProgress(
  io: Io,
  what: string,
  unit: string,
  bar: SingleBar | null = barOf(io, what, unit),
): Progress {
  let shown = false;
  let lastLine = performance.now();
  let last = '';
  return {
    async update(done, total) {
      if (bar) {
        if (!shown) bar.start(total, 0);
        shown = true;
        bar.setTotal(total);
        bar.update(done);
        return;
      }
      const now = performance.now();
      if (done < total && now - lastLine < SECONDS_BETWEEN_LINES * 1000) return;
      const line = `${what}: ${done} of ${total} ${unit}`;
      if (line === last) return;
      lastLine = now;
      last = line;
      // Nobody may be listening; the work goes on.
      await io.stderr.line(line).catch(() => undefined);
    },
    end() {
      if (shown) bar?.stop();
    },
  };
}

function barOf(io: Io, what: string, unit: string): SingleBar | null {
  if (!io.stderr.isTerminal) return null;
  const format = `${what} [{bar}] {value}/{total} ${unit} | {duration_formatted}`;
  return new SingleBar({ format, hideCursor: true, clearOnComplete: false }, Presets.shades_classic);
}
