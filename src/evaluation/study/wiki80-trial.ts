import { join } from 'node:path';
import type { StudyContext } from './context.js';
import { Trial } from './trial.js';
import type { EncodedSet, Workbench } from './workbench.js';

/** Files of Wiki80 that hold training examples: a tenth of them, a hundredth. */
export type Wiki80Train = 'train_10pct.txt' | 'train_1pct.txt';

/** Training examples of Wiki80, which has no pair without a relation. */
export function loadWiki80Train(
  { data }: StudyContext,
  bench: Workbench,
  file: Wiki80Train,
): Promise<EncodedSet> {
  return bench.load({ format: 'opennre', path: join(data, 'wiki80', file), pairs: 'related' });
}

/** Wiki80: settings are chosen on dev.json and reported on test.json; the memory is a tenth of the train set. */
export async function wiki80Trial(
  context: StudyContext,
  bench: Workbench,
): Promise<{ readonly trial: Trial; readonly train: EncodedSet }> {
  const load = (file: string): Promise<EncodedSet> =>
    bench.load({ format: 'pure', path: join(context.data, 'wiki80', file), pairs: 'related' });
  const [dev, test] = [await load('dev.json'), await load('test.json')];
  const train = await loadWiki80Train(context, bench, 'train_10pct.txt');
  const space = bench.space([dev, test, train]);
  return { trial: new Trial(bench.scored(dev, space), bench.scored(test, space)), train };
}
