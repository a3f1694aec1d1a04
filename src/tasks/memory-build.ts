import { openDataset } from '../datasets/open.js';
import type { LabelledBuildResult, TaskResults } from '../jobs/task-results.js';
import type { TaskContext, TaskHandler } from '../jobs/tasks.js';
import { buildFromLabelledData } from '../memory/building/build-labelled.js';
import { LabelMapping } from '../memory/building/label-mapping.js';
import { madeMemory } from './made-memory.js';
import { buildDistant } from './memory-build-distant.js';
import { buildShape, type LabelledBuildInput, type MemoryBuildInput } from './memory-build-shapes.js';
import type { MemoryTools } from './memory-tools.js';
import { parseInput } from './shapes.js';

/** Builds a version of a memory from labelled data, or from facts and a corpus. */
export function memoryBuildTask(
  tools: MemoryTools,
): TaskHandler<MemoryBuildInput, TaskResults['memory-build']> {
  return {
    kind: 'memory-build',
    parse: (json) => {
      const input = parseInput(buildShape, json);
      // A bad mapping is told before the job is accepted.
      if (input.source === 'labelled-data' && input.mapping !== undefined) LabelMapping.parse(input.mapping);
      return input;
    },
    run: (input, context) =>
      input.source === 'facts' ? buildDistant(tools, input, context) : buildLabelled(tools, input, context),
  };
}

async function buildLabelled(
  tools: MemoryTools,
  input: LabelledBuildInput,
  { progress, signal }: TaskContext,
): Promise<LabelledBuildResult> {
  const { from, mapping, tokens, ...rest } = input;
  const sources = await Promise.all(
    from.map(async ({ format, files }, place) =>
      openDataset(
        format,
        await Promise.all(files.map((file, index) => tools.inputPath(file, ['from', place, 'files', index]))),
        { tokens },
      ),
    ),
  );
  const { manifest, counts } = await buildFromLabelledData({
    ...tools,
    ...rest,
    sources,
    mapping: mapping === undefined ? undefined : LabelMapping.parse(mapping),
    onProgress: progress,
    signal,
  });
  return {
    ...madeMemory(manifest),
    counts: { ...counts },
  };
}
