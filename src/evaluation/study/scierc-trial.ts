import { join } from 'node:path';
import type { StudyContext } from './context.js';
import { Trial } from './trial.js';
import type { EncodedSet, Workbench } from './workbench.js';

/** SciERC with gold mentions: settings are chosen on dev.json and reported on test.json; the memory is the train set. */
export async function sciercTrial(
  context: StudyContext,
  bench: Workbench,
): Promise<{ readonly trial: Trial; readonly train: EncodedSet }> {
  const load = (file: string) => bench.load({ format: 'pure', path: join(context.data, 'scierc', file) });
  const [dev, test, train] = [await load('dev.json'), await load('test.json'), await load('train.json')];
  const space = bench.space([dev, test, train]);
  return { trial: new Trial(bench.scored(dev, space), bench.scored(test, space)), train };
}
