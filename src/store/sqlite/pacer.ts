import { setImmediate } from 'node:timers/promises';

/** Longest stretch of synchronous work before others get their turn, milliseconds. */
const STRETCH = 10;

/** Lets long synchronous work breathe, so that it does not block the event loop. */
export class Pacer {
  private since = performance.now();

  /** Yields to the event loop if the present stretch has become long. */
  async breathe(): Promise<void> {
    if (performance.now() - this.since < STRETCH) return;
    await setImmediate();
    this.since = performance.now();
  }
}
