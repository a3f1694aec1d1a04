import { join } from 'node:path';
import { LabelMapping } from '../../memory/building/label-mapping.js';
import { type StudyContext, withWorkbench } from './context.js';
import { sampleRows, tuneMemory } from './memory-rows.js';
import {
  type LinePlot,
  points,
  RESULT_HEAD,
  resultRows,
  type StudyTable,
  type SystemResult,
} from './table.js';
import { Trial } from './trial.js';
import type { EncodedSet, Workbench } from './workbench.js';

/** Entries of the memory; the last is the whole train set. */
const SIZES = [500, 2000, 8000, Infinity] as const;

/** The shipped encoder on SciERC: it knows neither types nor labels there, a memory alone decides. */
export async function newDomainStudy(context: StudyContext): Promise<StudyTable> {
  return withWorkbench(context, context.shippedEncoder, async (bench) => {
    const results = await resultsBySize(context, bench);
    return {
      name: 'new-domain',
      title: 'A new domain with the shipped encoder and a memory alone',
      command: 'npm run reproduce -- new-domain',
      encoders: [bench.model],
      notes: [
        'SciERC with the encoder that is shipped, which was trained on none of it: every mention is MISC to it, its own labels are left out, and entries of the train set decide alone (λ = 1). Settings were tuned on dev.json, figures are of test.json. No training took place.',
      ],
      tables: [{ title: 'SciERC test, gold mentions', head: RESULT_HEAD, rows: resultRows(results) }],
      plots: [plotOf(results)],
    };
  });
}

/** The classifier, then the neighbours alone by the number of entries. */
async function resultsBySize(context: StudyContext, bench: Workbench): Promise<SystemResult[]> {
  const mapping = LabelMapping.parse({ types: { '*': 'MISC' } });
  const load = (file: string): Promise<EncodedSet> =>
    bench.load({ format: 'pure', path: join(context.data, 'scierc', file), mapping });
  const [dev, test, train] = [await load('dev.json'), await load('test.json'), await load('train.json')];
  const space = bench.space([dev, test, train]);
  const judged = new Set([...dev.labels, ...test.labels, ...train.labels]);
  const trial = new Trial(bench.scored(dev, space, { judged }), bench.scored(test, space, { judged }));
  const results: SystemResult[] = [
    { system: 'classifier: it has none of the labels', entries: 0, result: trial.classifier() },
  ];
  for (const size of SIZES) {
    const rows = Number.isFinite(size) ? sampleRows(train.rows, size) : train.rows;
    const memory = await tuneMemory(trial, train, { name: 'train', representation: 'unit', rows });
    const { settings } = memory.grid.neighboursOnly;
    const result = trial.withSettings(memory.searched, settings);
    results.push({ system: `kNN only: ${rows.length} entries`, entries: rows.length, result });
  }
  return results;
}

function plotOf([, ...bySize]: readonly SystemResult[]): LinePlot {
  return {
    name: 'new-domain',
    title: 'SciERC with the shipped encoder: test F1 by entries',
    x: 'entries',
    y: 'test F1',
    logarithmic: true,
    series: [
      {
        name: 'kNN only',
        points: bySize.map(({ entries, result }) => [entries, points(result.test.micro.f1)] as const),
      },
    ],
  };
}
