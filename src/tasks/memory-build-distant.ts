import { openCorpus } from '../datasets/corpus.js';
import { openDataset } from '../datasets/open.js';
import { isCorpusFormat, type CorpusText, type DatasetFormat } from '../datasets/ports.js';
import type { DistantBuildResult } from '../jobs/task-results.js';
import type { TaskContext } from '../jobs/tasks.js';
import { describeInput } from '../memory/building/inputs.js';
import { buildFromFacts } from '../memory/distant/build-distant.js';
import { factFormatOf, readFacts } from '../memory/distant/fact-files.js';
import type { Fact } from '../memory/distant/facts.js';
import { PackagedMemory } from '../memory/memory.js';
import { locateMemory } from '../memory/shelf.js';
import { madeMemory } from './made-memory.js';
import type { DistantBuildInput } from './memory-build-shapes.js';
import type { MemoryTools, StoredFactChoice } from './memory-tools.js';

export async function buildDistant(
  tools: MemoryTools,
  input: DistantBuildInput,
  { progress, signal }: TaskContext,
): Promise<DistantBuildResult> {
  const { facts, corpus, trusted: reference, tokens, ...rest } = input;
  const unknown = new Map<string, number>();
  const factFiles =
    'files' in facts
      ? await Promise.all(facts.files.map((file, place) => tools.inputPath(file, ['facts', 'files', place])))
      : [];
  for (const file of factFiles) factFormatOf(file);
  const corpusFiles = await Promise.all(
    corpus.files.map((file, place) => tools.inputPath(file, ['corpus', 'files', place])),
  );
  const skips = 'files' in facts && facts.skipUnknownPredicates;
  const trusted =
    reference === undefined
      ? undefined
      : await PackagedMemory.open(await locateMemory(tools.memoriesDir, reference), tools.encoder, {
          mode: 'exact',
        });
  try {
    const result = await buildFromFacts({
      ...tools,
      ...rest,
      facts:
        'store' in facts
          ? tools.storedFacts(facts.store satisfies StoredFactChoice)
          : factsOf(factFiles, tools, skips ? unknown : null),
      corpus: await textsOf(corpus.format, corpusFiles, tokens),
      inputs: await Promise.all([...factFiles, ...corpusFiles].map(describeInput)),
      trusted,
      onProgress: progress,
      signal,
    });
    const { manifest, counts, noise } = result;
    return {
      ...madeMemory(manifest),
      facts: result.facts,
      counts: { ...counts },
      skippedPredicates: Object.fromEntries(unknown),
      noise: noise && { ...noise },
    };
  } finally {
    await trusted?.close();
  }
}

async function* factsOf(
  files: readonly string[],
  { schema }: MemoryTools,
  unknown: Map<string, number> | null,
): AsyncGenerator<Fact> {
  const onUnknownPredicate = (name: string): void => {
    unknown?.set(name, (unknown.get(name) ?? 0) + 1);
  };
  for (const file of files)
    yield* readFacts(file, { schema, ...(unknown === null ? {} : { onUnknownPredicate }) });
}

async function textsOf(
  format: DistantBuildInput['corpus']['format'],
  files: readonly string[],
  tokens: DistantBuildInput['tokens'],
): Promise<AsyncIterable<CorpusText>> {
  if (isCorpusFormat(format)) return openCorpus(format, files);
  return openDataset(format satisfies DatasetFormat | 'auto', files, { tokens });
}
