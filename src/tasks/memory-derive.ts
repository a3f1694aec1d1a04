import { z } from 'zod';
import type { MemoryDeriveResult } from '../jobs/task-results.js';
import type { TaskContext, TaskHandler } from '../jobs/tasks.js';
import { FINDING_KINDS, readDecisions } from '../memory/audit/findings.js';
import { KEY_TYPES } from '../memory/key-codec.js';
import { sourceOf } from '../memory/statistics.js';
import {
  applyDecisions,
  compactMemory,
  dropEntries,
  mergeMemories,
  type EntryDecision,
} from '../memory/versions/changes.js';
import type { DerivationResult } from '../memory/versions/derive.js';
import { madeMemory } from './made-memory.js';
import type { MemoryTools } from './memory-tools.js';
import { fileName, memoryName, memoryReference, parseInput, versionNumber } from './shapes.js';

const version = versionNumber.optional();
const label = z.string().min(1);
const entry = z.string().min(1);
const decision = z.discriminatedUnion('action', [
  z.strictObject({ entry, action: z.literal('drop') }),
  z.strictObject({ entry, action: z.literal('relabel'), label }),
]);

const deriveShape = z.discriminatedUnion('operation', [
  /** Decisions of a curator: given, or in a file of findings. */
  z.strictObject({
    operation: z.literal('apply'),
    memory: memoryReference,
    version,
    findings: fileName.optional(),
    accept: z.array(z.enum(FINDING_KINDS)).default([]),
    decisions: z.array(decision).max(10_000).default([]),
  }),
  /** Entries that fulfil all conditions are dropped. */
  z
    .strictObject({
      operation: z.literal('drop'),
      memory: memoryReference,
      version,
      entries: z.array(entry).max(10_000).optional(),
      labels: z.array(label).optional(),
      origins: z.array(z.string().min(1)).optional(),
    })
    .refine(({ entries, labels, origins }) => entries ?? labels ?? origins, {
      message: 'entries, labels or origins must be given',
      path: ['entries'],
    }),
  z.strictObject({
    operation: z.literal('merge'),
    name: memoryName,
    version,
    memories: z.array(memoryReference).min(2),
    description: z.string().optional(),
    license: z.string().min(1).optional(),
    keyType: z.enum(KEY_TYPES).optional(),
  }),
  z.strictObject({
    operation: z.literal('compact'),
    memory: memoryReference,
    version,
    keyType: z.enum(KEY_TYPES).optional(),
  }),
]);
export type MemoryDeriveInput = z.infer<typeof deriveShape>;
type InputOf<Operation extends MemoryDeriveInput['operation']> = Extract<
  MemoryDeriveInput,
  { operation: Operation }
>;

type Tools = Pick<MemoryTools, 'memoriesDir' | 'schema' | 'inputPath'>;

/** Makes a version of a memory out of others: without some entries, with other labels, merged, or smaller. */
export function memoryDeriveTask(tools: Tools): TaskHandler<MemoryDeriveInput, MemoryDeriveResult> {
  return {
    kind: 'memory-derive',
    parse: (json) => parseInput(deriveShape, json),
    run: async (input, context) => resultOf(await derive(tools, input, context)),
  };
}

function derive(tools: Tools, input: MemoryDeriveInput, context: TaskContext): Promise<DerivationResult> {
  const work = {
    memoriesDir: tools.memoriesDir,
    version: input.version,
    signal: context.signal,
    onProgress: (done: number, total: number) => {
      context.progress({ done, total, step: 'copying entries' });
    },
  };
  switch (input.operation) {
    case 'apply':
      return apply(tools, input, work);
    case 'drop':
      return drop(tools, input, work);
    case 'merge':
      return mergeMemories(
        { ...work, ...only(input, ['description', 'license', 'keyType']) },
        input.name,
        input.memories,
      );
    case 'compact':
      return compactMemory(work, input.memory, input.keyType);
  }
}

type Work = Parameters<typeof applyDecisions>[0];

async function apply(tools: Tools, input: InputOf<'apply'>, work: Work): Promise<DerivationResult> {
  const decisions =
    input.findings === undefined
      ? new Map<string, EntryDecision>()
      : await readDecisions(await tools.inputPath(input.findings, ['findings']), new Set(input.accept));
  for (const { entry: id, ...own } of input.decisions) decisions.set(id, own);
  return applyDecisions(work, input.memory, decisions, tools.schema);
}

function drop(tools: Tools, input: InputOf<'drop'>, work: Work): Promise<DerivationResult> {
  const { memory, entries, labels, origins } = input;
  if (entries && !labels && !origins) {
    // Named one by one: each has to be there.
    const drops = new Map(entries.map((id): [string, EntryDecision] => [id, { action: 'drop' }]));
    return applyDecisions(work, memory, drops, tools.schema);
  }
  const [ids, ownLabels, ownOrigins] = [entries, labels, origins].map((list) => list && new Set(list));
  return dropEntries(
    work,
    memory,
    ({ id, label: own, origin }) =>
      (ids?.has(id) ?? true) &&
      (ownLabels?.has(own) ?? true) &&
      (ownOrigins === undefined || ownOrigins.has(origin) || ownOrigins.has(sourceOf(origin))),
    { entries: entries?.length ?? null, labels: labels ?? null, origins: origins ?? null },
  );
}

/** The fields that are there. */
function only<Source extends object, Key extends keyof Source>(
  source: Source,
  keys: readonly Key[],
): Partial<Source> {
  return Object.fromEntries(
    keys.flatMap((key) => (source[key] === undefined ? [] : [[key, source[key]]])),
  ) as Partial<Source>;
}

function resultOf({ manifest, ...counts }: DerivationResult): MemoryDeriveResult {
  return {
    ...madeMemory(manifest),
    counts,
  };
}
