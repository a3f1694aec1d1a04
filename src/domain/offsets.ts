/**
 * The one owner of offsets. Inside NeighborKB every offset counts UTF-16 code units, end exclusive, as
 * JavaScript strings do; clients may ask for code points, and conversion happens here alone.
 */

export const OFFSET_UNITS = ['utf16', 'code-points'] as const;
export type OffsetUnit = (typeof OFFSET_UNITS)[number];

/** A half-open interval [start, end) of a text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export function spanText(text: string, span: Span): string {
  return text.slice(span.start, span.end);
}

export function spansOverlap(a: Span, b: Span): boolean {
  return a.start < b.end && b.start < a.end;
}

export function spanContains(outer: Span, inner: Span): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

/** Whether a character of two units begins at `index`. */
export function isSurrogatePair(text: string, index: number): boolean {
  const lead = text.charCodeAt(index);
  if (lead < 0xd800 || lead > 0xdbff) return false;
  const trail = text.charCodeAt(index + 1);
  return trail >= 0xdc00 && trail <= 0xdfff;
}

/** Converts offsets of one text between units in O(log n) a look-up after one O(n) pass. */
export class OffsetMap {
  /** UTF-16 offsets at which a supplementary character (two units) begins, ascending. */
  private readonly supplementary: number[] = [];

  constructor(private readonly text: string) {
    for (let i = 0; i < text.length; i++) {
      // A lone surrogate is a code point of its own, as for JavaScript's iterators.
      if (isSurrogatePair(text, i)) this.supplementary.push(i++);
    }
  }

  /** UTF-16 offset to code-point offset; an offset inside a surrogate pair counts as the pair's start. */
  toCodePoints(utf16: number): number {
    return utf16 - this.pairsStartingBefore(utf16);
  }

  /** Code-point offset to UTF-16 offset; an offset past the end counts as the end. */
  toUtf16(codePoints: number): number {
    // Pair i begins at code point supplementary[i] - i: each pair before the offset adds one unit.
    let low = 0;
    let high = this.supplementary.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.supplementary[middle] as number) - middle < codePoints) low = middle + 1;
      else high = middle;
    }
    return Math.min(codePoints + low, this.text.length);
  }

  span(span: Span, unit: OffsetUnit): Span {
    if (unit === 'utf16' || this.supplementary.length === 0) return { start: span.start, end: span.end };
    return { start: this.toCodePoints(span.start), end: this.toCodePoints(span.end) };
  }

  fromUnit(span: Span, unit: OffsetUnit): Span {
    if (unit === 'utf16' || this.supplementary.length === 0) return { start: span.start, end: span.end };
    return { start: this.toUtf16(span.start), end: this.toUtf16(span.end) };
  }

  /** How many pairs start before `utf16`: each makes the code-point offset one smaller. */
  private pairsStartingBefore(utf16: number): number {
    let low = 0;
    let high = this.supplementary.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.supplementary[middle] as number) < utf16) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
