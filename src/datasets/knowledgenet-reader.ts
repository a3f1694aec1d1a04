import { z } from 'zod';
import { OffsetMap, type Span } from '../domain/offsets.js';
import type { AnnotatedMention, AnnotatedRelation, LabelledText } from './ports.js';
import { invalidAt, jsonLinesOf, parseAt, type Place, placeName, type ReaderOptions } from './reading.js';

/*
 * KnowledgeNet (https://github.com/diffbot/knowledge-net) in two layouts. The data set's own: a document a line,
 * its passages inside, spans in code points of the document. Flat: a passage a line, spans in code points of the
 * passage. `properties` (`exhaustivelyAnnotatedProperties`) are those that annotators looked for in the passage:
 * pairs are judged for these alone. Spans have no types.
 */

const offset = z.number().int().min(0);
const uri = z.string().nullish();
const span = z.union(
  [
    z.tuple([offset, offset]),
    z.object({ start: offset, end: offset }).transform(({ start, end }): [number, number] => [start, end]),
  ],
  { error: 'expected [start, end] or {"start", "end"}, in code points' },
);
const flatShape = z.object({
  documentId: z.coerce.string(),
  text: z.string().min(1),
  properties: z.array(z.string()),
  facts: z.array(
    z.object({
      subject: span,
      object: span,
      subjectUri: uri,
      objectUri: uri,
      property: z.string().min(1),
    }),
  ),
});
const nestedShape = z.object({
  documentId: z.coerce.string(),
  passages: z.array(
    z.object({
      passageId: z.string().min(1),
      passageStart: offset,
      passageText: z.string().min(1),
      exhaustivelyAnnotatedProperties: z.array(
        z.object({ propertyId: z.coerce.string(), propertyName: z.string().min(1) }),
      ),
      facts: z.array(
        z.object({
          propertyId: z.coerce.string(),
          subjectStart: offset,
          subjectEnd: offset,
          objectStart: offset,
          objectEnd: offset,
          subjectUri: uri,
          objectUri: uri,
        }),
      ),
    }),
  ),
});

/** @throws NeighborKbError INVALID_FILE naming file, line and field */
export async function* readKnowledgeNet(path: string, options: ReaderOptions): AsyncGenerator<LabelledText> {
  for await (const { place, value } of jsonLinesOf(path, options))
    if (typeof value === 'object' && value !== null && 'passages' in value)
      yield* nestedTexts(parseAt(nestedShape, value, place), place);
    else yield flatText(parseAt(flatShape, value, place), place);
}

function flatText(raw: z.infer<typeof flatShape>, place: Place): LabelledText {
  const spans = new PassageSpans(raw.text, place);
  for (const [position, fact] of raw.facts.entries()) {
    const field = ['facts', position];
    const subject = spans.add(fact.subject[0], fact.subject[1], fact.subjectUri, [...field, 'subject']);
    const object = spans.add(fact.object[0], fact.object[1], fact.objectUri, [...field, 'object']);
    spans.relate(subject, object, fact.property);
  }
  return {
    id: placeName(place),
    document: raw.documentId,
    origin: placeName(place),
    text: raw.text,
    mentions: spans.mentions,
    relations: spans.relations,
    judged: 'all-in-sentence',
    judgedLabels: raw.properties,
  };
}

function* nestedTexts(raw: z.infer<typeof nestedShape>, place: Place): Generator<LabelledText> {
  for (const [index, passage] of raw.passages.entries()) {
    const names = new Map(
      passage.exhaustivelyAnnotatedProperties.map(({ propertyId, propertyName }) => [
        propertyId,
        propertyName,
      ]),
    );
    const spans = new PassageSpans(passage.passageText, place);
    const from = passage.passageStart;
    for (const [position, fact] of passage.facts.entries()) {
      const field = ['passages', index, 'facts', position];
      const { subjectStart, subjectEnd, objectStart, objectEnd, subjectUri, objectUri, propertyId } = fact;
      const label = names.get(propertyId);
      if (label === undefined)
        throw invalidAt(
          place,
          [...field, 'propertyId'],
          `${propertyId} is not among exhaustivelyAnnotatedProperties`,
        );
      const subject = spans.add(subjectStart - from, subjectEnd - from, subjectUri, [
        ...field,
        'subjectStart',
      ]);
      const object = spans.add(objectStart - from, objectEnd - from, objectUri, [...field, 'objectStart']);
      spans.relate(subject, object, label);
    }
    yield {
      id: passage.passageId,
      document: raw.documentId,
      origin: placeName(place),
      text: passage.passageText,
      mentions: spans.mentions,
      relations: spans.relations,
      judged: 'all-in-sentence',
      judgedLabels: [...names.values()],
    };
  }
}

/** Mentions of a passage, one of each span, and the facts between them. */
class PassageSpans {
  readonly mentions: AnnotatedMention[] = [];
  readonly relations: AnnotatedRelation[] = [];
  private readonly offsets: OffsetMap;
  private readonly length: number;
  private readonly bySpan = new Map<string, number>();
  private readonly facts = new Set<string>();

  constructor(
    text: string,
    private readonly place: Place,
  ) {
    this.offsets = new OffsetMap(text);
    this.length = this.offsets.toCodePoints(text.length);
  }

  /** Index of the mention on [start, end), code points of the passage. */
  add(start: number, end: number, entity: string | null | undefined, field: (string | number)[]): number {
    if (start < 0 || start >= end || end > this.length)
      throw invalidAt(
        this.place,
        field,
        `[${start}, ${end}) is no span of a passage of ${this.length} code points`,
      );
    const key = `${start}-${end}`;
    const known = this.bySpan.get(key);
    if (known !== undefined) return known;
    this.bySpan.set(key, this.mentions.length);
    const span: Span = this.offsets.fromUnit({ start, end }, 'code-points');
    this.mentions.push({ ...span, type: 'ENTITY', ...(entity ? { entity } : {}) });
    return this.mentions.length - 1;
  }

  relate(subject: number, object: number, label: string): void {
    const key = `${subject} ${object} ${label}`;
    if (this.facts.has(key)) return;
    this.facts.add(key);
    this.relations.push({ subject, object, label });
  }
}
