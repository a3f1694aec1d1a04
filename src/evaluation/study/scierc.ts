import { noneTrained, type StudyContext, withEncoders } from './context.js';
import { LabelWeights } from './label-weights.js';
import {
  rowsAgainstNil,
  rowsOf,
  rowsOfOtherSearches,
  tuneMemory,
  tuneRepresentations,
  type TunedMemory,
  withNilShare,
} from './memory-rows.js';
import { spreadOf } from '../significance.js';
import { sciercTrial } from './scierc-trial.js';
import {
  type EncoderResults,
  intervalOf,
  type NamedTable,
  points,
  RESULT_HEAD,
  resultRows,
  SPREAD_HEAD,
  spreadRows,
  sdOf,
  type StudyTable,
  type SystemResult,
} from './table.js';
import type { Workbench } from './workbench.js';

interface SeedOutcome extends EncoderResults {
  readonly name: string;
}

/** Encoders that were trained, or are read, otherwise. */
interface OtherOutcomes {
  readonly what: string;
  readonly outcomes: readonly SeedOutcome[];
}

/** Shares of the train set's NIL pairs that the memory keeps. */
const NIL_SHARES = [0, 0.1, 0.33] as const;

/** Encoders that were trained, or are read, otherwise: where there are any, a table each. */
const OTHER_ENCODERS = [
  { folder: 'scierc', name: /^seed\d+-second-last$/, what: 'start markers behind the second last layer' },
  { folder: 'scierc', name: /^seed\d+-last-two$/, what: 'mean of the last two layers' },
  {
    ...{ folder: 'scierc-contrast', name: /^seed\d+$/ },
    what: 'supervised contrastive loss (weight .2) beside cross entropy',
  },
  {
    ...{ folder: 'scierc-contrast', name: /^seed\d+-second-last$/ },
    what: 'supervised contrastive loss, start markers behind the second last layer',
  },
  { folder: 'scierc-one-pair', name: /^seed\d+$/, what: 'one pair a pass' },
  {
    ...{ folder: 'scierc-one-pair', name: /^seed\d+-second-last$/ },
    what: 'one pair a pass, start markers behind the second last layer',
  },
] as const;

/** SciERC test with gold mentions: every seed, and what was tried to make the memory help. */
export async function sciercStudy(context: StudyContext): Promise<StudyTable> {
  const outcomes = await outcomesOf(context, 'scierc', /^seed\d+$/, true);
  const others: OtherOutcomes[] = [];
  for (const { folder, name, what } of OTHER_ENCODERS)
    others.push({ what, outcomes: await outcomesOf(context, folder, name).catch(noneTrained) });
  const found = others.filter((other) => other.outcomes.length > 0);
  const [first] = outcomes as [SeedOutcome]; // withEncoders throws where there is none
  return {
    name: 'scierc',
    title: 'SciERC, gold mentions',
    command: 'npm run reproduce -- scierc',
    encoders: [...outcomes, ...found.flatMap((other) => other.outcomes)].map(({ model }) => model),
    notes: [
      'Encoder: MiniLM (6 layers, 384), all pairs of a sentence in one pass, typed markers, int8 ONNX. Memory: every ordered pair of the train set, NIL kept. Micro F1 over the seven relations, recall over all gold relations. Settings were tuned on dev.json, figures are of test.json.',
      'The paper (SciBERT): PURE 68.45, kNN alone 68.58, kNN-RE 69.47; the published script chooses its settings on the split that it reports.',
    ],
    tables: [
      spreadTable('', outcomes),
      ...found.map((other) => spreadTable(`${other.what}, `, other.outcomes)),
      ...(found.length > 0 ? [plainTable(outcomes, found)] : []),
      ...outcomes.map(({ name, main }) => ({ title: name, head: RESULT_HEAD, rows: resultRows(main) })),
      {
        title: `${first.name}: representations, searches, NIL share, λ by label`,
        head: RESULT_HEAD,
        rows: resultRows([first.main[0] as SystemResult, ...first.variants]),
      },
    ],
    plots: [],
  };
}

function spreadTable(what: string, outcomes: readonly SeedOutcome[]): NamedTable {
  return {
    title: `${what}${outcomes.length > 1 ? `over ${outcomes.length} seeds` : 'one seed'}`,
    head: SPREAD_HEAD,
    rows: spreadRows(outcomes.map(({ main }) => main)),
  };
}

/** Every other encoder against the plain one's classifier, which is PURE: what training, layer and memory bring together. */
function plainTable(plain: readonly SeedOutcome[], others: readonly OtherOutcomes[]): NamedTable {
  const pure = new Map(plain.map(({ name, main }) => [name, main[0]?.result.test.micro.f1]));
  return {
    title: 'gains over the plain classifier of the same seed',
    head: ['encoder', 'scoring', 'seeds', 'gain, mean', 'sd of the gain', '95 % interval of the mean gain'],
    rows: others.flatMap(({ what, outcomes }) =>
      (outcomes[0]?.main ?? []).flatMap(({ system }, index) => {
        const gains = outcomes.flatMap(({ name, main }) => {
          const base = pure.get(name.replace(/-.*$/, ''));
          return base === undefined ? [] : (main[index] as SystemResult).result.test.micro.f1 - base;
        });
        if (gains.length === 0) return [];
        const gain = spreadOf(gains);
        return [[what, system, gains.length, points(gain.mean), sdOf(gain), intervalOf(gain)]];
      }),
    ),
  };
}

/** Every encoder of a folder; with the first one the memory is varied, too, if so asked. */
function outcomesOf(
  context: StudyContext,
  folder: string,
  name: RegExp,
  varied = false,
): Promise<SeedOutcome[]> {
  return withEncoders(context, folder, name, (bench, seed, index) =>
    seedOutcome(context, bench, seed, varied && index === 0),
  );
}

async function seedOutcome(
  context: StudyContext,
  bench: Workbench,
  name: string,
  withVariants: boolean,
): Promise<SeedOutcome> {
  const { trial, train } = await sciercTrial(context, bench);
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
      ...(await rowsAgainstNil(trial, memory, 'train memory')),
    ],
    variants,
    model: bench.model,
  };
}
