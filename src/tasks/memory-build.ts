import { z } from 'zod';
import { openDataset } from '../datasets/open.js';
import { DATASET_FORMATS } from '../datasets/ports.js';
import { TOKEN_JOININGS } from '../datasets/token-joining.js';
import type { JsonObject, TaskContext, TaskHandler } from '../jobs/tasks.js';
import { buildFromLabelledData } from '../memory/building/build-labelled.js';
import { LabelMapping } from '../memory/building/label-mapping.js';
import { KEY_TYPES } from '../memory/key-codec.js';
import { formatReference } from '../memory/reference.js';
import { buildDistant, distantFields } from './memory-build-distant.js';
import type { MemoryTools } from './memory-tools.js';
import { fileName, memoryName, parseInput, share, versionNumber } from './shapes.js';

/** What a new version of a memory is to be. */
const targetFields = {
  name: memoryName,
  version: versionNumber.optional(),
  description: z.string().default(''),
  license: z.string().min(1).default('unknown'),
  normalised: z.boolean().default(true),
  keyType: z.enum(KEY_TYPES).default('float16'),
  /** Most entries of one label from one sentence. */
  perText: z.number().int().positive().optional(),
  /** How lists of tokens become text. */
  tokens: z.enum(TOKEN_JOININGS).default('spaced'),
};

const labelledShape = z.strictObject({
  source: z.literal('labelled-data'),
  ...targetFields,
  from: z
    .array(
      z.strictObject({
        format: z.enum([...DATASET_FORMATS, 'auto']).default('auto'),
        files: z.array(fileName).min(1),
      }),
    )
    .min(1),
  /** As a mapping file has it, see `LabelMapping`. */
  mapping: z.json().optional(),
  nilShare: share.default(1),
  labels: z.enum(['known', 'any']).default('known'),
});
const distantShape = z.strictObject({ source: z.literal('facts'), ...targetFields, ...distantFields });
const buildShape = z.discriminatedUnion('source', [labelledShape, distantShape]);

export type MemoryBuildInput = z.infer<typeof buildShape>;
export type LabelledBuildInput = z.infer<typeof labelledShape>;
export type DistantBuildInput = z.infer<typeof distantShape>;

/** Builds a version of a memory from labelled data, or from facts and a corpus. */
export function memoryBuildTask(tools: MemoryTools): TaskHandler<MemoryBuildInput> {
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
): Promise<JsonObject> {
  const { from, mapping, tokens, source: _, ...rest } = input;
  const sources = await Promise.all(
    from.map(async ({ format, files }) =>
      openDataset(format, await Promise.all(files.map((file) => tools.inputPath(file))), { tokens }),
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
    memory: formatReference(manifest.name, manifest.version),
    entries: manifest.entries,
    countsByLabel: manifest.countsByLabel,
    counts: { ...counts },
  };
}
