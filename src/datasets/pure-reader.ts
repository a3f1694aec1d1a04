import { z } from 'zod';
import type { FieldPath } from '../domain/errors.js';
import type { AnnotatedMention, AnnotatedRelation, LabelledText } from './ports.js';
import { invalidAt, jsonLinesOf, parseAt, type Place, placeName, type ReaderOptions } from './reading.js';
import { TokenText } from './token-text.js';

/*
 * PURE's JSON lines (https://github.com/princeton-nlp/PURE): one document a line. Token indices are inclusive and
 * count through the document. What its entity model predicted stands in `predicted_ner` beside the gold `ner`.
 */

const index = z.number().int().min(0);
/** First token, last token, type; scores of a predicting model may follow. */
const mention = z.tuple([index, index, z.string()]).rest(z.unknown());
/** Subject's first and last token, object's first and last token, label. */
const relation = z.tuple([index, index, index, index, z.string()]).rest(z.unknown());
const documentShape = z.object({
  doc_key: z.union([z.string(), z.number()]).optional(),
  sentences: z.array(z.array(z.string())),
  ner: z.array(z.array(mention)).optional(),
  predicted_ner: z.array(z.array(mention)).optional(),
  relations: z.array(z.array(relation)).optional(),
  clusters: z.array(z.array(z.tuple([index, index]))).optional(),
});
type RawDocument = z.infer<typeof documentShape>;

/** @throws NeighborKbError INVALID_FILE naming file, line and field */
export async function* readPure(path: string, options: ReaderOptions): AsyncGenerator<LabelledText> {
  for await (const { place, value } of jsonLinesOf(path, options))
    yield labelledText(parseAt(documentShape, value, place), place, options);
}

function labelledText(raw: RawDocument, place: Place, options: ReaderOptions): LabelledText {
  for (const field of ['ner', 'predicted_ner', 'relations'] as const) {
    const lists = raw[field]?.length ?? raw.sentences.length;
    if (lists !== raw.sentences.length)
      throw invalidAt(
        place,
        [field],
        `holds ${lists} lists, expected ${raw.sentences.length}: one a sentence`,
      );
  }
  const tokens = new TokenText(raw.sentences, options.tokens);
  if (tokens.text === '') throw invalidAt(place, ['sentences'], 'holds no token');
  const clusterOf = clusters(raw.clusters ?? []);
  const gold = mentionsOf(raw.ner ?? [], ['ner'], tokens, place, clusterOf);
  return {
    id: raw.doc_key === undefined ? placeName(place) : String(raw.doc_key),
    origin: placeName(place),
    text: tokens.text,
    sentences: tokens.sentences,
    mentions: gold.mentions,
    ...(raw.predicted_ner === undefined
      ? {}
      : {
          predictedMentions: mentionsOf(raw.predicted_ner, ['predicted_ner'], tokens, place, clusterOf)
            .mentions,
        }),
    relations: relationsOf(raw.relations ?? [], gold.byTokens, place),
    judged: 'all-in-sentence',
  };
}

/** Cluster of each span that corefers with another, by its tokens. */
function clusters(lists: readonly (readonly (readonly [number, number])[])[]): ReadonlyMap<string, string> {
  const clusterOf = new Map<string, string>();
  for (const [cluster, spans] of lists.entries())
    for (const [first, last] of spans) clusterOf.set(`${first}-${last}`, String(cluster));
  return clusterOf;
}

interface Mentions {
  readonly mentions: readonly AnnotatedMention[];
  /** Index of the first mention on `first-last`. */
  readonly byTokens: ReadonlyMap<string, number>;
}

/** The mentions, one of each span and type. */
function mentionsOf(
  lists: readonly (readonly z.infer<typeof mention>[])[],
  field: FieldPath,
  tokens: TokenText,
  place: Place,
  clusterOf: ReadonlyMap<string, string>,
): Mentions {
  const mentions: AnnotatedMention[] = [];
  const byTokens = new Map<string, number>();
  const seen = new Set<string>();
  for (const [sentence, list] of lists.entries())
    for (const [position, [first, last, type]] of list.entries()) {
      const span = tokens.spanOf(first, last);
      if (typeof span === 'string') throw invalidAt(place, [...field, sentence, position], span);
      const key = `${first}-${last}`;
      if (seen.has(`${key} ${type}`)) continue;
      seen.add(`${key} ${type}`);
      if (!byTokens.has(key)) byTokens.set(key, mentions.length);
      const entity = clusterOf.get(key);
      mentions.push({ ...span, type, ...(entity === undefined ? {} : { entity }) });
    }
  return { mentions, byTokens };
}

function relationsOf(
  lists: readonly (readonly z.infer<typeof relation>[])[],
  byTokens: ReadonlyMap<string, number>,
  place: Place,
): AnnotatedRelation[] {
  const relations = new Map<string, AnnotatedRelation>();
  for (const [sentence, list] of lists.entries())
    for (const [position, [from, to, otherFrom, otherTo, label]] of list.entries()) {
      const [subject, object] = [`${from}-${to}`, `${otherFrom}-${otherTo}`].map((key) => {
        const found = byTokens.get(key);
        if (found !== undefined) return found;
        throw invalidAt(place, ['relations', sentence, position], `no mention of ner has the tokens ${key}`);
      }) as [number, number];
      relations.set(`${subject} ${object} ${label}`, { subject, object, label });
    }
  return [...relations.values()];
}
