import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { NeighborKbError } from '../domain/errors.js';
import { ENTITY_TYPES, type EntityType } from '../domain/mention-types.js';
import type { Span } from '../domain/offsets.js';
import type { PredicateSchema } from '../domain/predicates.js';
import { joinTokens, type TokenJoining } from './token-joining.js';

/** A mention as annotators marked it; offsets in UTF-16 units of the document's text. */
export interface GoldMention extends Span {
  readonly type: EntityType;
  /** Index of the entity in its document. */
  readonly entity: number;
  readonly sentence: number;
}

export interface GoldRelation {
  readonly subject: number;
  /** Predicate id of the project's schema. */
  readonly predicate: string;
  readonly object: number;
}

export interface AnnotatedDocument {
  readonly id: string;
  readonly text: string;
  /** Ordered, one a span: where two entities share a span the first keeps it. */
  readonly mentions: readonly GoldMention[];
  /** Relations between entities, over the schema's predicates, each once. */
  readonly relations: readonly GoldRelation[];
}

const documentShape = z.object({
  title: z.string(),
  sents: z.array(z.array(z.string())),
  vertexSet: z.array(
    z.array(
      z.object({
        pos: z.tuple([z.number().int().min(0), z.number().int().min(0)]),
        sent_id: z.number().int().min(0),
        type: z.enum(ENTITY_TYPES),
      }),
    ),
  ),
  labels: z.array(z.object({ r: z.string(), h: z.number().int().min(0), t: z.number().int().min(0) })),
});
type RawDocument = z.infer<typeof documentShape>;

/**
 * Reads Re-DocRED documents (a JSON array; parsed whole, 13 KB a document). The data set's sentences become
 * paragraphs, so that its sentence boundaries hold. Properties are brought to the schema's predicates: those that
 * one covers, and inverses with subject and object exchanged; others are left out.
 * @throws NeighborKbError INVALID_FILE naming document and field
 */
export async function readReDocRed(
  path: string,
  schema: PredicateSchema,
  joining: TokenJoining,
): Promise<AnnotatedDocument[]> {
  const json = parseJson(await readFile(path, 'utf8'));
  if (!Array.isArray(json)) throw new NeighborKbError('INVALID_FILE', 'must be an array of documents');
  const directions = predicateDirections(schema);
  return json.map((value: unknown, index) => {
    const parsed = documentShape.safeParse(value);
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      throw new NeighborKbError('INVALID_FILE', `document ${index}: ${issue?.message ?? 'malformed'}`, [
        index,
        ...(issue?.path ?? []).map((part) => (typeof part === 'symbol' ? String(part) : part)),
      ]);
    }
    return toDocument(parsed.data, index, directions, joining);
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new NeighborKbError('INVALID_FILE', 'is not JSON', [], { cause });
  }
}

interface Direction {
  readonly predicate: string;
  readonly inverse: boolean;
}

function predicateDirections(schema: PredicateSchema): ReadonlyMap<string, Direction> {
  const directions = new Map<string, Direction>();
  for (const { id, covers, inverses } of schema.predicates) {
    for (const property of covers) directions.set(property, { predicate: id, inverse: false });
    for (const property of inverses) directions.set(property, { predicate: id, inverse: true });
  }
  return directions;
}

function toDocument(
  raw: RawDocument,
  index: number,
  directions: ReadonlyMap<string, Direction>,
  joining: TokenJoining,
): AnnotatedDocument {
  const sentences = raw.sents.map((tokens) => joinTokens(tokens, joining));
  const starts: number[] = [];
  let length = 0;
  for (const { text } of sentences) {
    starts.push(length);
    length += text.length + PARAGRAPH.length;
  }
  const spanOf = (sentence: number, [from, to]: readonly [number, number]): Span => {
    const first = sentences[sentence]?.spans[from];
    const last = sentences[sentence]?.spans[to - 1];
    if (first === undefined || last === undefined)
      throw new NeighborKbError('INVALID_FILE', `document ${index}: a mention lies outside its sentence`, [
        index,
      ]);
    const offset = starts[sentence] ?? 0;
    return { start: offset + first.start, end: offset + last.end };
  };

  const bySpan = new Map<string, GoldMention>();
  raw.vertexSet.forEach((mentions, entity) => {
    for (const { pos, sent_id: sentence, type } of mentions) {
      const span = spanOf(sentence, pos);
      const key = `${span.start}-${span.end}`;
      if (!bySpan.has(key)) bySpan.set(key, { ...span, type, entity, sentence });
    }
  });
  const relations = new Map<string, GoldRelation>();
  for (const { r, h, t } of raw.labels) {
    const direction = directions.get(r);
    if (direction === undefined) continue;
    const [subject, object] = direction.inverse ? [t, h] : [h, t];
    const { predicate } = direction;
    relations.set(`${subject} ${predicate} ${object}`, { subject, predicate, object });
  }
  return {
    id: `redocred:${index}`,
    text: sentences.map(({ text }) => text).join(PARAGRAPH),
    mentions: [...bySpan.values()].sort((a, b) => a.start - b.start || a.end - b.end),
    relations: [...relations.values()],
  };
}

const PARAGRAPH = '\n\n';
