import type { Span } from '../../domain/offsets.js';
import type { MarkedMention } from '../../inference/ports.js';

/*
 * What building needs of extraction, which knows this part and so is not known to it: `extraction/text-tools.ts`
 * satisfies both.
 */

/**
 * Sentences of a text: ascending, disjoint.
 * @param unbroken ascending, disjoint spans that no sentence boundary may cross
 */
export type SentenceSplitter = (text: string, unbroken: readonly Span[]) => readonly Span[];

/** A text with its sentences. */
export interface SplitText {
  readonly text: string;
  readonly sentences: readonly Span[];
}

/** Finds the typed mentions of texts, names and pronouns; ascending, disjoint, offsets of the text. */
export type MentionFinder = (texts: readonly SplitText[]) => Promise<readonly MarkedMention[][]>;

/** Spans in order, those that overlap joined: what must not be broken. */
export function unbrokenSpans(spans: readonly Span[]): Span[] {
  const joined: { start: number; end: number }[] = [];
  for (const { start, end } of [...spans].sort((a, b) => a.start - b.start || a.end - b.end)) {
    const last = joined.at(-1);
    if (last && start < last.end) last.end = Math.max(last.end, end);
    else joined.push({ start, end });
  }
  return joined;
}
