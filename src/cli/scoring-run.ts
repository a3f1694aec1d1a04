import { Option } from 'commander';
import type { Config } from '../config.js';
import { parseDatasetReference } from '../datasets/open.js';
import { MENTION_SOURCES, type MentionSource } from '../evaluation/bench.js';
import type { JsonObject, TaskContext, TaskHandler } from '../jobs/tasks.js';
import { openExtraction, type Extraction } from '../resources.js';
import { scoringTools } from '../tasks/scoring-handlers.js';
import type { ScoringTools } from '../tasks/scoring-tools.js';
import type { Io } from './io.js';
import { runWithProgress } from './memory-tasks.js';
import { readMapping, YOUR_FILES } from './scoring-files.js';

/** Options that commands share which score annotated text. */
export const SCORING_OPTIONS = {
  mentions: () =>
    new Option('--mentions <from>', 'detected in raw text, or the annotated ones')
      .choices(MENTION_SOURCES)
      .default('detected'),
  mapping: () => new Option('--mapping <file>', "what the data set's labels and types mean here, as JSON"),
  cache: () => new Option('--cache <dir>', 'folder for encodings: a second run needs no encoder'),
} as const;

/**
 * What tasks that score annotated text take of a command's argument and options.
 *
 * @param data `FORMAT:FILE[,FILE]...` or the files alone
 * @throws NeighborKbError NOT_FOUND, INVALID_FILE for a mapping file
 */
export async function dataInput(data: string, options: { mentions: MentionSource; mapping?: string }) {
  const { format, paths } = parseDatasetReference(data);
  const mapping = await readMapping(options.mapping);
  return { format, files: paths, mentions: options.mentions, ...(mapping === undefined ? {} : { mapping }) };
}

/**
 * Runs `body` with what scoring takes, on files of whoever runs the command. Memories are searched exactly: an index may
 * miss a neighbour.
 *
 * @param cache folder for encodings
 */
export async function withScoring(
  config: Config,
  cache: string | undefined,
  body: (tools: ScoringTools, extraction: Extraction) => Promise<void>,
): Promise<void> {
  const extraction = await openExtraction(config, { profile: null, searchMode: 'exact' });
  try {
    await body(scoringTools(config, extraction, YOUR_FILES, cache), extraction);
  } finally {
    await extraction.close();
  }
}

/**
 * Runs a task with a progress bar for all that it finds, where the task itself would keep some of it and tell a summary.
 *
 * @param task reads the input
 * @param run what it runs
 */
export async function runForAll<Input, Found>(
  io: Io,
  task: TaskHandler<Input, JsonObject>,
  run: (input: Input, context: TaskContext) => Promise<Found>,
  input: unknown,
): Promise<Found> {
  const found: Found[] = [];
  const handler = {
    ...task,
    run: async (own: Input, context: TaskContext) => {
      found.push(await run(own, context));
      return {};
    },
  };
  await runWithProgress(io, handler, input, 'done');
  return found[0] as Found; // it has run, or thrown
}
