import { Presets, SingleBar } from 'cli-progress';
import type { Io } from './io.js';

/** How far a long command is: a bar on a terminal, now and then a plain line elsewhere. */
export interface Progress {
  update(done: number, total: number): Promise<void>;
  end(): void;
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
      await io.stderr.line(line);
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
