import { join } from 'node:path';
import { NIL } from '../../domain/predicates.js';
import { LabelMapping } from '../../memory/building/label-mapping.js';
import { encodeGoldPairs } from '../gold-pairs.js';
import { labelledRows } from '../gold-memory.js';
import { noneTrained, type StudyContext, withEncoders } from './context.js';
import { distantTexts } from './distant-set.js';
import {
  bestOf,
  rowsOf,
  rowsOfOtherSearches,
  sampleRows,
  tuneMemory,
  tuneRepresentations,
  type TunedMemory,
} from './memory-rows.js';
import {
  type EncoderResults,
  type LinePlot,
  type NamedTable,
  points,
  RESULT_HEAD,
  resultRows,
  SPREAD_HEAD,
  spreadRows,
  type StudyTable,
  type SystemResult,
} from './table.js';
import type { Trial } from './trial.js';
import { wiki80Trial } from './wiki80-trial.js';
import type { EncodedSet, Workbench } from './workbench.js';

/** How much of Wiki80 the encoder was trained on. */
export interface Wiki80Study {
  readonly name: string;
  readonly title: string;
  /** Folder of its encoders. */
  readonly study: string;
  readonly trainedOn: string;
  readonly paper: string;
}

export const WIKI80_LOW: Wiki80Study = {
  name: 'wiki80-low',
  title: 'Wiki80, low resource',
  study: 'wiki80-1pct',
  trainedOn: 'train_1pct (347 examples)',
  paper:
    'The paper: 31.96 for the classifier, 74.31 with a DS memory of 303 K entries (BERT-base; figure 3).',
};

export const WIKI80_TENTH: Wiki80Study = {
  name: 'wiki80-10',
  title: 'Wiki80, a tenth of the training data',
  study: 'wiki80-10pct',
  trainedOn: 'train_10pct (3,486 examples)',
  paper:
    'The paper, on all of Wiki80 (45,330 examples, BERT-base): classifier 86.70, kNN alone 87.35, train memory 87.54, DS memory 87.79, combined 88.32; CP 87.50.',
};

/** Text that distant supervision reads; none of it is Wiki80's. */
const CORPUS = [
  { format: 'docred', path: 'redocred/train.json' },
  { format: 'knowledgenet', path: 'knowledgenet/train.jsonl' },
  { format: 'kbp37', path: 'kbp37/train.txt' },
  { format: 'conll04', path: 'conll04/train.txt' },
] as const;

/** One encoder's rows, in the same order for every seed, and its memories. */
interface SeedOutcome extends EncoderResults {
  readonly name: string;
  readonly curve: readonly { readonly entries: number; readonly alone: number; readonly both: number }[];
  readonly classifier: number;
  readonly distant: string;
}

export async function wiki80Study(context: StudyContext, study: Wiki80Study): Promise<StudyTable> {
  const outcomes = await withEncoders(context, study.study, /^seed\d+$/, (bench, name) =>
    seedOutcome(context, bench, name),
  );
  const [first] = outcomes as [SeedOutcome]; // withEncoders throws where there is none
  const others = await otherEncoders(context, study);
  const tables = [
    { title: `${first.name}: memories`, head: RESULT_HEAD, rows: resultRows(first.main) },
    {
      title: `${first.name}: representations and searches`,
      head: RESULT_HEAD,
      rows: resultRows([first.main[0] as SystemResult, ...first.variants]),
    },
    ...(outcomes.length > 1
      ? [{ title: 'over seeds', head: SPREAD_HEAD, rows: spreadRows(outcomes.map(({ main }) => main)) }]
      : []),
    ...others.map(({ what, outcomes: own }) => otherTable(what, own)),
  ];
  return {
    name: study.name,
    title: study.title,
    command: `npm run reproduce -- ${study.name}`,
    encoders: [...outcomes, ...others.flatMap((other) => other.outcomes)].map(({ model }) => model),
    notes: [
      `Encoder: MiniLM (6 layers, 384) trained on ${study.trainedOn}, int8 ONNX. Related pairs alone are scored, so micro F1 is accuracy. Settings were tuned on dev.json, figures are of test.json; gains are over the classifier, with 95 % intervals and p-values of a paired bootstrap over texts.`,
      first.distant,
      study.paper,
    ],
    tables,
    plots: [curvePlot(study, first)],
  };
}

interface OtherEncoders {
  readonly what: string;
  readonly outcomes: readonly SeedOutcome[];
}

/** Encoders of the same examples that were trained or are read otherwise, where there are any. */
async function otherEncoders(context: StudyContext, { study }: Wiki80Study): Promise<OtherEncoders[]> {
  const found: OtherEncoders[] = [];
  for (const { folder, name, what } of [
    { folder: `${study}-cp`, name: /^seed\d+$/, what: 'encoder trained contrastively first (CP)' },
    { folder: study, name: /^seed\d+-last-two$/, what: 'representation of the last two layers' },
    { folder: study, name: /^seed\d+-second-last$/, what: 'representation of the second last layer' },
  ]) {
    const outcomes = await withEncoders(context, folder, name, (bench, seed) =>
      seedOutcome(context, bench, seed),
    ).catch(noneTrained);
    if (outcomes.length > 0) found.push({ what, outcomes });
  }
  return found;
}

