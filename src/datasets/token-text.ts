import type { Span } from '../domain/offsets.js';
import { joinTokens, type TokenJoining } from './token-joining.js';

/** Between two sentences: a paragraph's end, so that nobody who splits the text anew joins them. */
const BETWEEN_SENTENCES = '\n\n';

/** The text that lists of tokens make, and where each token lies in it. Offsets in UTF-16 units. */
export class TokenText {
  readonly text: string;
  /** Spans of the sentences that hold a token. */
  readonly sentences: readonly Span[];
  /** Spans of all tokens, in order. */
  private readonly tokens: readonly Span[];
  /** Index of each sentence's first token; at the end the number of tokens. */
  private readonly firstTokens: readonly number[];

  /** @param sentences tokens of each sentence */
  constructor(sentences: readonly (readonly string[])[], joining: TokenJoining = 'spaced') {
    const texts: string[] = [];
    const spans: Span[] = [];
    const tokens: Span[] = [];
    const firstTokens: number[] = [];
    let start = 0;
    for (const sentence of sentences) {
      firstTokens.push(tokens.length);
      if (sentence.length === 0) continue;
      const joined = joinTokens(sentence, joining);
      for (const span of joined.spans) tokens.push({ start: start + span.start, end: start + span.end });
      texts.push(joined.text);
      spans.push({ start, end: start + joined.text.length });
      start += joined.text.length + BETWEEN_SENTENCES.length;
    }
    firstTokens.push(tokens.length);
    this.text = texts.join(BETWEEN_SENTENCES);
    this.sentences = spans;
    this.tokens = tokens;
    this.firstTokens = firstTokens;
  }

  /**
   * The span from the first to the last token, both inclusive and counted through the whole text; or what is wrong
   * with them.
   */
  spanOf(first: number, last: number): Span | string {
    const start = this.tokens[first]?.start;
    const end = this.tokens[last]?.end;
    if (start === undefined || end === undefined)
      return `tokens ${first} to ${last} lie outside the text's ${this.tokens.length} tokens`;
    if (last < first) return `the last token, ${last}, comes before the first, ${first}`;
    if (this.sentenceOf(first) !== this.sentenceOf(last))
      return `tokens ${first} to ${last} reach over the end of a sentence`;
    return { start, end };
  }

  /** The same for tokens that are counted from their sentence's first. */
  spanInSentence(sentence: number, first: number, last: number): Span | string {
    const from = this.firstTokens[sentence];
    const to = this.firstTokens[sentence + 1];
    if (from === undefined || to === undefined)
      return `there is no sentence ${sentence}, the text has ${this.firstTokens.length - 1}`;
    if (first < 0 || last >= to - from)
      return `tokens ${first} to ${last} lie outside the sentence's ${to - from} tokens`;
    return this.spanOf(from + first, from + last);
  }

  /** Index of the sentence that holds a token. */
  private sentenceOf(token: number): number {
    let low = 0;
    let high = this.firstTokens.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.firstTokens[middle] as number) <= token) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
