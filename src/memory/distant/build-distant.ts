import type { CorpusText } from '../../datasets/ports.js';
import { NeighborKbError } from '../../domain/errors.js';
import { buildVersion } from '../building/build-version.js';
import type { SentenceExamples } from '../building/entry-builder.js';
import { checkShare, type ExampleBuild } from '../building/example-build.js';
import { typeGatesOf } from '../building/type-gates.js';
import type { BuildRecord, Memory, MemoryManifest } from '../ports.js';
import {
  DistantLabeller,
  noDistantCounts,
  type DistantChoice,
  type DistantCounts,
} from './distant-examples.js';
import { FactBase, type Fact } from './facts.js';
import { NameMatcher } from './name-matcher.js';
import { estimateNoise, type NoiseEstimate } from './noise.js';

export interface DistantBuild extends ExampleBuild, Pick<DistantChoice, 'ambiguous' | 'perFact'> {
  readonly facts: AsyncIterable<Fact>;
  /** Read once, in an order that is the same whenever it is read. */
  readonly corpus: AsyncIterable<CorpusText>;
  /** Files of facts and corpus, for the package's record. */
  readonly inputs: BuildRecord['inputs'];
  /** A memory of the same encoder that is asked how far the entries can be trusted. */
  readonly trusted?: Memory | undefined;
}

export interface DistantBuildResult {
  readonly manifest: MemoryManifest;
  /** Facts that were given. */
  readonly facts: number;
  readonly counts: DistantCounts;
  /** Null where no trusted memory was given. */
  readonly noise: NoiseEstimate | null;
}

/**
 * Builds a version of a memory by distant supervision: a sentence that names both sides of a fact is taken as an
 * example of it.
 *
 * @throws NeighborKbError INVALID_ARGUMENT where there are no facts, no text or no match; INVALID_FILE for a fact with a
 * predicate or type that nothing knows; CONFLICT; and what the readers throw
 */
export async function buildFromFacts(build: DistantBuild): Promise<DistantBuildResult> {
  checkShare(build.nilShare, 'nilShare');
  const { encoder, schema, trusted, signal } = build;
  const facts = await FactBase.of(build.facts, {
    schema,
    labels: encoder.labels.slice(1),
    types: encoder.mentionTypes,
  });
  const counts = noDistantCounts();
  let noise: NoiseEstimate | null = null;
  const manifest = await buildVersion({
    ...build,
    examples: examplesOf(build, facts, counts),
    built: { by: 'distant-supervision', inputs: build.inputs, settings: settingsOf(build, facts) },
    onProgress: () => {
      build.onProgress?.({ done: counts.texts, total: 0, step: 'reading the corpus' });
    },
    beforePublishing: async ({ folder, writer }) => {
      if (!trusted) return;
      const { representationSize } = encoder;
      const files = { representationSize, keyType: build.keyType, entries: writer.entries };
      noise = await estimateNoise(folder, files, trusted, { signal });
    },
  });
  return { manifest, facts: facts.size, counts, noise };
}

function settingsOf(build: DistantBuild, facts: FactBase): BuildRecord['settings'] {
  return {
    facts: facts.size,
    ambiguous: build.ambiguous,
    nilShare: build.nilShare,
    perFact: build.perFact ?? null,
    perText: build.perText ?? null,
    normalised: build.normalised,
  };
}

async function* examplesOf(
  build: DistantBuild,
  facts: FactBase,
  counts: DistantCounts,
): AsyncGenerator<SentenceExamples> {
  const { ambiguous, nilShare, perFact, perText } = build;
  const matcher = new NameMatcher(facts.entities());
  const gate = typeGatesOf(build.encoder, build.schema);
  const choice = { ambiguous, nilShare, perFact, perText, gate };
  const labeller = new DistantLabeller(facts, matcher, choice, counts);
  for await (const text of build.corpus) {
    yield* labeller.examplesOf(text, build.splitSentences(text.text, []));
    if (counts.texts % 64 === 0) build.signal?.throwIfAborted();
  }
  if (counts.texts === 0) throw new NeighborKbError('INVALID_ARGUMENT', 'the corpus is empty', ['corpus']);
}
