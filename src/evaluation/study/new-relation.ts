import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { LabelMapping } from '../../memory/building/label-mapping.js';
import type { LabelRule } from '../../domain/labelling.js';
import { scoreFacts, scoreOfLabels } from '../fact-score.js';
import { examplesOfTexts, GoldMemory, type LabelledRow } from '../gold-memory.js';
import { useOf } from '../leaderboard.js';
import { factsByDocument, rescore } from '../rescored-facts.js';
import { medianNearest, mergeVoters, searchVoters, type Voters } from '../voters.js';
import { type StudyContext, withWorkbench } from './context.js';
import { sampleRows, withNilShare } from './memory-rows.js';
import { spreadOf } from '../significance.js';
import { type LinePlot, type NamedTable, points, type StudyTable } from './table.js';
import type { EncodedSet, ScoredSet } from './workbench.js';

/** Examples of each new relation. */
const COUNTS = [0, 5, 10, 50] as const;
/** Draws of examples: the figures are means over them. */
const DRAWS = [1, 2, 3] as const;
const K = 64;
const BASE_NIL_SHARE = 0.33;

interface Outcome {
  readonly fresh: number;
  readonly others: number;
  readonly settings: string;
}

/**
 * Ten relations that the encoder was never trained on: some examples of each in the memory, no training. Half of the dev
 * documents choose the settings, the other half is reported.
 */
export async function newRelationStudy(context: StudyContext): Promise<StudyTable> {
  const folder = join(context.encoders, 'heldout');
  const heldOut = new Set(
    z.array(z.string()).parse(JSON.parse(await readFile(join(folder, 'relations.json'), 'utf8'))),
  );
  return withWorkbench(context, join(folder, 'relation-encoder'), async (bench) => {
    const mapping = LabelMapping.ofFormat('docred', context.schema);
    const load = (file: string) =>
      bench.load({ format: 'docred', path: join(context.data, 'redocred', file), mapping });
    const [whole, train] = [await load('dev.json'), await load('train.json')];
    const space = bench.space([whole, train]);
    const judged = new Set(whole.labels.filter((label) => context.schema.has(label)));
    const permitted = (subject: string, object: string): ReadonlySet<string> =>
      context.schema.permitted(subject, object);
    const all = bench.scored(whole, space, { judged, permitted });
    const base = withNilShare(
      train.rows.filter(({ label }) => !heldOut.has(label)),
      BASE_NIL_SHARE,
    );
    const baseVoters = await votersOf(train, base, all);
    const experiment = new Experiment(all, heldOut);
    const rows: { count: number; outcomes: Outcome[] }[] = [];
    for (const count of COUNTS) {
      const outcomes: Outcome[] = [];
      for (const draw of count === 0 ? [1] : DRAWS) {
        const taught = [...heldOut].flatMap((label) =>
          sampleRows(
            train.rows.filter((row) => row.label === label),
            count,
            draw,
          ),
        );
        const voters =
          taught.length === 0
            ? baseVoters
            : mergeVoters(baseVoters, await votersOf(train, taught, all), all.pairs.count, base.length);
        outcomes.push(experiment.best(voters, count > 0));
      }
      rows.push({ count, outcomes });
    }
    return tableOf(rows, base.length, [...heldOut], bench.model);
  });
}

async function votersOf(set: EncodedSet, rows: readonly LabelledRow[], queries: ScoredSet): Promise<Voters> {
  const memory = await GoldMemory.open({
    name: 'train',
    pairs: set.pairs,
    rows,
    representation: 'unit',
    example: examplesOfTexts(set.texts, set.pairs),
  });
  try {
    return await searchVoters(queries.pairs, memory, K);
  } finally {
    await memory.close();
  }
}

/** Chooses settings on documents with an even index and reports those with an odd one. */
class Experiment {
  constructor(
    private readonly set: ScoredSet,
    private readonly heldOut: ReadonlySet<string>,
  ) {}

