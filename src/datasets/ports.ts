import type { Span } from '../domain/offsets.js';

/*
 * What every reader of a data set gives, whatever form the set comes in. Labels and types are the data set's own
 * names: what they mean in the schema is said by a label mapping, not by the reader.
 */

/** A span that annotators marked; offsets in UTF-16 units of the text. */
export interface AnnotatedMention extends Span {
  /** The data set's name for the type; `ENTITY` where it has none. */
  readonly type: string;
  /** Mentions of one thing share it, where the data set says so: an index in its document, a Wikidata URI. */
  readonly entity?: string | undefined;
}

/** Subject and object as indices of `mentions`. */
export interface AnnotatedPair {
  readonly subject: number;
  readonly object: number;
}

export interface AnnotatedRelation extends AnnotatedPair {
  /** The data set's name for the relation; its name for "no relation" never comes here. */
  readonly label: string;
}

/**
 * Which pairs were judged by the annotators, and so count as NIL when they hold no relation:
 * every ordered pair of mentions in one sentence, or the listed pairs alone.
 */
export type JudgedPairs = 'all-in-sentence' | readonly AnnotatedPair[];

/** A text with its annotations: a document, a passage or a sentence, as the data set cuts it. */
export interface LabelledText {
  /** The data set's own id, or `file:line`. */
  readonly id: string;
  /** `file:line` (from 1), or the file alone where it is one document. */
  readonly origin: string;
  /** Texts cut from one document share it (KnowledgeNet's `documentId`); absent: the text stands alone. */
  readonly document?: string | undefined;
  readonly text: string;
  /** Sentences as the data set cuts them, in order, not overlapping; absent: the text is to be split. */
  readonly sentences?: readonly Span[] | undefined;
  readonly mentions: readonly AnnotatedMention[];
  /** A predicted layer beside the gold one (PURE's `predicted_ner`). */
  readonly predictedMentions?: readonly AnnotatedMention[] | undefined;
  readonly relations: readonly AnnotatedRelation[];
  readonly judged: JudgedPairs;
  /** Labels for which `judged` holds (KnowledgeNet's `properties`); absent: all. */
  readonly judgedLabels?: readonly string[] | undefined;
}

/** An opened data set. Every iteration reads the files anew, text by text, in bounded memory. */
export interface LabelledTexts extends AsyncIterable<LabelledText> {
  readonly format: DatasetFormat;
  readonly paths: readonly string[];
}

/** Formats that have a reader. */
export const DATASET_FORMATS = [
  'pure',
  'opennre',
  'tacred',
  'i2b2',
  'docred',
  'knowledgenet',
  'conll04',
  'kbp37',
  'semeval',
  'brat',
] as const;
export type DatasetFormat = (typeof DATASET_FORMATS)[number];

export function isDatasetFormat(value: unknown): value is DatasetFormat {
  return (DATASET_FORMATS as readonly unknown[]).includes(value);
}

/** Text without annotations: what distant supervision reads. */
export interface CorpusText {
  readonly id: string;
  readonly origin: string;
  readonly text: string;
}

/** An opened corpus. Every iteration reads the files anew, text by text, in bounded memory. */
export interface CorpusTexts extends AsyncIterable<CorpusText> {
  readonly format: CorpusFormat;
  readonly paths: readonly string[];
}

/** A text a file, a text a line of JSON lines (`text`, and `externalId` or `id`), or MIMIC-III's NOTEEVENTS.csv. */
export const CORPUS_FORMATS = ['text', 'jsonl', 'mimic'] as const;
export type CorpusFormat = (typeof CORPUS_FORMATS)[number];

export function isCorpusFormat(value: unknown): value is CorpusFormat {
  return (CORPUS_FORMATS as readonly unknown[]).includes(value);
}
