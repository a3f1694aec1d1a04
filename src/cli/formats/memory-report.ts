import type { JsonObject } from '../../jobs/tasks.js';
import type { Io } from '../io.js';
import { table } from './table.js';

/** What a build found, by label, and with a trusted memory how much of it is noise. */
export async function writeBuildReport(io: Io, result: JsonObject): Promise<void> {
  const counts = result['countsByLabel'] as Readonly<Record<string, number>>;
  const noise = result['noise'] as NoiseResult | null | undefined;
  const matches = (result['counts'] as { readonly matches?: Readonly<Record<string, number>> }).matches;
  const head = ['label', 'entries', ...(matches ? ['matches'] : []), ...(noise ? ['disagreeing'] : [])];
  const rows = Object.entries(counts).map(([label, count]) => [
    label,
    String(count),
    ...(matches ? [String(matches[label] ?? '')] : []),
    ...(noise ? [disagreeing(noise.byLabel[label])] : []),
  ]);
  await io.stdout.write(table(head, rows));
  for (const [name, value] of Object.entries(result['counts'] as JsonObject))
    if (typeof value === 'number') await io.stdout.line(`${words(name)}: ${value}`);
  if (noise)
    await io.stdout.line(
      `noise: of ${(100 * noise.share).toFixed(1)}% the ${noise.k} neighbours in ${noise.memory} say something else`,
    );
  await io.stdout.line(`${String(result['memory'])}: ${String(result['entries'])} entries`);
}

interface NoiseResult {
  readonly memory: string;
  readonly k: number;
  readonly share: number;
  readonly byLabel: Readonly<Record<string, LabelNoise>>;
}

interface LabelNoise {
  readonly judged: number;
  readonly disagreeing: number;
}

function disagreeing(noise: LabelNoise | undefined): string {
  return noise ? `${noise.disagreeing} of ${noise.judged}` : '';
}

/** `nilTaken` as people read it: "nil taken". */
function words(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
