import type { LabelledText } from '../datasets/ports.js';
import { MENTION_TYPES, type MentionType } from '../domain/mention-types.js';
import type { DocumentInput, GivenMention } from '../domain/model.js';
import type { ScoringProfile } from '../domain/profile.js';
import type { LabelMapping } from '../memory/building/label-mapping.js';
import { DisjointSpans } from './disjoint-spans.js';
import { classifierAlone, type EvaluationContext, extractAll } from './encode.js';
import { withGoldSpans } from './given-mentions.js';
import type { Passage } from './passages.js';

/** Passages as documents whose mentions are to be detected; named by their index. */
export function plainDocuments(passages: readonly Pick<Passage, 'text'>[]): DocumentInput[] {
  return passages.map(({ text }, index) => ({ externalId: String(index), text }));
}

/**
 * Passages with their gold spans, typed by what is detected, and the detected mentions that touch none of them.
 * @param pronouns lower-cased words that count as pronouns
 */
export async function documentsWithGoldSpans(
  context: EvaluationContext,
  passages: readonly Passage[],
  profile: ScoringProfile,
  pronouns: ReadonlySet<string>,
): Promise<DocumentInput[]> {
  const documents: DocumentInput[] = [];
  const plain = plainDocuments(passages);
  await extractAll(context, plain, classifierAlone(profile), (extracted, index) => {
    const passage = passages[index] as Passage; // as many as documents
    const mentions = withGoldSpans(passage, extracted.mentions, pronouns, context.schema);
    documents.push({ externalId: String(index), text: passage.text, mentions });
  });
  return documents;
}

/** Annotated mentions with the product's types; of those that overlap the longest stays. */
export function annotatedDocuments(texts: readonly LabelledText[], mapping: LabelMapping): DocumentInput[] {
  return plainDocuments(texts).map((document, index) => {
    const { mentions } = texts[index] as LabelledText; // as many as documents
    const given = mentions.map(({ start, end, type }): GivenMention => {
      return { start, end, type: mentionTypeOf(mapping.type(type)) };
    });
    return { ...document, mentions: DisjointSpans.longestOf(given).inOrder() };
  });
}

/** A type that the product does not know is some other thing with a name. */
function mentionTypeOf(type: string): MentionType {
  return MENTION_TYPES.find((known) => known === type) ?? 'MISC';
}
