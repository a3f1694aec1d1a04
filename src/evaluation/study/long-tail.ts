import { join } from 'node:path';
import { scoreByBand } from '../fact-score.js';
import { studyPackages, type StudyContext, withWorkbench } from './context.js';
import { bestOf, tuneMemory } from './memory-rows.js';
import { points, type NamedTable, type StudyTable } from './table.js';
import { Trial, type TrialResult } from './trial.js';
import type { StudySet } from './workbench.js';

/** Relations with the fewest training examples that are listed. */
const LISTED = 15;

/** Wiki80 by training support: what the memory brings where examples are rare. */
export async function longTailStudy(context: StudyContext): Promise<StudyTable> {
  const [directory = ''] = await studyPackages(context, 'wiki80-1pct', /^seed\d+$/);
  return withWorkbench(context, directory, async (bench) => {
    const set = (format: StudySet['format'], file: string): StudySet => ({
      format,
      path: join(context.data, 'wiki80', file),
      pairs: 'related',
    });
    const dev = await bench.load(set('pure', 'dev.json'));
    const test = await bench.load(set('pure', 'test.json'));
    const memorySet = await bench.load(set('opennre', 'train_10pct.txt'));
    const trained = await bench.load(set('opennre', 'train_1pct.txt'));
    const space = bench.space([dev, test, memorySet]);
    const trial = new Trial(bench.scored(dev, space), bench.scored(test, space));
    const memory = await tuneMemory(trial, memorySet, { name: 'train', representation: 'unit' });
    const classifier = trial.classifier();
    const both = trial.withSettings(memory.searched, bestOf(memory.grid));
    const support = new Map<string, number>();
    for (const { label } of trained.rows) support.set(label, (support.get(label) ?? 0) + 1);
    const rows = tailRows(classifier, both, support, memorySet.rows);
    const bands = scoreByBand(classifier.test, support);
    const bandsOfBoth = scoreByBand(both.test, support);
    return {
      name: 'long-tail',
      title: 'Long tail: Wiki80 by training examples',
      command: 'npm run reproduce -- long-tail',
      encoders: [{ model: bench.encoder.model, hash: bench.encoder.modelHash }],
      notes: [
        'Encoder trained on train_1pct (347 examples of 80 relations); the memory holds train_10pct. F1 by relation on test.json, settings tuned on dev.json. The paper (its table 5, TACRED): gains on nine of its ten rarest relations, by up to 5.3.',
      ],
      tables: [
        {
          title: `the ${LISTED} relations with the fewest training examples`,
          head: ['relation', 'trained on', 'entries', 'test', 'classifier', 'kNN-RE', 'gain'],
          rows: rows.slice(0, LISTED),
        },
        {
          title: 'by training examples',
          head: [
            'training examples',
            'relations',
            'test',
            'classifier, micro F1',
            'kNN-RE, micro F1',
            'gain',
          ],
          rows: bands.map(({ from, to, labels, score }, index) => {
            const own = bandsOfBoth[index]?.score.f1 ?? 0;
            const range = to === null ? `${from} and more` : from === to ? String(from) : `${from}-${to}`;
            return [
              range,
              labels,
              score.found + score.missed,
              points(score.f1),
              points(own),
              points(own - score.f1),
            ];
          }),
        },
      ],
      plots: [
        {
          name: 'long-tail',
          title: 'Wiki80: mean F1 of relations by training examples',
          x: 'training examples of the relation',
          y: 'mean F1',
          logarithmic: false,
          series: [
            { name: 'kNN-RE', points: meansBySupport(rows, 5) },
            { name: 'classifier', points: meansBySupport(rows, 4) },
          ],
        },
      ],
    };
  });
}

/** Fewest training examples first. */
function tailRows(
  classifier: TrialResult,
  both: TrialResult,
  support: ReadonlyMap<string, number>,
  entries: readonly { readonly label: string }[],
): (readonly [string, number, number, number, number, number, number])[] {
  const withMemory = new Map(both.test.byLabel.map(({ label, score }) => [label, score.f1]));
  return classifier.test.byLabel
    .filter(({ score }) => score.found + score.missed > 0)
    .map(({ label, score }) => {
      const own = withMemory.get(label) ?? 0;
      const inMemory = entries.filter((entry) => entry.label === label).length;
      const gold = score.found + score.missed;
      return [
        label,
        support.get(label) ?? 0,
        inMemory,
        gold,
        points(score.f1),
        points(own),
        points(own - score.f1),
      ] as const;
    })
    .sort((a, b) => a[1] - b[1] || a[2] - b[2] || (a[0] < b[0] ? -1 : 1));
}

function meansBySupport(rows: NamedTable['rows'], column: number): (readonly [number, number])[] {
  const bySupport = new Map<number, number[]>();
  for (const row of rows) {
    const support = Number(row[1]);
    bySupport.set(support, [...(bySupport.get(support) ?? []), Number(row[column])]);
  }
  return [...bySupport]
    .sort(([a], [b]) => a - b)
    .map(([support, values]) => [support, values.reduce((sum, value) => sum + value, 0) / values.length]);
}
