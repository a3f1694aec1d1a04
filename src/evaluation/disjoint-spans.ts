import { type Span, spansOverlap } from '../domain/offsets.js';

/** Spans of which no two overlap, as given mentions must be; in the text's order. */
export class DisjointSpans<Item extends Span> {
  private readonly spans: Item[] = [];

  /** The longest of spans that overlap, the first among equals. */
  static longestOf<Item extends Span>(spans: readonly Item[]): DisjointSpans<Item> {
    const disjoint = new DisjointSpans<Item>();
    for (const span of [...spans].sort((a, b) => b.end - b.start - (a.end - a.start) || a.start - b.start))
      disjoint.add(span);
    return disjoint;
  }

  /** Takes the span unless it overlaps one that is here: a binary search. */
  add(span: Item): void {
    let [low, high] = [0, this.spans.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.spans[middle] as Item).end <= span.start) low = middle + 1;
      else high = middle;
    }
    // The first span that ends behind the new one's start is the only one that can overlap it first.
    const next = this.spans[low];
    if (next === undefined || !spansOverlap(next, span)) this.spans.splice(low, 0, span);
  }

  inOrder(): readonly Item[] {
    return this.spans;
  }
}
