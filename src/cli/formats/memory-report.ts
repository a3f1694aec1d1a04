import type { NoiseResult, TaskResults } from '../../jobs/task-results.js';
import type { Io } from '../io.js';
import { table } from './table.js';

/** What a build found, by label, and with a trusted memory how much of it is noise. */
export async function writeBuildReport(io: Io, result: TaskResults['memory-build']): Promise<void> {
  const { memory, entries, countsByLabel, counts } = result;
  const noise = 'noise' in result ? result.noise : null;
  const matches = typeof counts['matches'] === 'object' ? counts['matches'] : null;
  const head = ['label', 'entries', ...(matches ? ['matches'] : []), ...(noise ? ['disagreeing'] : [])];
  const rows = Object.entries(countsByLabel).map(([label, count]) => [
    label,
    String(count),
    ...(matches ? [String(matches[label] ?? '')] : []),
    ...(noise ? [disagreeing(noise.byLabel[label])] : []),
  ]);
  await io.stdout.write(table(head, rows));
  for (const [name, value] of Object.entries(counts))
    if (typeof value === 'number') await io.stdout.line(`${words(name)}: ${value}`);
  if (noise)
    await io.stdout.line(
      `noise: of ${(100 * noise.share).toFixed(1)}% the ${noise.k} neighbours in ${noise.memory} say something else`,
    );
  await io.stdout.line(`${memory}: ${entries} entries`);
}

function disagreeing(noise: NoiseResult['byLabel'][string] | undefined): string {
  return noise ? `${noise.disagreeing} of ${noise.judged}` : '';
}

/** `nilTaken` as people read it: "nil taken". */
function words(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
