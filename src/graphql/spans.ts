import { OffsetMap, spanText, type OffsetUnit, type Span } from '../domain/offsets.js';
import { invalidArgument } from './errors.js';

/** A span as the API shows it. */
export interface SpanView extends Span {
  readonly unit: OffsetUnit;
  readonly text: string;
}

/**
 * A span of a text in the unit that a client asked for.
 * @param span UTF-16 units of `text`
 * @param offsets gives the text's map, where many spans of a long text share one
 */
export function viewSpan(
  text: string,
  span: Span,
  unit: OffsetUnit | null,
  offsets = (): OffsetMap => new OffsetMap(text),
): SpanView {
  if (unit !== 'code-points')
    return { start: span.start, end: span.end, unit: 'utf16', text: spanText(text, span) };
  const converted = offsets().span(span, unit);
  return { start: converted.start, end: converted.end, unit, text: spanText(text, span) };
}

/**
 * Spans that a client gave in its unit, in UTF-16 units. A span past the end stays past the end, so that
 * validation still sees it.
 */
export function toUtf16Spans<S extends Span>(text: string, spans: readonly S[], unit: OffsetUnit): S[] {
  if (unit === 'utf16') return [...spans];
  const starts = codePointStarts(text);
  const length = starts.length - 1;
  const convert = (offset: number): number => {
    if (offset < 0) return offset;
    return offset <= length ? (starts[offset] as number) : text.length + (offset - length);
  };
  return spans.map((span) => ({ ...span, start: convert(span.start), end: convert(span.end) }));
}

/** @throws NeighborKbError INVALID_ARGUMENT naming `start` or `end` under `path` */
export function requireSpanInText(text: string, span: Span, ...path: (string | number)[]): void {
  if (span.start < 0 || span.start >= text.length)
    throw invalidArgument(
      `start ${span.start} is outside the text (0 to ${text.length - 1})`,
      ...path,
      'start',
    );
  if (span.end <= span.start || span.end > text.length)
    throw invalidArgument(
      `end ${span.end} must be greater than start ${span.start} and at most ${text.length}`,
      ...path,
      'end',
    );
}

/** UTF-16 offset of each code point, and the text's length at the end. */
function codePointStarts(text: string): Uint32Array {
  const starts = new Uint32Array(text.length + 1);
  let count = 0;
  for (let i = 0; i < text.length; count++) {
    starts[count] = i;
    i += (text.codePointAt(i) as number) > 0xffff ? 2 : 1;
  }
  starts[count] = text.length;
  return starts.subarray(0, count + 1);
}
