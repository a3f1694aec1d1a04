import { basename } from 'node:path';
import { openDataset } from '../datasets/open.js';
import type { DatasetFormat, LabelledText } from '../datasets/ports.js';
import type { DocumentInput } from '../domain/model.js';
import type { ScoringProfile } from '../domain/profile.js';
import { LabelMapping } from '../memory/building/label-mapping.js';
import { classifierAlone, type EvaluationContext, extractAll } from './encode.js';
import { annotatedDocuments, documentsWithGoldSpans, plainDocuments } from './gold-documents.js';
import { type GoldIndex, indexGold } from './gold-index.js';
import { judgedPassages } from './judged-passages.js';
import type { PairCache } from './pair-cache.js';
import {
  type ExtractedPairs,
  type PairTable,
  PairTableBuilder,
  tableOfExtractedPairs,
} from './pair-table.js';
import { type Passage, requireFacts, requireTexts } from './passages.js';

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
  requireTexts(texts, set.paths, `annotated text of the format ${set.format}`);
  const passages = judgedPassages(texts, mapping, context.schema);
  const name = set.paths.map((path) => basename(path)).join(', ');
  requireFacts(passages, name, ['files']);
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

function documentsOf(
  context: BenchContext,
  mentions: MentionSource,
  texts: readonly LabelledText[],
  passages: readonly Passage[],
  mapping: LabelMapping,
): DocumentInput[] | Promise<DocumentInput[]> {
  if (mentions === 'detected') return plainDocuments(passages);
  if (mentions === 'gold') return annotatedDocuments(texts, mapping);
  return documentsWithGoldSpans(context, passages, context.profile, context.pronouns);
}
