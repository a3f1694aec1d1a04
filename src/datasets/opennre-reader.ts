import { z } from 'zod';
import { OffsetMap, type Span } from '../domain/offsets.js';
import type { LabelledText } from './ports.js';
import { invalidAt, jsonLinesOf, parseAt, type Place, placeName, type ReaderOptions } from './reading.js';
import { TokenText } from './token-text.js';

/*
 * OpenNRE's lines (https://github.com/thunlp/OpenNRE): one pair a line. `pos` is [start, end) in tokens where
 * there is `token`, in code points where there is `text`.
 */

const position = z.number().int().min(0);
const entityShape = z.object({
  pos: z.tuple([position, position]),
  id: z.string().nullish(),
  type: z.string().nullish(),
});
const lineShape = z.object({
  token: z.array(z.string()).min(1).optional(),
  text: z.string().min(1).optional(),
  h: entityShape,
  t: entityShape,
  relation: z.string().nullish(),
});
type RawLine = z.infer<typeof lineShape>;

/** Names that data sets in this form have for "no relation". */
const NO_RELATION: ReadonlySet<string> = new Set(['NA', 'no_relation', 'Other']);
const SUBJECT = 0;
const OBJECT = 1;

/** @throws NeighborKbError INVALID_FILE naming file, line and field */
export async function* readOpenNre(path: string, options: ReaderOptions): AsyncGenerator<LabelledText> {
  for await (const { place, value } of jsonLinesOf(path, options))
    yield labelledText(parseAt(lineShape, value, place), place, options);
}

function labelledText(raw: RawLine, place: Place, options: ReaderOptions): LabelledText {
  const { text, spanOf } = textOf(raw, place, options);
  const mention = (role: 'h' | 't') => {
    const { pos, id, type } = raw[role];
    const span = spanOf(...pos);
    if (typeof span === 'string') throw invalidAt(place, [role, 'pos'], span);
    return { ...span, type: type ?? 'ENTITY', ...(id ? { entity: id } : {}) };
  };
  const label = raw.relation ?? undefined;
  const holds = label !== undefined && !NO_RELATION.has(label);
  return {
    id: placeName(place),
    origin: placeName(place),
    text,
    sentences: [{ start: 0, end: text.length }],
    mentions: [mention('h'), mention('t')],
    relations: holds ? [{ subject: SUBJECT, object: OBJECT, label }] : [],
    judged: label === undefined ? [] : [{ subject: SUBJECT, object: OBJECT }],
  };
}

interface TextWithPositions {
  readonly text: string;
  /** The span of positions [start, end), or what is wrong with them. */
  readonly spanOf: (start: number, end: number) => Span | string;
}

function textOf(raw: RawLine, place: Place, options: ReaderOptions): TextWithPositions {
  if (raw.token !== undefined) {
    const tokens = new TokenText([raw.token], options.tokens);
    return { text: tokens.text, spanOf: (start, end) => tokens.spanOf(start, end - 1) };
  }
  const { text } = raw;
  if (text === undefined)
    throw invalidAt(place, ['token'], 'is missing, and so is text: expected one of them');
  const offsets = new OffsetMap(text);
  const length = offsets.toCodePoints(text.length);
  return {
    text,
    spanOf: (start, end) =>
      start < end && end <= length
        ? offsets.fromUnit({ start, end }, 'code-points')
        : `[${start}, ${end}) is no span of a text of ${length} code points`,
  };
}
