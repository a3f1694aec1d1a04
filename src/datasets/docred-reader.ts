import { z } from 'zod';
import { jsonArrayOf } from './json-array.js';
import type { AnnotatedMention, AnnotatedRelation, LabelledText } from './ports.js';
import { invalidAt, parseAt, type Place, placeName, type ReaderOptions } from './reading.js';
import { TokenText } from './token-text.js';

/*
 * DocRED and Re-DocRED (https://github.com/thunlp/DocRED, https://github.com/tonytan48/Re-DocRED): an array of
 * documents. `vertexSet` holds entities with their mentions, `pos` is [start, end) in the tokens of sentence
 * `sent_id`; `labels` relates entities, `r` is a Wikidata property.
 */

const index = z.number().int().min(0);
const documentShape = z.object({
  title: z.string(),
  sents: z.array(z.array(z.string())),
  vertexSet: z.array(
    z.array(z.object({ pos: z.tuple([index, index]), sent_id: index, type: z.string().min(1) })).min(1),
  ),
  labels: z.array(z.object({ r: z.string().min(1), h: index, t: index })).optional(),
});
type RawDocument = z.infer<typeof documentShape>;

/** @throws NeighborKbError INVALID_FILE naming file, line of the document and field */
export async function* readDocRed(path: string, options: ReaderOptions): AsyncGenerator<LabelledText> {
  for await (const { place, value } of jsonArrayOf(path, options))
    yield labelledText(parseAt(documentShape, value, place), place, options);
}

function labelledText(raw: RawDocument, place: Place, options: ReaderOptions): LabelledText {
  const tokens = new TokenText(raw.sents, options.tokens);
  if (tokens.text === '') throw invalidAt(place, ['sents'], 'holds no token');
  const mentions = mentionsOf(raw, tokens, place);
  return {
    id: raw.title,
    origin: placeName(place),
    text: tokens.text,
    sentences: tokens.sentences,
    mentions: mentions.map(({ mention }) => mention),
    relations: relationsOf(raw, mentions, place),
    judged: raw.labels === undefined ? [] : 'all-in-sentence',
  };
}

interface PlacedMention {
  readonly mention: AnnotatedMention;
  readonly entity: number;
  readonly sentence: number;
  /** Among the document's mentions. */
  readonly index: number;
}

/** Mentions in the text's order; an entity has each span once. */
function mentionsOf(raw: RawDocument, tokens: TokenText, place: Place): PlacedMention[] {
  const found = new Map<string, Omit<PlacedMention, 'index'>>();
  for (const [entity, vertices] of raw.vertexSet.entries())
    for (const [position, { pos, sent_id: sentence, type }] of vertices.entries()) {
      const span = tokens.spanInSentence(sentence, pos[0], pos[1] - 1);
      if (typeof span === 'string') throw invalidAt(place, ['vertexSet', entity, position, 'pos'], span);
      const key = `${entity} ${span.start}-${span.end}`;
      if (!found.has(key))
        found.set(key, { mention: { ...span, type, entity: String(entity) }, entity, sentence });
    }
  return [...found.values()]
    .sort((a, b) => a.mention.start - b.mention.start || a.mention.end - b.mention.end)
    .map((mention, position) => ({ ...mention, index: position }));
}

/**
 * A relation of two entities holds for each couple of their mentions in one sentence; where they never meet in
 * one, for the first mention of each.
 */
function relationsOf(
  raw: RawDocument,
  mentions: readonly PlacedMention[],
  place: Place,
): AnnotatedRelation[] {
  const byEntity = new Map<number, PlacedMention[]>();
  for (const mention of mentions) {
    const own = byEntity.get(mention.entity);
    if (own) own.push(mention);
    else byEntity.set(mention.entity, [mention]);
  }
  const relations = new Map<string, AnnotatedRelation>();
  for (const [position, { r: label, h, t }] of (raw.labels ?? []).entries()) {
    const [subjects, objects] = (['h', 't'] as const).map((role) => {
      const own = byEntity.get(role === 'h' ? h : t);
      if (own) return own;
      throw invalidAt(place, ['labels', position, role], `there is no entity ${role === 'h' ? h : t}`);
    }) as [PlacedMention[], PlacedMention[]];
    for (const [subject, object] of couples(subjects, objects))
      relations.set(`${subject} ${object} ${label}`, { subject, object, label });
  }
  return [...relations.values()];
}

function couples(subjects: readonly PlacedMention[], objects: readonly PlacedMention[]): [number, number][] {
  const meeting: [number, number][] = [];
  for (const subject of subjects)
    for (const object of objects)
      if (subject.sentence === object.sentence && subject !== object)
        meeting.push([subject.index, object.index]);
  const [first, other] = [subjects[0], objects[0]];
  if (meeting.length > 0 || first === undefined || other === undefined || first === other) return meeting;
  return [[first.index, other.index]];
}
