import { seededRandom } from '../bootstrap.js';
import {
  examplesOfTexts,
  GoldMemory,
  type LabelledRow,
  type Representation,
  REPRESENTATIONS,
} from '../gold-memory.js';
import { coarseGrid, coarseNilGrid, type GridOutcome, researchGrid } from '../grid.js';
import type { SystemResult } from './table.js';
import type { Trial, TrialMemory } from './trial.js';
import type { EncodedSet } from './workbench.js';
import { NIL } from '../../domain/predicates.js';

/** A memory that was searched and tuned. */
export interface TunedMemory {
  readonly name: string;
  readonly entries: number;
  readonly searched: TrialMemory;
  readonly grid: GridOutcome;
}

/** Searches a memory of some rows of a set, tunes it on dev, and lets it go. */
export async function tuneMemory(
  trial: Trial,
  set: EncodedSet,
  options: {
    readonly name: string;
    readonly representation: Representation;
    readonly rows?: readonly LabelledRow[];
  },
): Promise<TunedMemory> {
  const { name, representation, rows = set.rows } = options;
  const memory = await GoldMemory.open({
    name,
    pairs: set.pairs,
    rows,
    representation,
    example: examplesOfTexts(set.texts, set.pairs),
  });
  try {
    const searched = await trial.search(memory);
    return { name, entries: rows.length, searched, grid: await trial.tune(searched) };
  } finally {
    await memory.close();
  }
}

/** The rows that every memory has: neighbours alone, and both. */
export function rowsOf(trial: Trial, memory: TunedMemory, what: string): SystemResult[] {
  const { grid, searched, entries } = memory;
  const best = bestOf(grid);
  return [
    {
      system: `kNN only: ${what}`,
      entries,
      result: trial.withSettings(searched, grid.neighboursOnly.settings),
    },
    { system: `kNN-RE: ${what}`, entries, result: trial.withSettings(searched, best) },
  ];
}

/** The same memory with fewer settings to choose from, and with the choice made by held-out fifths of dev. */
export async function rowsOfOtherSearches(
  trial: Trial,
  memory: TunedMemory,
  what: string,
): Promise<SystemResult[]> {
  const { searched, entries, grid } = memory;
  const coarse = await trial.tune(searched, coarseGrid);
  return [
    {
      system: `kNN-RE: ${what}, coarse search`,
      entries,
      result: trial.withSettings(searched, bestOf(coarse)),
    },
    {
      system: `kNN-RE: ${what}, cross-validated search`,
      entries,
      result: crossValidated(trial, memory, grid),
    },
  ];
}

/** Where most entries are NIL: their votes counting less; and the choice made on what is reported, for comparison. */
export async function rowsAgainstNil(
  trial: Trial,
  { searched, entries }: TunedMemory,
  what: string,
): Promise<SystemResult[]> {
  const weighed = await trial.tune(searched, coarseNilGrid);
  const onTest = await trial.tune(searched, researchGrid, 'test');
  return [
    {
      system: `kNN-RE: ${what}, coarse search with votes of NIL`,
      entries,
      result: trial.withSettings(searched, bestOf(weighed)),
    },
    {
      system: `kNN-RE: ${what}, settings chosen on test, as the published script does`,
      entries,
      result: trial.withSettings(searched, bestOf(onTest)),
    },
  ];
}

/** Classifier, neighbours or both: whichever is best on fifths of dev under settings of the other four fifths. */
function crossValidated(trial: Trial, { searched }: TunedMemory, grid: GridOutcome): SystemResult['result'] {
  const { classifierOnly, neighboursOnly, both } = grid.heldOut;
  if (classifierOnly >= Math.max(neighboursOnly, both)) return trial.classifier();
  const settings = neighboursOnly > both ? grid.neighboursOnly.settings : bestOf(grid);
  return trial.withSettings(searched, settings);
}

export function bestOf({ both, classifierOnly }: GridOutcome): GridOutcome['classifierOnly']['settings'] {
  return (both[0] ?? classifierOnly).settings;
}

/** The best representation of a set's memory by dev F1, and all of them. */
export async function tuneRepresentations(
  trial: Trial,
  set: EncodedSet,
  name: string,
): Promise<{ readonly all: ReadonlyMap<Representation, TunedMemory>; readonly best: Representation }> {
  const all = new Map<Representation, TunedMemory>();
  for (const representation of REPRESENTATIONS)
    all.set(representation, await tuneMemory(trial, set, { name, representation }));
  const devF1 = (representation: Representation): number => all.get(representation)?.grid.both[0]?.f1 ?? 0;
  const [best = 'unit'] = [...REPRESENTATIONS].sort((a, b) => devF1(b) - devF1(a));
  return { all, best };
}

/** Some of the rows, the same for the same seed; `share` of NIL, all others. */
export function withNilShare(rows: readonly LabelledRow[], share: number, seed = 17): LabelledRow[] {
  const random = seededRandom(seed);
  return rows.filter(({ label }) => label !== NIL || random() < share);
}

/** A sample of `count` rows, the same for the same seed; smaller samples are part of larger ones. */
export function sampleRows(rows: readonly LabelledRow[], count: number, seed = 17): LabelledRow[] {
  const random = seededRandom(seed);
  return rows
    .map((row) => ({ row, order: random() }))
    .sort((a, b) => a.order - b.order)
    .slice(0, count)
    .map(({ row }) => row);
}