  best(voters: Voters, taught: boolean): Outcome {
    const scale = medianNearest(voters);
    let best = { f1: -1, outcome: { fresh: 0, others: 0, settings: '' } };
    for (const k of [8, 32])
      for (const lambda of [0.2, 0.4, 0.6, 0.8])
        for (const temperature of [0.1 * scale, 0.3 * scale])
          for (const ratio of taught ? [0.1, 0.2, 0.4, 1] : [1]) {
            const use = useOf('train', 1, { k, lambda, temperature, kernel: 'rbf' });
            const scores = this.scores(voters, use, ratio);
            if (scores.dev <= best.f1) continue;
            const settings = `k ${k}, λ ${lambda}, T ${Number(temperature.toPrecision(2))}, NIL ratio of the new relations ${ratio}`;
            best = { f1: scores.dev, outcome: { fresh: scores.fresh, others: scores.others, settings } };
          }
    return best.outcome;
  }

  private scores(
    voters: Voters,
    use: ReturnType<typeof useOf>,
    ratio: number,
  ): { readonly dev: number; readonly fresh: number; readonly others: number } {
    const { pairs, passages } = this.set;
    const rule: LabelRule = {
      nilRatio: 1,
      nilRatios: pairs.labels.map((label) => (this.heldOut.has(label) ? ratio : 1)),
      minimumProbability: 0,
    };
    const facts = factsByDocument(pairs, rescore(pairs, [{ use, voters }], rule), passages.length);
    const half = (rest: number) => {
      const own = <Item>(items: readonly Item[]): Item[] => items.filter((_, index) => index % 2 === rest);
      return scoreFacts(own(passages), own(facts), 'exact');
    };
    const [dev, test] = [half(0), half(1)];
    const others = new Set(pairs.labels.filter((label) => !this.heldOut.has(label)));
    return {
      dev: dev.micro.f1,
      fresh: scoreOfLabels(test, this.heldOut).f1,
      others: scoreOfLabels(test, others).f1,
    };
  }
}

/** What draws of examples gave, by their number. */
type Rows = readonly { readonly count: number; readonly outcomes: readonly Outcome[] }[];

function tableOf(
  rows: Rows,
  entries: number,
  heldOut: readonly string[],
  model: StudyTable['encoders'][number],
): StudyTable {
  return {
    name: 'new-relation',
    title: 'New relations without training',
    command: 'npm run reproduce -- new-relation',
    encoders: [model],
    notes: [
      `The encoder was trained with pairs of ten relations left out (${heldOut.join(', ')}). The memory holds ${entries} pairs of Re-DocRED train without them; 5, 10 or 50 examples of each are added and nothing is trained. Gold mentions, dev documents: every other one chooses the settings (micro F1 over all relations), the others are reported; means over ${DRAWS.length} draws of the examples.`,
      'F1 counts every gold relation between entities whose mentions meet nowhere as missed, for all rows alike.',
    ],
    tables: [{ title: 'by examples of each new relation', head: HEAD, rows: cellsOf(rows) }],
    plots: [plotOf(rows)],
  };
}

const HEAD = [
  'examples',
  'F1 of the ten',
  'sd',
  'F1 of the others',
  'loss of the others',
  'settings (first draw)',
] as const;

function cellsOf(rows: Rows): NamedTable['rows'] {
  const before = rows[0]?.outcomes[0]?.others ?? 0;
  return rows.map(({ count, outcomes }) => {
    const fresh = spreadOf(outcomes.map((outcome) => outcome.fresh));
    const others = spreadOf(outcomes.map((outcome) => outcome.others));
    return [
      count,
      points(fresh.mean),
      points(fresh.sd),
      points(others.mean),
      points(before - others.mean),
      outcomes[0]?.settings ?? '',
    ];
  });
}

function plotOf(rows: Rows): LinePlot {
  const means = (of: (outcome: Outcome) => number): LinePlot['series'][number]['points'] =>
    rows.map(({ count, outcomes }) => [count, points(spreadOf(outcomes.map(of)).mean)]);
  return {
    name: 'new-relation',
    title: 'F1 by examples of each new relation in the memory',
    x: 'examples of each new relation',
    y: 'F1',
    logarithmic: false,
    series: [
      { name: 'the ten', points: means(({ fresh }) => fresh) },
      { name: 'others', points: means(({ others }) => others) },
    ],
  };
}
