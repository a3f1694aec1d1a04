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
  const offsets = new OffsetMap(text);
  const length = offsets.toCodePoints(text.length);
  const convert = (offset: number): number => {
    if (offset < 0) return offset;
    return offset <= length ? offsets.toUtf16(offset) : text.length + (offset - length);
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
