import { groupBy } from '../../domain/arrays.js';
import { bandName, scoreByBand } from '../fact-score.js';
import { studyPackages, type StudyContext, withWorkbench } from './context.js';
import { bestOf, tuneMemory } from './memory-rows.js';
import { points, type NamedTable, type StudyTable } from './table.js';
import type { TrialResult } from './trial.js';
import { loadWiki80Train, wiki80Trial } from './wiki80-trial.js';

/** Relations with the fewest training examples that are listed. */
const LISTED = 15;

/** Wiki80 by training support: what the memory brings where examples are rare. */
export async function longTailStudy(context: StudyContext): Promise<StudyTable> {
  const [directory = ''] = await studyPackages(context, 'wiki80-1pct', /^seed\d+$/);
  return withWorkbench(context, directory, async (bench) => {
    const { trial, train } = await wiki80Trial(context, bench);
    const trained = await loadWiki80Train(context, bench, 'train_1pct.txt');
    const memory = await tuneMemory(trial, train, { name: 'train', representation: 'unit' });
    const classifier = trial.classifier();
    const both = trial.withSettings(memory.searched, bestOf(memory.grid));
    const support = countsOf(trained.rows);
    const rows = tailRows(classifier, both, support, countsOf(train.rows));
    return {
      name: 'long-tail',
      title: 'Long tail: Wiki80 by training examples',
      command: 'npm run reproduce -- long-tail',
      encoders: [bench.model],
      notes: [
        'Encoder trained on train_1pct (347 examples of 80 relations); the memory holds train_10pct. F1 by relation on test.json, settings tuned on dev.json. The paper (its table 5, TACRED): gains on nine of its ten rarest relations, by up to 5.3.',
      ],
      tables: [
        {
          title: `the ${LISTED} relations with the fewest training examples`,
          head: ['relation', 'trained on', 'entries', 'test', 'classifier', 'kNN-RE', 'gain'],
          rows: rows.slice(0, LISTED),
        },
        bandTable(classifier, both, support),
      ],
      plots: [plotOf(rows)],
    };
  });
}

function countsOf(rows: readonly { readonly label: string }[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { label } of rows) counts.set(label, (counts.get(label) ?? 0) + 1);
  return counts;
}

function bandTable(
  classifier: TrialResult,
  both: TrialResult,
  support: ReadonlyMap<string, number>,
): NamedTable {
  const bandsOfBoth = scoreByBand(both.test, support);
  return {
    title: 'by training examples',
    head: ['training examples', 'relations', 'test', 'classifier, micro F1', 'kNN-RE, micro F1', 'gain'],
    rows: scoreByBand(classifier.test, support).map((band, index) => {
      const { labels, score } = band;
      const own = bandsOfBoth[index]?.score.f1 ?? 0;
      return [
        bandName(band),
        labels,
        score.found + score.missed,
        points(score.f1),
        points(own),
        points(own - score.f1),
      ];
    }),
  };
}

function plotOf(rows: NamedTable['rows']): StudyTable['plots'][number] {
  return {
    name: 'long-tail',
    title: 'Wiki80: mean F1 of relations by training examples',
    x: 'training examples of the relation',
    y: 'mean F1',
    logarithmic: false,
    series: [
      { name: 'kNN-RE', points: meansBySupport(rows, 5) },
      { name: 'classifier', points: meansBySupport(rows, 4) },
    ],
  };
}

/** Fewest training examples first. */
function tailRows(
  classifier: TrialResult,
  both: TrialResult,
  support: ReadonlyMap<string, number>,
  entries: ReadonlyMap<string, number>,
): (readonly [string, number, number, number, number, number, number])[] {
  const withMemory = new Map(both.test.byLabel.map(({ label, score }) => [label, score.f1]));
  return classifier.test.byLabel
    .filter(({ score }) => score.found + score.missed > 0)
    .map(({ label, score }) => {
      const own = withMemory.get(label) ?? 0;
      const gold = score.found + score.missed;
      return [
        label,
        support.get(label) ?? 0,
        entries.get(label) ?? 0,
        gold,
        points(score.f1),
        points(own),
        points(own - score.f1),
      ] as const;
    })
    .sort((a, b) => a[1] - b[1] || a[2] - b[2] || (a[0] < b[0] ? -1 : 1));
}

function meansBySupport(rows: NamedTable['rows'], column: number): (readonly [number, number])[] {
  const bySupport = groupBy(rows, (row) => Number(row[1]));
  return [...bySupport]
    .sort(([a], [b]) => a - b)
    .map(([support, own]) => [support, own.reduce((sum, row) => sum + Number(row[column]), 0) / own.length]);
}
