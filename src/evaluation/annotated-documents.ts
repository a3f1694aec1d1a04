import { openDataset } from '../datasets/open.js';
import type { AnnotatedMention, LabelledText } from '../datasets/ports.js';
import type { TokenJoining } from '../datasets/token-joining.js';
import { NeighborKbError } from '../domain/errors.js';
import { ENTITY_TYPES, type EntityType } from '../domain/mention-types.js';
import type { Span } from '../domain/offsets.js';
import type { PredicateSchema } from '../domain/predicates.js';
import { LabelMapping } from '../memory/building/label-mapping.js';
import { requireTexts, termOf } from './passages.js';

/*
 * Documents of DocRED's form as the evaluation sees them: mentions, and relations between entities rather than between
 * mentions, so that a fact counts once however often its entities are named.
 */

/** A mention as annotators marked it; offsets in UTF-16 units of the document's text. */
export interface GoldMention extends Span {
  readonly type: EntityType;
  /** Name of the entity in its document. */
  readonly entity: string;
  /** Index of its sentence. */
  readonly sentence: number;
}

export interface GoldRelation {
  /** Name of an entity, as mentions have it. */
  readonly subject: string;
  /** Predicate id of the project's schema. */
  readonly predicate: string;
  readonly object: string;
}

export interface AnnotatedDocument {
  readonly text: string;
  /** Ordered, one a span: where two entities share a span the first keeps it. */
  readonly mentions: readonly GoldMention[];
  /** Relations between entities, over the schema's predicates, each once. */
  readonly relations: readonly GoldRelation[];
}

/**
 * Reads documents of DocRED's form. Properties are brought to the schema's predicates: those that one covers, and
 * inverses with subject and object exchanged; others are left out.
 * @throws NeighborKbError INVALID_FILE naming file, line and field, or a file without documents; NOT_FOUND
 */
export async function readAnnotatedDocuments(
  path: string,
  schema: PredicateSchema,
  tokens: TokenJoining,
): Promise<AnnotatedDocument[]> {
  const mapping = LabelMapping.ofFormat('docred', schema);
  const documents: AnnotatedDocument[] = [];
  for await (const text of await openDataset('docred', path, { tokens })) {
    documents.push({
      text: text.text,
      mentions: mentionsOf(text),
      relations: relationsOf(text, mapping),
    });
  }
  requireTexts(documents, [path], 'Re-DocRED documents as a JSON array: sents, vertexSet, labels');
  return documents;
}

function mentionsOf({ mentions, sentences = [], origin }: LabelledText): GoldMention[] {
  const bySpan = new Map<string, GoldMention>();
  let sentence = 0;
  for (const [index, mention] of mentions.entries()) {
    const { start, end } = mention;
    // Mentions come in the text's order, and none reaches over a sentence's end.
    while ((sentences[sentence]?.end ?? Infinity) < end) sentence++;
    const key = `${start}-${end}`;
    const type = entityTypeOf(mention, origin, index);
    if (!bySpan.has(key)) bySpan.set(key, { start, end, type, entity: entityOf(mention), sentence });
  }
  return [...bySpan.values()];
}

function relationsOf({ relations, mentions }: LabelledText, mapping: LabelMapping): GoldRelation[] {
  const found = new Map<string, GoldRelation>();
  for (const relation of relations) {
    const term = termOf(relation.label, mapping);
    if (!term) continue;
    const ends = [relation.subject, relation.object].map((index) => entityOf(mentions[index]));
    const [subject, object] = (term.inverse ? ends.reverse() : ends) as [string, string];
    found.set(`${subject} ${term.label} ${object}`, { subject, predicate: term.label, object });
  }
  return [...found.values()];
}

/** DocRED's reader names the entity of every mention. */
function entityOf(mention: AnnotatedMention | undefined): string {
  return mention?.entity ?? '';
}

function entityTypeOf({ type }: AnnotatedMention, origin: string, mention: number): EntityType {
  const known = ENTITY_TYPES.find((one) => one === type);
  if (known) return known;
  throw new NeighborKbError(
    'INVALID_FILE',
    `${origin}: mention ${mention} has the type ${type}, expected one of ${ENTITY_TYPES.join(', ')}`,
    [origin, 'mentions', mention, 'type'],
  );
}
