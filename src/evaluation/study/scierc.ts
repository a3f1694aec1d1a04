import { basename, join } from 'node:path';
import { studyPackages, type StudyContext, withWorkbench } from './context.js';
import { LabelWeights } from './label-weights.js';
import {
  rowsOf,
  rowsOfOtherSearches,
  tuneMemory,
  tuneRepresentations,
  type TunedMemory,
  withNilShare,
} from './memory-rows.js';
import {
  type EncoderResults,
  RESULT_HEAD,
  resultRows,
  SPREAD_HEAD,
  spreadRows,
  type StudyTable,
  type SystemResult,
} from './table.js';
import { Trial } from './trial.js';
import type { Workbench } from './workbench.js';

interface SeedOutcome extends EncoderResults {
  readonly name: string;
}

/** Shares of the train set's NIL pairs that the memory keeps. */
const NIL_SHARES = [0, 0.1, 0.33] as const;

/** SciERC test with gold mentions: every seed, and what was tried to make the memory help. */
export async function sciercStudy(context: StudyContext): Promise<StudyTable> {
  const outcome = (directory: string, variants: boolean): Promise<SeedOutcome> =>
    withWorkbench(context, directory, (bench) => seedOutcome(context, bench, basename(directory), variants));
  const outcomes: SeedOutcome[] = [];
  for (const [index, directory] of (await studyPackages(context, 'scierc', /^seed\d+$/)).entries())
    outcomes.push(await outcome(directory, index === 0));
  const others: SeedOutcome[] = [];
  for (const directory of await studyPackages(context, 'scierc', /^seed\d+-.+$/).catch(() => []))
    others.push(await outcome(directory, false));
  const [first] = outcomes as [SeedOutcome]; // there is a package, or studyPackages would have thrown
  return {
    name: 'scierc',
    title: 'SciERC, gold mentions',
    command: 'npm run reproduce -- scierc',
    encoders: [...outcomes, ...others].map(({ model }) => model),
    notes: [
      'Encoder: MiniLM (6 layers, 384), all pairs of a sentence in one pass, typed markers, int8 ONNX. Memory: every ordered pair of the train set, NIL kept. Micro F1 over the seven relations, recall over all gold relations. Settings were tuned on dev.json, figures are of test.json.',
      'The paper (SciBERT): PURE 68.45, kNN alone 68.58, kNN-RE 69.47; the published script chooses its settings on the split that it reports.',
    ],
    tables: [
      {
        title: outcomes.length > 1 ? `over ${outcomes.length} seeds` : 'one seed',
        head: SPREAD_HEAD,
        rows: spreadRows(outcomes.map(({ main }) => main)),
      },
      ...outcomes.map(({ name, main }) => ({ title: name, head: RESULT_HEAD, rows: resultRows(main) })),
      {
        title: `${first.name}: representations, searches, NIL share, λ by label`,
        head: RESULT_HEAD,
        rows: resultRows([first.main[0] as SystemResult, ...first.variants]),
      },
      ...others.map(({ name, main }) => ({
        title: `${name}: another encoder`,
        head: RESULT_HEAD,
        rows: resultRows(main),
      })),
    ],
    plots: [],
  };
}

async function seedOutcome(
  context: StudyContext,
  bench: Workbench,
  name: string,
  withVariants: boolean,
): Promise<SeedOutcome> {
  const load = (file: string) => bench.load({ format: 'pure', path: join(context.data, 'scierc', file) });
  const [dev, test, train] = [await load('dev.json'), await load('test.json'), await load('train.json')];
  const space = bench.space([dev, test, train]);
  const trial = new Trial(bench.scored(dev, space), bench.scored(test, space));
  const { all, best } = await tuneRepresentations(trial, train, 'train');
  const memory = all.get(best) as TunedMemory; // one of those tuned
  const variants: SystemResult[] = [];
  if (withVariants) {
    for (const [representation, own] of all)
      variants.push(...rowsOf(trial, own, `${representation} representations`));
    for (const share of NIL_SHARES) {
      const rows = withNilShare(train.rows, share);
      const own = await tuneMemory(trial, train, { name: 'train', representation: best, rows });
      variants.push(...rowsOf(trial, own, `${Math.round(100 * share)} % of NIL kept`));
    }
    variants.push(new LabelWeights(trial).row(memory));
  }
  return {
    name,
    main: [
      { system: 'classifier', entries: 0, result: trial.classifier() },
      ...rowsOf(trial, memory, 'train memory'),
      ...(await rowsOfOtherSearches(trial, memory, 'train memory')),
    ],
    variants,
    model: bench.model,
  };
}
