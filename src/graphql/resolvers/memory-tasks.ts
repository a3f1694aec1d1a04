import { Arg, Ctx, Mutation, Resolver } from '../decorators.js';
import { NeighborKbError } from '../../domain/errors.js';
import type { TaskKind } from '../../jobs/tasks.js';
import type { ApiContext } from '../context.js';
import { given } from '../filters.js';
import type { ApiServices } from '../services.js';
import {
  AuditMemoryInput,
  BuildMemoryFromFactsInput,
  BuildMemoryInput,
  ImportMemoryInput,
  ReviseMemoryInput,
  SubmitTaskResult,
  type TaskResultSource,
} from '../types/memory-tasks.js';
import { problem } from '../types/problems.js';

const JOB = 'Answers at once with a job; its result names the version.';

/** Long work on memories. Every change is a new version; those that are there never change. */
@Resolver()
export class MemoryTaskResolver {
  @Mutation(() => SubmitTaskResult, {
    description: `Builds a version of a memory from labelled data. ${JOB}`,
  })
  buildMemory(
    @Arg('input', () => BuildMemoryInput, { description: 'What to build of what.' }) input: BuildMemoryInput,
    @Ctx() { services }: ApiContext,
  ): Promise<TaskResultSource> {
    const { labels, types, anyLabel, from, ...rest } = input;
    const mapping =
      labels || types
        ? {
            labels: Object.fromEntries(
              (labels ?? []).map(({ name, label, inverse }) => [name, label ? { label, inverse } : null]),
            ),
            types: Object.fromEntries((types ?? []).map(({ name, type }) => [name, type])),
          }
        : undefined;
    return submit(services, 'memory-build', {
      ...given(rest),
      source: 'labelled-data',
      from: from.map((files) => ({ ...files })),
      mapping,
      labels: anyLabel ? 'any' : 'known',
    });
  }

  @Mutation(() => SubmitTaskResult, {
    description: `Builds a version of a memory from facts and text, by distant supervision. ${JOB}`,
  })
  buildMemoryFromFacts(
    @Arg('input', () => BuildMemoryFromFactsInput, { description: 'What to build of what.' })
    input: BuildMemoryFromFactsInput,
    @Ctx() { services }: ApiContext,
  ): Promise<TaskResultSource> {
    const { facts, minConfidence, skipUnknownPredicates, corpus, ...rest } = input;
    return submit(services, 'memory-build', {
      ...given(rest),
      source: 'facts',
      facts: facts
        ? { files: facts, skipUnknownPredicates }
        : { store: { acceptedOnly: typeof minConfidence !== 'number', ...given({ minConfidence }) } },
      corpus: { ...corpus },
    });
  }

  @Mutation(() => SubmitTaskResult, {
    description: `Builds a version of a memory from exported entries; their keys are encoded again. ${JOB}`,
  })
  importMemory(
    @Arg('input', () => ImportMemoryInput, { description: 'What to import.' }) input: ImportMemoryInput,
    @Ctx() { services }: ApiContext,
  ): Promise<TaskResultSource> {
    return submit(services, 'memory-import', given({ ...input }));
  }

  @Mutation(() => SubmitTaskResult, {
    description: 'Writes the entries of a memory as JSON lines. Answers at once with a job.',
  })
  exportMemory(
    @Arg('memory', () => String, { description: '`name` for the newest version, or `name@1.0.0`.' })
    memory: string,
    @Arg('out', () => String, {
      description: 'File for the entries, in the folder that the server exchanges with its clients.',
    })
    out: string,
    @Ctx() { services }: ApiContext,
  ): Promise<TaskResultSource> {
    return submit(services, 'memory-export', { memory, out }, []);
  }

  @Mutation(() => SubmitTaskResult, {
    description:
      'Looks for entries that are doubled, mislabelled or in the way, and for labels without cover. Answers at once with a job; it changes nothing.',
  })
  auditMemory(
    @Arg('input', () => AuditMemoryInput, { description: 'What to look for.' }) input: AuditMemoryInput,
    @Ctx() { services }: ApiContext,
  ): Promise<TaskResultSource> {
    return submit(services, 'memory-audit', given({ ...input }));
  }

  @Mutation(() => SubmitTaskResult, {
    description: `Makes a version of a memory with some entries dropped or relabelled, as decided here or in a file of findings. ${JOB}`,
  })
  reviseMemory(
    @Arg('input', () => ReviseMemoryInput, { description: 'What was decided.' }) input: ReviseMemoryInput,
    @Ctx() { services }: ApiContext,
  ): Promise<TaskResultSource> {
    const { decisions, ...rest } = input;
    return submit(services, 'memory-derive', {
      ...given(rest),
      operation: 'apply',
      decisions: (decisions ?? []).map(({ entry, label }) =>
        label ? { entry, action: 'relabel', label } : { entry, action: 'drop' },
      ),
    });
  }

  @Mutation(() => SubmitTaskResult, {
    description: `Makes a version with the entries of several memories of one encoder, each example once. ${JOB}`,
  })
  mergeMemories(
    @Arg('name', () => String, { description: 'The memory that gets the version.' }) name: string,
    @Arg('memories', () => [String], {
      description: 'At least two: `name` for the newest version, or `name@1.0.0`.',
    })
    memories: string[],
    @Ctx() { services }: ApiContext,
  ): Promise<TaskResultSource> {
    return submit(services, 'memory-derive', { operation: 'merge', name, memories }, []);
  }

  @Mutation(() => SubmitTaskResult, {
    description: `Makes a smaller version: no two entries alike, and keys in fewer bytes. ${JOB}`,
  })
  compactMemory(
    @Arg('memory', () => String, { description: '`name` for the newest version, or `name@1.0.0`.' })
    memory: string,
    @Arg('keyType', () => String, {
      nullable: true,
      description: 'How keys are kept: int8, float16 or float32.',
    })
    keyType: string | null,
    @Ctx() { services }: ApiContext,
  ): Promise<TaskResultSource> {
    return submit(services, 'memory-derive', { operation: 'compact', memory, ...given({ keyType }) }, []);
  }
}

/** @param place of the task's input among the arguments */
export async function submit(
  { jobs }: ApiServices,
  kind: TaskKind,
  input: object,
  place: readonly string[] = ['input'],
): Promise<TaskResultSource> {
  try {
    return await jobs.submitTask(kind, input);
  } catch (error) {
    if (!(error instanceof NeighborKbError)) throw error;
    if (error.code === 'QUEUE_FULL') return problem('QueueFull', error);
    const { code, message, path } = error;
    const inside = path[0] === 'input' ? path.slice(1) : path;
    return problem('InvalidInput', { code, message, path: [...place, ...inside] });
  }
}
