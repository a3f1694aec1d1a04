import { Tokenizer } from '@anush008/tokenizers';
import { NeighborKbError } from '../domain/errors.js';
import { OffsetMap, type Span } from '../domain/offsets.js';
import { casingClass } from './casing.js';

/** Texts that are tokenised in one call to the native library, so that no call holds the event loop long. */
const TEXTS_PER_CALL = 64;

/**
 * A text as word pieces, without special tokens. A word is a unit of BERT's basic tokenisation: text between
 * white space, with every punctuation and every CJK character a word of its own. Characters that the model
 * does not see (controls, zero-width marks) belong to no piece. All offsets count UTF-16 units of the text.
 */
export class TokenisedText {
  constructor(
    /** Vocabulary id of each piece. */
    readonly ids: Int32Array,
    /** Casing class of each piece's whole word. */
    readonly casing: Uint8Array,
    /** First offset of each piece, ascending. */
    private readonly starts: Int32Array,
    /** Offset after each piece, ascending. */
    private readonly ends: Int32Array,
    /** First piece of each word, ascending. */
    readonly wordStarts: Int32Array,
  ) {}

  /** Number of pieces. */
  get length(): number {
    return this.ids.length;
  }

  get wordCount(): number {
    return this.wordStarts.length;
  }

  /** First piece after the word. */
  wordEnd(word: number): number {
    return this.wordStarts[word + 1] ?? this.ids.length;
  }

  /** @param word 0..wordCount-1 */
  wordSpan(word: number): Span {
    return {
      start: this.starts[this.wordStarts[word] as number] as number,
      end: this.ends[this.wordEnd(word) - 1] as number,
    };
  }

  /** First and last piece (inclusive) that overlap the span; null if none does. */
  piecesOf(span: Span): { readonly first: number; readonly last: number } | null {
    const first = lowerBound(this.ends, span.start + 1);
    const last = lowerBound(this.starts, span.end) - 1;
    return first <= last ? { first, last } : null;
  }
}

/** Special tokens and the size of the vocabulary, whose next ids are the pair markers'. */
export interface SpecialTokens {
  readonly cls: number;
  readonly sep: number;
  readonly pad: number;
  readonly vocabularySize: number;
}

/**
 * The WordPiece tokeniser of a model package. The native build of Hugging Face's library does the work on its
 * own threads: it gives the very ids, words and offsets of the Python one, which the JavaScript port does not.
 */
export class WordPieceTokenizer {
  readonly special: SpecialTokens;

  private constructor(private readonly native: Tokenizer) {
    const id = (token: string): number => {
      const found = native.tokenToId(token);
      if (found === null) throw new Error(`the vocabulary has no ${token}`);
      return found;
    };
    this.special = {
      cls: id('[CLS]'),
      sep: id('[SEP]'),
      pad: id('[PAD]'),
      vocabularySize: native.getVocabSize(true),
    };
  }

  /** @throws NeighborKbError MODEL_CORRUPT for a file that is no BERT tokenizer.json */
  static load(path: string): WordPieceTokenizer {
    try {
      const native = Tokenizer.fromFile(path);
      native.disablePadding();
      native.disableTruncation();
      return new WordPieceTokenizer(native);
    } catch (cause) {
      throw new NeighborKbError('MODEL_CORRUPT', `${path}: ${(cause as Error).message}`, ['tokenizer.json'], {
        cause,
      });
    }
  }

  /** Tokenises each text whole, without special tokens. Lone surrogates are read as U+FFFD, which is no word. */
  async tokenise(texts: readonly string[]): Promise<TokenisedText[]> {
    const tokenised: TokenisedText[] = [];
    for (let from = 0; from < texts.length; from += TEXTS_PER_CALL) {
      const chunk = texts.slice(from, from + TEXTS_PER_CALL);
      const encodings = await this.native.encodeBatch(chunk, { addSpecialTokens: false });
      for (const [index, encoding] of encodings.entries())
        tokenised.push(
          assemble(chunk[index] as string, encoding.getIds(), encoding.getOffsets(), encoding.getWordIds()),
        );
    }
    return tokenised;
  }
}

/** @param offsets [start, end) of each piece in code points; @param words the library's word of each piece */
function assemble(
  text: string,
  ids: readonly number[],
  offsets: readonly (readonly number[])[],
  words: readonly (number | null | undefined)[],
): TokenisedText {
  const map = new OffsetMap(text);
  const starts = new Int32Array(ids.length);
  const ends = new Int32Array(ids.length);
  const wordStarts: number[] = [];
  for (let piece = 0; piece < ids.length; piece++) {
    const [start = 0, end = 0] = offsets[piece] ?? [];
    starts[piece] = map.toUtf16(start);
    ends[piece] = afterMarks(text, map.toUtf16(end));
    // A mark that the library's tables do not know as one is a word of its own, and not the last one's accent.
    const before = piece - 1;
    if (piece > 0 && (starts[before] as number) < (starts[piece] as number))
      ends[before] = Math.min(ends[before] as number, starts[piece] as number);
    if (piece === 0 || words[piece] !== words[piece - 1]) wordStarts.push(piece);
  }
  const casing = new Uint8Array(ids.length);
  const tokenised = new TokenisedText(
    Int32Array.from(ids),
    casing,
    starts,
    ends,
    Int32Array.from(wordStarts),
  );
  for (let word = 0; word < tokenised.wordCount; word++) {
    const span = tokenised.wordSpan(word);
    casing.fill(casingClass(text.slice(span.start, span.end)), wordStarts[word], tokenised.wordEnd(word));
  }
  return tokenised;
}

const COMBINING_MARKS = /\p{M}+/uy;

/** The library leaves out accents that follow the last letter of a piece as characters of their own. */
function afterMarks(text: string, end: number): number {
  if (text.charCodeAt(end) < 0x300 || end >= text.length) return end;
  COMBINING_MARKS.lastIndex = end;
  return COMBINING_MARKS.test(text) ? COMBINING_MARKS.lastIndex : end;
}

/** Index of the first value >= `target` in ascending values; their number if there is none. */
function lowerBound(values: Int32Array, target: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((values[middle] as number) < target) low = middle + 1;
    else high = middle;
  }
  return low;
}
