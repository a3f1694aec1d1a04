import { writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { atField } from '../domain/errors.js';
import { profileReference, type ScoringProfile } from '../domain/profile.js';
import { tuneTables } from '../evaluation/report.js';
import { tuningPage } from '../evaluation/report-page.js';
import { SEARCHES, tuneProfile, type TuneResult } from '../evaluation/tune.js';
import type { TuneResult as TuneTaskResult } from '../jobs/task-results.js';
import type { TaskContext, TaskHandler } from '../jobs/tasks.js';
import { dataFields, openData, parseScoringInput, type ScoringTools } from './scoring-tools.js';
import { fileName, memoryReference } from './shapes.js';

const tuneShape = z.strictObject({
  ...dataFields,
  /** Name of the profile; a new version of it is made. */
  name: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'must be lower-case letters, digits and hyphens'),
  /** Memories that vote. */
  memories: z.array(memoryReference).default(['general']),
  search: z.enum(SEARCHES).default('full'),
  /** Where the report goes as an HTML page; none is written if not given. */
  report: fileName.optional(),
});
export type TuneInput = z.infer<typeof tuneShape>;

/** Tunes a profile. */
export function tuneTask(tools: ScoringTools): TaskHandler<TuneInput, TuneTaskResult> {
  return {
    kind: 'tune',
    parse: (json) => parseScoringInput(tuneShape, json),
    run: async (input, context) => {
      const { profile, report } = await runTuning(tools, input, context);
      const stored = await tools.profiles.create(profile);
      if (input.report !== undefined)
        await writeFile(
          await tools.outputPath(input.report, ['report']),
          tuningPage(profileReference(stored), report, tuneTables(report, tools.bench.schema)),
        );
      const { f1, precision, recall } = report.score[report.match];
      return {
        profile: profileReference(stored),
        tunedOn: report.tunedOn,
        f1,
        precision,
        recall,
        classifierF1: report.grid.classifierOnly.f1,
        calibrationError: report.calibration.errorAfter,
        report: input.report ?? null,
      };
    },
  };
}

/** The profile is not stored yet. */
export async function runTuning(
  tools: ScoringTools,
  input: TuneInput,
  context: TaskContext,
): Promise<TuneResult> {
  const memories = await Promise.all(
    input.memories.map((name, place) => atField(['memories', place], tools.memory(name))),
  );
  const set = await openData(tools, input, context);
  const base: ScoringProfile = {
    name: input.name,
    version: 1,
    model: tools.model,
    memories: [],
    nilRatio: 1,
    minimumProbability: 0,
    calibration: { slope: 1, intercept: 0 },
  };
  return tuneProfile(set, base, {
    memories,
    search: input.search,
    onStep: (step, done, total) => {
      context.signal.throwIfAborted();
      context.progress({ step: step === 'search' ? 'searching memories' : 'trying settings', done, total });
    },
  });
}
