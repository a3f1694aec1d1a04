import { z } from 'zod';
import { DATASET_FORMATS } from '../datasets/ports.js';
import { openDataset } from '../datasets/open.js';
import { NeighborKbError } from '../domain/errors.js';
import type { ScoringProfile } from '../domain/profile.js';
import {
  type BenchContext,
  type EvaluationSet,
  MENTION_SOURCES,
  openEvaluationSet,
} from '../evaluation/bench.js';
import { PairCache } from '../evaluation/pair-cache.js';
import type { ProfileStore } from '../evaluation/profile-store.js';
import type { TaskContext } from '../jobs/tasks.js';
import { LabelMapping } from '../memory/building/label-mapping.js';
import type { Memory } from '../memory/ports.js';
import type { MemoryTools } from './memory-tools.js';
import { fileName, parseInput } from './shapes.js';

/** What tuning and evaluating work with: the command line and the server each bring their own. */
export interface ScoringTools extends Pick<MemoryTools, 'inputPath' | 'outputPath'> {
  readonly bench: Omit<BenchContext, 'onProgress'>;
  readonly profiles: ProfileStore;
  /** Opens a memory that is searched exactly. @throws NeighborKbError MEMORY_MISSING, MEMORY_CORRUPT, MEMORY_MODEL_MISMATCH */
  memory(name: string): Promise<Memory>;
  /** Reference of the encoder: `name@version`. */
  readonly model: string;
}

/** The annotated text that settings are tuned or scored on. */
export const dataFields = {
  format: z.enum([...DATASET_FORMATS, 'auto']).default('auto'),
  files: z.array(fileName).min(1),
  mentions: z.enum(MENTION_SOURCES).default('detected'),
  /** As a mapping file has it; absent: what the schema knows of the format. */
  mapping: z.json().optional(),
};
type DataInput = z.infer<z.ZodObject<typeof dataFields>>;

/** Checks a task's input and the mapping in it. @throws NeighborKbError INVALID_ARGUMENT, INVALID_FILE naming the field */
export function parseScoringInput<Shape extends z.ZodType<DataInput>>(
  shape: Shape,
  json: unknown,
): z.infer<Shape> {
  const input = parseInput(shape, json);
  // A bad mapping is told before the job is accepted.
  if (input.mapping !== undefined) LabelMapping.parse(input.mapping);
  return input;
}

/**
 * Encodes the text, and tells how far it is. Encodings are kept in the job's folder where no other cache is given: a
 * run that is taken up again starts behind them.
 * @throws NeighborKbError of readers and extraction, or where it stops
 */
export async function openData(
  tools: ScoringTools,
  input: DataInput,
  { progress, signal, workDir }: TaskContext,
): Promise<EvaluationSet> {
  const paths = await Promise.all(input.files.map((file, place) => tools.inputPath(file, ['files', place])));
  const { format } = await openDataset(input.format, paths);
  const onProgress = (done: number, total: number): void => {
    signal.throwIfAborted();
    progress({ step: 'encoding texts', done, total });
  };
  return openEvaluationSet(
    { ...tools.bench, cache: tools.bench.cache ?? new PairCache(workDir), onProgress },
    {
      format,
      paths,
      mentions: input.mentions,
      mapping: input.mapping === undefined ? undefined : LabelMapping.parse(input.mapping),
    },
  );
}

/** @throws NeighborKbError INVALID_ARGUMENT: its settings fit the distances of another encoder */
export function requireModel(profile: ScoringProfile, model: string): void {
  if (profile.model !== model)
    throw new NeighborKbError(
      'INVALID_ARGUMENT',
      `scoring profile ${profile.name} was tuned for ${profile.model}, the relation encoder is ${model}`,
      ['profile', 'model'],
    );
}
