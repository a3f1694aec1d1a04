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

/** Converts offsets of one text between units in O(log n) a look-up after one O(n) pass. */
export class OffsetMap {
  /** UTF-16 offsets at which a supplementary character (two units) begins, ascending. */
  private readonly supplementary: number[] = [];

  constructor(private readonly text: string) {
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code >= 0xd800 && code <= 0xdbff && i + 1 < text.length) {
        this.supplementary.push(i);
        i++;
      }
    }
  }

  /** UTF-16 offset to code-point offset; an offset inside a surrogate pair counts as the pair's start. */
  toCodePoints(utf16: number): number {
    return utf16 - this.pairsStartingBefore(utf16);
  }

  /** Code-point offset to UTF-16 offset. */
  toUtf16(codePoints: number): number {
    let utf16 = codePoints;
    // Each pair that starts before the position pushes it by one unit; pairs are few and ascending.
    for (const start of this.supplementary) {
      if (start >= utf16) break;
      utf16++;
    }
    return Math.min(utf16, this.text.length);
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
