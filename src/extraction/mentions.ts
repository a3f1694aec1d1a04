import type { MentionType } from '../domain/mention-types.js';
import type { GivenMention, MentionOrigin } from '../domain/model.js';
import { spansOverlap, spanText, type Span } from '../domain/offsets.js';

/** What is needed of a detector's mention; offsets in UTF-16 units of the sentence. */
interface Detected extends Span {
  readonly type: MentionType;
  readonly score: number;
}

/** A mention before it is known what it refers to; offsets in UTF-16 units of the document. */
export interface FoundMention extends Span {
  /** Index of the sentence that holds it. */
  readonly sentence: number;
  readonly type: MentionType;
  readonly score: number;
  readonly origin: MentionOrigin;
}

/**
 * The mentions of one sentence from what the detector found: white space and possessive endings left out,
 * pronouns added where no mention covers them.
 *
 * @param pronouns lower-cased words that count as pronouns
 * @returns ascending, disjoint
 */
export function mentionsFromDetector(
  text: string,
  sentence: Span,
  index: number,
  detected: readonly Detected[],
  pronouns: ReadonlySet<string>,
): FoundMention[] {
  const found: FoundMention[] = [];
  for (const mention of detected) {
    const span = nameSpan(text, {
      start: sentence.start + mention.start,
      end: sentence.start + mention.end,
    });
    if (span.start >= span.end || found.some((other) => spansOverlap(other, span))) continue;
    found.push({ ...span, sentence: index, type: mention.type, score: mention.score, origin: 'detector' });
  }
  const names = [...found].sort(byPosition);
  for (const span of pronounSpans(text, sentence, pronouns))
    if (!isCovered(names, span))
      found.push({ ...span, sentence: index, type: 'PRON', score: 1, origin: 'pronoun' });
  return found.sort(byPosition);
}

/** Given mentions as they stand, each in the sentence that holds it. Both lists ascending. */
export function mentionsGiven(sentences: readonly Span[], given: readonly GivenMention[]): FoundMention[] {
  let index = 0;
  return given.map(({ start, end, type }) => {
    while (index + 1 < sentences.length && (sentences[index] as Span).end <= start) index++;
    return { start, end, sentence: index, type, score: 1, origin: 'given' };
  });
}

export function byPosition(a: Span, b: Span): number {
  return a.start - b.start || a.end - b.end;
}

/** Names whose possessive look is their own. */
const OWN_POSSESSIVE = new Set(
  (
    "mcdonald's wendy's macy's kohl's lowe's levi's moody's denny's arby's hardee's kellogg's sotheby's christie's " +
    "lloyd's sainsbury's domino's dick's trader joe's ben & jerry's victoria's secret"
  ).split(' '),
);

/** The span without white space, quotation marks and pictures (emoji, ®, ™) at its ends and without a possessive ending. */
function nameSpan(text: string, span: Span): Span {
  let content = spanText(text, span);
  const possessive = /\s?['’]s$/u.exec(content);
  const lastWord = /\S+$/.exec(content.toLowerCase().replaceAll('’', "'"))?.[0] ?? '';
  if (possessive && !OWN_POSSESSIVE.has(lastWord)) content = content.slice(0, possessive.index);
  const lead = /^[\s"“”„«»'‘’\p{So}\u{FE0F}]+/u.exec(content)?.[0].length ?? 0;
  const trail = /[\s"“”„«»'‘’,;:\p{So}\u{FE0F}]+$/u.exec(content)?.[0].length ?? 0;
  if (lead + trail >= content.length || !/[\p{L}\p{N}]/u.test(content))
    return { start: span.start, end: span.start };
  return { start: span.start + lead, end: span.start + content.length - trail };
}

/** Whole words that stand as pronouns; capitals alone ("US", "IT", "WHO") are names. */
function pronounSpans(text: string, sentence: Span, pronouns: ReadonlySet<string>): Span[] {
  const spans: Span[] = [];
  for (const { 0: word, index } of spanText(text, sentence).matchAll(patternOf(pronouns))) {
    if (word.length > 1 && word === word.toUpperCase()) continue;
    const start = sentence.start + index;
    const end = start + word.length;
    if (isHyphen(text[start - 1]) || isHyphen(text[end])) continue;
    // "Francis I", "World War I": a numeral, unless a clause begins here.
    if (word === 'I' && /\p{Lu}[\p{L}]+ $/u.test(text.slice(Math.max(sentence.start, start - 30), start)))
      continue;
    spans.push({ start, end });
  }
  return spans;
}

const patterns = new WeakMap<ReadonlySet<string>, RegExp>();

/** Any of the words, whole, in any letter case; compiled once for a detector. */
function patternOf(pronouns: ReadonlySet<string>): RegExp {
  let pattern = patterns.get(pronouns);
  if (!pattern) {
    const alternatives = [...pronouns].filter((word) => /^\p{L}+$/u.test(word)).join('|');
    const letter = '[\\p{L}\\p{M}\\p{N}_]';
    pattern = new RegExp(alternatives ? `(?<!${letter})(?:${alternatives})(?!${letter})` : '(?!)', 'giu');
    patterns.set(pronouns, pattern);
  }
  return pattern;
}

function isHyphen(character: string | undefined): boolean {
  return character === '-' || character === '‐' || character === '‑';
}

/** Whether one of the ascending, disjoint spans overlaps; binary search. */
function isCovered(spans: readonly Span[], span: Span): boolean {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((spans[middle] as Span).end <= span.start) low = middle + 1;
    else high = middle;
  }
  const candidate = spans[low];
  return candidate !== undefined && spansOverlap(candidate, span);
}