function otherTable(what: string, outcomes: readonly SeedOutcome[]): NamedTable {
  const results = outcomes.map(({ main }) => main);
  return outcomes.length > 1
    ? { title: `${what}, over ${outcomes.length} seeds`, head: SPREAD_HEAD, rows: spreadRows(results) }
    : { title: `${what}, one seed`, head: RESULT_HEAD, rows: resultRows(results[0] ?? []) };
}

async function seedOutcome(context: StudyContext, bench: Workbench, name: string): Promise<SeedOutcome> {
  const { trial, train } = await wiki80Trial(context, bench);
  const classifier: SystemResult = { system: 'classifier', entries: 0, result: trial.classifier() };
  const { all, best } = await tuneRepresentations(trial, train, 'train');
  const trainMemory = all.get(best) as TunedMemory; // one of those tuned
  const { set: distant, note } = await distantSet(context, bench, train);
  const distantMemory = await tuneMemory(trial, distant, { name: 'DS', representation: best });
  const combined = await trial.mixed(
    [trainMemory, distantMemory].map(({ searched, grid }) => ({ memory: searched, settings: bestOf(grid) })),
  );
  const entries = trainMemory.entries + distantMemory.entries;
  return {
    name,
    main: [
      classifier,
      ...rowsOf(trial, trainMemory, 'train memory'),
      ...rowsOf(trial, distantMemory, 'DS memory'),
      { system: 'kNN-RE: combined memory', entries, result: combined },
    ],
    variants: [
      ...[...all].flatMap(([representation, memory]) =>
        rowsOf(trial, memory, `${representation} representations`),
      ),
      ...(await rowsOfOtherSearches(trial, trainMemory, `${best} representations`)),
    ],
    curve: await memoryCurve(trial, train, best),
    classifier: classifier.result.test.micro.f1,
    distant: note,
    model: bench.model,
  };
}

/** Facts of the memory's training texts over other text. */
async function distantSet(
  { data }: StudyContext,
  bench: Workbench,
  train: EncodedSet,
): Promise<{ readonly set: EncodedSet; readonly note: string }> {
  const corpus = CORPUS.map(({ format, path }) => ({ format, path: join(data, path) }));
  const labels = bench.encoder.labels.filter((label) => label !== NIL);
  const { texts, facts, counts } = await distantTexts(train.texts, corpus, labels);
  const mapping = LabelMapping.IDENTITY;
  const pairs = await encodeGoldPairs(bench.encoder, texts);
  const rows = labelledRows(texts, pairs, mapping);
  const used = Object.keys(counts.matches).length;
  return {
    set: { name: 'DS', texts, pairs, rows, mapping, labels: train.labels },
    note: `DS memory: the ${facts} facts of train_10pct over ${counts.sentences} sentences of Re-DocRED, KnowledgeNet, KBP37 and CoNLL04 (train; their annotations are not looked at) match ${rows.length} pairs of ${used} relations; ${counts.ambiguousPairs} ambiguous pairs were dropped. The paper's DS memory (Wiki20m, 303 K entries, the same Wikidata facts over Wikipedia) is not here.`,
  };
}

/** F1 by the number of entries; settings tuned on dev for each size. */
async function memoryCurve(
  trial: Trial,
  train: EncodedSet,
  representation: 'raw' | 'unit' | 'layer',
): Promise<SeedOutcome['curve']> {
  const sizes = [100, 250, 500, 1000, 2000, train.rows.length];
  const curve: { entries: number; alone: number; both: number }[] = [];
  for (const entries of sizes) {
    const rows = sampleRows(train.rows, entries);
    const memory = await tuneMemory(trial, train, { name: 'train', representation, rows });
    const [alone, both] = rowsOf(trial, memory, '').map(({ result }) => result.test.micro.f1);
    curve.push({ entries, alone: alone ?? 0, both: both ?? 0 });
  }
  return curve;
}

function curvePlot(study: Wiki80Study, { curve, classifier }: SeedOutcome): LinePlot {
  return {
    name: `${study.name}-memory-size`,
    title: `${study.title}: test F1 by the memory's size`,
    x: 'entries',
    y: 'test F1',
    logarithmic: true,
    series: [
      { name: 'kNN-RE', points: curve.map(({ entries, both }) => [entries, points(both)] as const) },
      { name: 'kNN only', points: curve.map(({ entries, alone }) => [entries, points(alone)] as const) },
      { name: 'classifier', points: curve.map(({ entries }) => [entries, points(classifier)] as const) },
    ],
  };
}
