import { compareScorings, type Gain, type Spread, spreadOf } from '../significance.js';
import type { MemoryUse } from '../../domain/profile.js';
import type { TrialResult } from './trial.js';

/** What a study found, as it is kept in `docs/results/<name>.json` and rendered for people. */
export interface StudyTable {
  readonly name: string;
  readonly title: string;
  /** The command that makes it. */
  readonly command: string;
  /** Encoders with the hashes of their ONNX files. */
  readonly encoders: readonly { readonly model: string; readonly hash: string }[];
  /** What was done, on what, tuned how; and what the figures say. */
  readonly notes: readonly string[];
  readonly tables: readonly NamedTable[];
  readonly plots: readonly LinePlot[];
}

export interface NamedTable {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly (string | number | null)[])[];
}

/** Lines over numbers; drawn to SVG. */
export interface LinePlot {
  readonly name: string;
  readonly title: string;
  readonly x: string;
  readonly y: string;
  readonly logarithmic: boolean;
  readonly series: readonly {
    readonly name: string;
    readonly points: readonly (readonly [number, number])[];
  }[];
}

/** One way of scoring under one encoder. */
export interface SystemResult {
  readonly system: string;
  readonly result: TrialResult;
  /** Entries of its memories. */
  readonly entries: number;
}

/** What a study found with one encoder. */
export interface EncoderResults {
  /** The same rows in the same order for every seed; the first is what the others are compared with. */
  readonly main: readonly SystemResult[];
  readonly variants: readonly SystemResult[];
  readonly model: StudyTable['encoders'][number];
}

/** What is read of a row without its scores: the first of the results is what the others are compared with. */
export const RESULT_HEAD = [
  'scoring',
  'settings (tuned on dev)',
  'entries',
  'dev F1',
  'test F1',
  'P',
  'R',
  'macro F1',
  'gain',
  '95 % interval',
  'p',
] as const;

/** Rows of one encoder: gains over the first by the paired bootstrap over texts. */
export function resultRows(results: readonly SystemResult[]): NamedTable['rows'] {
  const [base] = results;
  return results.map(({ system, result, entries }, index) => {
    const gain = index === 0 || !base ? null : compareScorings(base.result.test.units, result.test.units);
    const { micro, macro } = result.test;
    return [
      system,
      settingsOf(result.uses),
      entries === 0 ? null : entries,
      points(result.dev.micro.f1),
      points(micro.f1),
      points(micro.precision),
      points(micro.recall),
      points(macro.f1),
      ...gainCells(gain),
    ];
  });
}

function gainCells(gain: Gain | null): (string | number | null)[] {
  if (!gain) return [null, null, null];
  const { low, high } = gain.interval;
  return [points(gain.gain), `${signed(low)} … ${signed(high)}`, Number(gain.pValue.toFixed(3))];
}

export const SPREAD_HEAD = [
  'scoring',
  'seeds',
  'dev F1, mean',
  'test F1, mean',
  'sd',
  'gain, mean',
  'sd of the gain',
  '95 % interval of the mean gain',
] as const;

/** Rows over seeds: results of each seed in the same order; gains over the first. */
export function spreadRows(bySeed: readonly (readonly SystemResult[])[]): NamedTable['rows'] {
  const [first = []] = bySeed;
  return first.map(({ system }, index) => {
    const own = bySeed.map((results) => results[index] as SystemResult);
    const test = spreadOf(own.map(({ result }) => result.test.micro.f1));
    const dev = spreadOf(own.map(({ result }) => result.dev.micro.f1));
    const gain = spreadOf(
      bySeed.map(
        (results) =>
          (results[index] as SystemResult).result.test.micro.f1 -
          (results[0] as SystemResult).result.test.micro.f1,
      ),
    );
    return [
      system,
      own.length,
      points(dev.mean),
      points(test.mean),
      sdOf(test),
      ...(index === 0 ? [null, null, null] : [points(gain.mean), sdOf(gain), intervalOf(gain)]),
    ];
  });
}

/** As points; null for one seed. */
export function sdOf({ sd, values }: Spread): number | null {
  return values.length > 1 ? points(sd) : null;
}

/** Of a mean over seeds, as points; null for one seed. */
export function intervalOf({ interval }: Spread): string | null {
  return interval && `${signed(interval.low)} … ${signed(interval.high)}`;
}

/** A share as points of 100, two digits. */
export function points(share: number): number {
  return Number((100 * share).toFixed(2));
}

function signed(share: number): string {
  const value = (100 * share).toFixed(2);
  return share > 0 ? `+${value}` : value;
}

export function settingsOf(uses: readonly MemoryUse[]): string {
  return uses
    .filter(({ alpha }) => alpha > 0)
    .map(({ memory, alpha, k, lambda, temperature, kernel, nilVote }) => {
      const share = uses.length > 1 ? `α ${Number(alpha.toFixed(2))} ${memory}: ` : '';
      const nil = nilVote === undefined ? '' : `, NIL votes ${nilVote}`;
      return `${share}k ${k}, λ ${lambda}, ${kernel}, T ${Number(temperature.toPrecision(3))}${nil}`;
    })
    .join('; ');
}
