import { setImmediate } from 'node:timers/promises';

/** Longest time that work on a big document keeps the event loop from others, milliseconds, about. */
const LONGEST_BREATH = 15;

/** Lets others have the event loop now and then: awaited inside loops that may run for long. */
export class Breathing {
  private last = performance.now();

  /** Costs next to nothing until the time is up. */
  pause(): Promise<void> | undefined {
    if (performance.now() - this.last < LONGEST_BREATH) return undefined;
    return setImmediate().then(() => {
      this.last = performance.now();
    });
  }
}
