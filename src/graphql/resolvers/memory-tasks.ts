import { Arg, Ctx, Mutation, Resolver } from '../decorators.js';
import type { ApiContext } from '../context.js';
import { given } from '../filters.js';
import { submitTask } from '../submit-task.js';
import { mappingJson } from '../types/label-mapping.js';
import { BuildMemoryFromFactsInput, BuildMemoryInput, ImportMemoryInput } from '../types/memory-builds.js';
import {
  AuditMemoryInput,
  DropEntriesInput,
  IndexMemoryInput,
  MergeMemoriesInput,
  ReviseMemoryInput,
} from '../types/memory-changes.js';
import { SubmitTaskResult, type TaskResultSource } from '../types/task-result.js';

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
    const { mapping, anyLabel, from, ...rest } = input;
    return submitTask(services, 'memory-build', {
      ...given(rest),
      source: 'labelled-data',
      from: from.map((files) => ({ ...files })),
      mapping: mappingJson(mapping),
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
    return submitTask(services, 'memory-build', {
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
    const { anyLabel, ...rest } = input;
    return submitTask(services, 'memory-import', { ...given(rest), labels: anyLabel ? 'any' : 'known' });
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
    return submitTask(services, 'memory-export', { memory, out }, []);
  }

  @Mutation(() => SubmitTaskResult, {
    description:
      'Looks for entries that are doubled, mislabelled or in the way, and for labels without cover. Answers at once with a job; it changes nothing.',
  })
  auditMemory(
    @Arg('input', () => AuditMemoryInput, { description: 'What to look for.' }) input: AuditMemoryInput,
    @Ctx() { services }: ApiContext,
  ): Promise<TaskResultSource> {
    return submitTask(services, 'memory-audit', given({ ...input }));
  }

  @Mutation(() => SubmitTaskResult, {
    description: `Makes a version of a memory with some entries dropped or relabelled, as decided here or in a file of findings. ${JOB}`,
  })
  reviseMemory(
    @Arg('input', () => ReviseMemoryInput, { description: 'What was decided.' }) input: ReviseMemoryInput,
    @Ctx() { services }: ApiContext,
  ): Promise<TaskResultSource> {
    const { decisions, ...rest } = input;
    return submitTask(services, 'memory-derive', {
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
    @Arg('input', () => MergeMemoriesInput, { description: 'What is merged into what.' })
    input: MergeMemoriesInput,
    @Ctx() { services }: ApiContext,
  ): Promise<TaskResultSource> {
    return submitTask(services, 'memory-derive', { ...given({ ...input }), operation: 'merge' });
  }

  @Mutation(() => SubmitTaskResult, {
    description: `Makes a version of a memory without some entries. ${JOB}`,
  })
  dropMemoryEntries(
    @Arg('input', () => DropEntriesInput, { description: 'Which entries of what.' }) input: DropEntriesInput,
    @Ctx() { services }: ApiContext,
  ): Promise<TaskResultSource> {
    return submitTask(services, 'memory-derive', { ...given({ ...input }), operation: 'drop' });
  }

  @Mutation(() => SubmitTaskResult, {
    description:
      'Builds an approximate search index for a large memory; one that is there is replaced. Answers at once with a job. The version stays the same, and the memory can be used meanwhile.',
  })
  indexMemory(
    @Arg('input', () => IndexMemoryInput, { description: 'What to index, and how.' }) input: IndexMemoryInput,
    @Ctx() { services }: ApiContext,
  ): Promise<TaskResultSource> {
    return submitTask(services, 'memory-index', { ...given({ ...input }), operation: 'build' });
  }

  @Mutation(() => SubmitTaskResult, {
    description: 'Takes the search index of a memory away. Answers at once with a job.',
  })
  removeMemoryIndex(
    @Arg('memory', () => String, { description: '`name` for the newest version, or `name@1.0.0`.' })
    memory: string,
    @Ctx() { services }: ApiContext,
  ): Promise<TaskResultSource> {
    return submitTask(services, 'memory-index', { operation: 'remove', memory }, []);
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
    @Arg('version', () => String, {
      nullable: true,
      description: 'Such as 1.0.1; the one after the newest if not given.',
    })
    version: string | null,
    @Ctx() { services }: ApiContext,
  ): Promise<TaskResultSource> {
    const input = { operation: 'compact', memory, ...given({ keyType, version }) };
    return submitTask(services, 'memory-derive', input, []);
  }
}
