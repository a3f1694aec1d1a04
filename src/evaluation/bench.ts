import { basename } from 'node:path';
import { openDataset } from '../datasets/open.js';
import type { DatasetFormat, LabelledText } from '../datasets/ports.js';
import { MENTION_TYPES, type MentionType } from '../domain/mention-types.js';
import type { DocumentInput, GivenMention } from '../domain/model.js';
import { spansOverlap } from '../domain/offsets.js';
import type { ScoringProfile } from '../domain/profile.js';
import { LabelMapping } from '../memory/building/label-mapping.js';
import { classifierAlone, type EvaluationContext, extractAll } from './encode.js';
import { withGoldSpans } from './given-mentions.js';
import { type GoldIndex, indexGold } from './gold-index.js';
import type { PairCache } from './pair-cache.js';
import {
  type ExtractedPairs,
  type PairTable,
  PairTableBuilder,
  tableOfExtractedPairs,
} from './pair-table.js';
import { labelsOf, type Passage, passageOf, requireFacts } from './passages.js';

/**
 * Where mentions come from. `detected`: raw text goes in. `gold`: the annotated ones alone, with the data set's types.
 * `gold-and-detected`: the annotated ones, typed by what was detected, and detected ones that touch none of them.
 */
export const MENTION_SOURCES = ['detected', 'gold', 'gold-and-detected'] as const;
export type MentionSource = (typeof MENTION_SOURCES)[number];

/** What to evaluate on. */
export interface BenchSet {
  readonly format: DatasetFormat;
  readonly paths: readonly string[];
  readonly mentions: MentionSource;
  /** Absent: what the schema knows of the format. */
  readonly mapping?: LabelMapping | undefined;
}

/** Annotated text with the pairs that the extraction makes of it: what settings are tuned and scored on. */
export interface EvaluationSet {
  /** Names of the files. */
  readonly name: string;
  readonly mentions: MentionSource;
  readonly passages: readonly Passage[];
  readonly pairs: PairTable;
  /** Spans that overlap match where mentions are detected; given ones must be equal. */
  readonly gold: GoldIndex;
}

export interface BenchContext extends EvaluationContext {
  /** Hashes of detector and encoder, and the version of the extraction: what cached pairs belong to. */
  readonly identity: readonly string[];
  /** Lower-cased words that count as pronouns. */
  readonly pronouns: ReadonlySet<string>;
  /** Extracts under the classifier alone. */
  readonly profile: ScoringProfile;
  readonly cache?: PairCache | undefined;
}

/**
 * Runs annotated text through the extraction, classifier alone.
 * @throws NeighborKbError INVALID_FILE, INVALID_ARGUMENT where the text holds no fact of the schema
 */
export async function openEvaluationSet(context: BenchContext, set: BenchSet): Promise<EvaluationSet> {
  const mapping = set.mapping ?? LabelMapping.ofFormat(set.format, context.schema);
  const texts: LabelledText[] = [];
  for await (const text of await openDataset(set.format, set.paths)) texts.push(text);
  // A label that the data never uses was not looked for.
  const judged = new Set(labelsOf(texts, mapping).filter((label) => context.schema.has(label)));
  const passages = texts.map((text) => {
    const passage = passageOf(text, mapping, judged);
    return { ...passage, facts: passage.facts.filter(({ predicate }) => judged.has(predicate)) };
  });
  const name = set.paths.map((path) => basename(path)).join(', ');
  requireFacts(passages, name);
  const extract = async (): Promise<ExtractedPairs> => {
    const builder = new PairTableBuilder(context.labels, context.schema);
    const documents = await documentsOf(context, set.mentions, texts, passages, mapping);
    await extractAll(context, documents, classifierAlone(context.profile), (extracted, index) => {
      builder.add(index, extracted);
    });
    return builder.pairs();
  };
  const options = { mentions: set.mentions, mapping: mapping.toJSON() };
  const key = { models: context.identity, files: set.paths, options };
  const pairs = context.cache
    ? await context.cache.extracted(key, context.schema, extract)
    : tableOfExtractedPairs(await extract(), context.schema);
  const match = set.mentions === 'gold' ? 'exact' : 'overlap';
  return { name, mentions: set.mentions, passages, pairs, gold: indexGold(passages, pairs, match) };
}

async function documentsOf(
  context: BenchContext,
  mentions: MentionSource,
  texts: readonly LabelledText[],
  passages: readonly Passage[],
  mapping: LabelMapping,
): Promise<DocumentInput[]> {
  const plain = passages.map(({ text }, index): DocumentInput => ({ externalId: String(index), text }));
  if (mentions === 'detected') return plain;
  if (mentions === 'gold')
    return plain.map((document, index) => ({
      ...document,
      mentions: givenMentions(texts[index] as LabelledText, mapping),
    }));
  const documents: DocumentInput[] = [];
  await extractAll(context, plain, classifierAlone(context.profile), (extracted, index) => {
    const passage = passages[index] as Passage;
    const given = withGoldSpans(passage, extracted.mentions, context.pronouns, context.schema);
    documents[index] = { externalId: String(index), text: passage.text, mentions: given };
  });
  return documents;
}

/** Annotated mentions with the product's types; of those that overlap the longest stays. */
function givenMentions(text: LabelledText, mapping: LabelMapping): GivenMention[] {
  const kept: GivenMention[] = [];
  const longestFirst = [...text.mentions].sort(
    (a, b) => b.end - b.start - (a.end - a.start) || a.start - b.start,
  );
  for (const { start, end, type } of longestFirst)
    if (!kept.some((other) => spansOverlap(other, { start, end })))
      kept.push({ start, end, type: mentionTypeOf(mapping.type(type)) });
  return kept.sort((a, b) => a.start - b.start);
}

/** A type that the product does not know is some other thing with a name. */
function mentionTypeOf(type: string): MentionType {
  return MENTION_TYPES.find((known) => known === type) ?? 'MISC';
}
