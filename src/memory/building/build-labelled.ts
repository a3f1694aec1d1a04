import type { LabelledTexts } from '../../datasets/ports.js';
import { inChunks } from '../../domain/chunks.js';
import { NeighborKbError } from '../../domain/errors.js';
import { NIL } from '../../domain/predicates.js';
import { buildVersion } from './build-version.js';
import type { SentenceExamples } from './entry-builder.js';
import { checkShare, type ExampleBuild } from './example-build.js';
import { describeInput } from './inputs.js';
import { LabelMapping } from './label-mapping.js';
import { examplesOfText, noCounts, type LabelledCounts } from './labelled-examples.js';
import type { BuildRecord, MemoryManifest } from '../ports.js';
import { typeGatesOf } from './type-gates.js';
import { typedTexts } from './typed-mentions.js';
import { unbrokenSpans, type MentionFinder } from './text-tools.js';

export interface LabelledBuild extends ExampleBuild {
  /** Read twice: once to see what is there, once to encode it. */
  readonly sources: readonly LabelledTexts[];
  /** Of all sources; absent: what the schema knows of each format. */
  readonly mapping?: LabelMapping | undefined;
  /** `known`: only labels of the encoder or the schema; `any`: a memory for research, which no server opens. */
  readonly labels: 'known' | 'any';
  /** For data sets whose mentions have no types of the encoder. */
  readonly findMentions?: MentionFinder | undefined;
}

export interface LabelledBuildResult {
  readonly manifest: MemoryManifest;
  readonly counts: LabelledCounts;
}

/** Texts whose mentions are looked for together. */
const TEXTS_PER_STEP = 64;

/**
 * Builds a version of a memory from labelled data: what annotators related and, by `nilShare`, what they left
 * unrelated. Nothing is encoded before every label and type of the data is known.
 *
 * @throws NeighborKbError INVALID_ARGUMENT naming labels or types that nothing knows, or where there is no example;
 * CONFLICT; and what the readers throw
 */
export async function buildFromLabelledData(build: LabelledBuild): Promise<LabelledBuildResult> {
  const { encoder, nilShare, onProgress } = build;
  checkShare(nilShare, 'nilShare');
  const total = await survey(build);
  const inputs = await Promise.all(build.sources.flatMap(({ paths }) => paths).map(describeInput));
  const counts = noCounts();
  const manifest = await buildVersion({
    ...build,
    encoder,
    examples: examplesOf(build, counts),
    built: { by: 'labelled-data', inputs, settings: settingsOf(build) },
    ...(build.labels === 'any' ? { labels: 'any' as const } : {}),
    onProgress: () => {
      onProgress?.({ done: counts.texts, total, step: 'encoding texts' });
    },
  });
  return { manifest, counts };
}

function settingsOf(build: LabelledBuild): BuildRecord['settings'] {
  return {
    formats: build.sources.map(({ format }) => format),
    mapping: build.mapping ? build.mapping.toJSON() : 'of the format',
    nilShare: build.nilShare,
    perText: build.perText ?? null,
    normalised: build.normalised,
    labels: build.labels,
  };
}

function mappingOf({ mapping, schema }: LabelledBuild, { format }: LabelledTexts): LabelMapping {
  return mapping ?? LabelMapping.ofFormat(format, schema);
}

/** Reads everything once. @returns number of texts @throws NeighborKbError INVALID_ARGUMENT */
async function survey(build: LabelledBuild): Promise<number> {
  const known = new Set([...build.encoder.labels, ...build.schema.predicates.map(({ id }) => id), NIL]);
  const types = new Set(build.encoder.mentionTypes);
  const unknownLabels = new Map<string, string>();
  const unknownTypes = new Map<string, string>();
  let texts = 0;
  for (const source of build.sources) {
    const mapping = mappingOf(build, source);
    for await (const { relations, mentions, origin } of source) {
      texts++;
      for (const { label: name } of relations) {
        const { label } = mapping.label(name);
        if (label !== null && !known.has(label) && !unknownLabels.has(label))
          unknownLabels.set(label, origin);
      }
      for (const { type: name } of mentions) {
        const type = mapping.type(name);
        if (!types.has(type) && !unknownTypes.has(type)) unknownTypes.set(type, origin);
      }
      if (texts % 256 === 0) build.signal?.throwIfAborted();
    }
  }
  if (build.labels === 'known')
    refuse('labels', unknownLabels, `neither ${build.encoder.model} nor the schema has`);
  if (!build.findMentions) refuse('types', unknownTypes, `${build.encoder.model} has no marker for`);
  return texts;
}

function refuse(field: 'labels' | 'types', unknown: ReadonlyMap<string, string>, what: string): void {
  const [first] = unknown;
  if (!first) return;
  const names = [...unknown.keys()].slice(0, 10).join(', ');
  const more = unknown.size > 10 ? ` and ${unknown.size - 10} more` : '';
  throw new NeighborKbError(
    'INVALID_ARGUMENT',
    `${what} ${field} ${names}${more} (first at ${first[1]}): map them to what it has`,
    ['mapping', field, first[0]],
  );
}

async function* examplesOf(build: LabelledBuild, counts: LabelledCounts): AsyncGenerator<SentenceExamples> {
  const { schema, encoder, nilShare, perText } = build;
  const gate = typeGatesOf(encoder, schema);
  for (const source of build.sources) {
    const mapping = mappingOf(build, source);
    const choice = { mapping, nilShare, perText, gate };
    const rules = {
      mapping,
      schema,
      encoderTypes: new Set(encoder.mentionTypes),
      findMentions: build.findMentions,
    };
    for await (const texts of inChunks(source, { count: TEXTS_PER_STEP })) {
      const split = texts.map((text) => ({
        text,
        sentences: text.sentences ?? build.splitSentences(text.text, unbrokenSpans(text.mentions)),
      }));
      for (const typed of await typedTexts(split, rules))
        yield* examplesOfText(typed.text, typed.sentences, typed.mentions, choice, counts);
    }
  }
}
