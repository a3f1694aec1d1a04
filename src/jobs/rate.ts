/** How many were done at a moment, milliseconds since 1970. */
interface Mark {
  readonly at: number;
  readonly done: number;
}

/** Two moments, the later one at most a window old: what was done since the earlier one gives the rate. */
export interface RateWindow {
  readonly earlier: Mark;
  readonly later: Mark;
}

/** Milliseconds: the rate is that of the last one to two windows. */
export const RATE_WINDOW = 60_000;

/** Where work begins, or goes on after a pause: what lies before says nothing of the rate. */
export function freshWindow(at: number, done: number): RateWindow {
  return { earlier: { at, done }, later: { at, done } };
}

export function advance(window: RateWindow, at: number, done: number): RateWindow {
  return at - window.later.at < RATE_WINDOW ? window : { earlier: window.later, later: { at, done } };
}

/** Done a second; null before any time has passed. */
export function rateOf({ earlier }: RateWindow, at: number, done: number): number | null {
  return at > earlier.at && done > earlier.done ? ((done - earlier.done) * 1000) / (at - earlier.at) : null;
}
