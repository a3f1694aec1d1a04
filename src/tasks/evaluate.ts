import { writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { atField } from '../domain/errors.js';
import { profileReference } from '../domain/profile.js';
import { compareSystems, type EvaluationReport } from '../evaluation/comparison.js';
import { comparisonTables } from '../evaluation/comparison-tables.js';
import { evaluationPage } from '../evaluation/report-page.js';
import type { EvaluateResult } from '../jobs/task-results.js';
import type { TaskContext, TaskHandler } from '../jobs/tasks.js';
import { dataFields, openData, parseScoringInput, requireModel, type ScoringTools } from './scoring-tools.js';
import { fileName } from './shapes.js';

const evaluateShape = z.strictObject({
  ...dataFields,
  /** `name` for its newest version, or `name@version`. */
  profile: z.string().min(1),
  /** Where the report goes as an HTML page; none is written if not given. */
  report: fileName.optional(),
});
export type EvaluateInput = z.infer<typeof evaluateShape>;

/** Scores a profile beside its parts on annotated text. */
export function evaluateTask(tools: ScoringTools): TaskHandler<EvaluateInput, EvaluateResult> {
  return {
    kind: 'evaluate',
    parse: (json) => parseScoringInput(evaluateShape, json),
    run: async (input, context) => {
      const report = await runEvaluation(tools, input, context);
      if (input.report !== undefined) {
        const { schema } = tools.bench;
        const tables = comparisonTables(report, (label) =>
          `${schema.get(label)?.name ?? ''} ${label}`.trim(),
        );
        await writeFile(await tools.outputPath(input.report, ['report']), evaluationPage(report, tables));
      }
      return {
        profile: profileReference(report.profile),
        data: report.data,
        systems: report.systems.map(({ system, micro, macro, gain }) => ({
          system,
          f1: micro.f1,
          precision: micro.precision,
          recall: micro.recall,
          macroF1: macro.f1,
          gain: gain?.gain ?? null,
          pValue: gain?.pValue ?? null,
        })),
        calibrationError: report.calibration.after.error,
        report: input.report ?? null,
      };
    },
  };
}

export async function runEvaluation(
  tools: ScoringTools,
  input: EvaluateInput,
  context: TaskContext,
): Promise<EvaluationReport> {
  const profile = await tools.profiles.get(input.profile);
  requireModel(profile, tools.model);
  const memories = await atField(
    ['profile'],
    Promise.all(profile.memories.map(({ memory }) => tools.memory(memory))),
  );
  const set = await openData(tools, input, context);
  return compareSystems(set, profile, memories, (step, done, total) => {
    context.signal.throwIfAborted();
    context.progress({ step: step === 'search' ? 'searching memories' : 'scoring', done, total });
  });
}
