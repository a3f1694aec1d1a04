import { Tokenizer, TokenParser, TokenType } from '@streamparser/json';
import { bytesOf, invalidAt, type PlacedValue, type ReaderOptions } from './reading.js';

/**
 * The elements of a file that holds one JSON array, each as soon as it is read; memory holds those of one chunk.
 * Their line is the one on which they begin.
 * @throws NeighborKbError INVALID_FILE naming the file, and the line and index of the element that cannot be read
 */
export async function* jsonArrayOf(path: string, options: ReaderOptions): AsyncGenerator<PlacedValue> {
  const elements = new ElementReader();
  const guarded = (work: () => void): void => {
    try {
      work();
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : 'malformed';
      throw invalidAt({ file: path, line: elements.line }, [elements.count], `is not JSON: ${reason}`, cause);
    }
  };
  for await (const chunk of bytesOf(path, options)) {
    guarded(() => {
      elements.write(chunk);
    });
    for (const { value, line } of elements.take()) yield { place: { file: path, line }, value };
  }
  guarded(() => {
    elements.end();
  });
}

interface Element {
  readonly value: unknown;
  readonly line: number;
}

const OPENING: ReadonlySet<TokenType> = new Set([TokenType.LEFT_BRACE, TokenType.LEFT_BRACKET]);
const CLOSING: ReadonlySet<TokenType> = new Set([TokenType.RIGHT_BRACE, TokenType.RIGHT_BRACKET]);

/** Puts elements together from tokens and counts the lines before them. */
class ElementReader {
  /** Line on which the element in hand begins, from 1. */
  line = 1;
  /** Elements that were read whole. */
  count = 0;
  private readonly tokenizer = new Tokenizer();
  private readonly parser = new TokenParser({ paths: ['$.*'], keepStack: false });
  private ready: Element[] = [];
  private depth = 0;
  private bytes = 0;
  /** Offsets of the line ends behind the last element's beginning. */
  private lineEnds: number[] = [];

  constructor() {
    this.tokenizer.onToken = (token) => {
      if (this.depth === 0 && token.token !== TokenType.LEFT_BRACKET)
        throw new Error('the file must hold one array');
      if (CLOSING.has(token.token)) this.depth--;
      else if (this.depth === 1 && token.token !== TokenType.COMMA) this.moveTo(token.offset);
      if (OPENING.has(token.token)) this.depth++;
      this.parser.write(token);
    };
    this.parser.onValue = ({ value }) => {
      this.ready.push({ value, line: this.line });
      this.count++;
    };
  }

  /** @throws Error for what is not JSON */
  write(chunk: Uint8Array): void {
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, at + 1))
      this.lineEnds.push(this.bytes + at);
    this.bytes += chunk.length;
    this.tokenizer.write(chunk);
  }

  /** @throws Error for a file that ends too early */
  end(): void {
    this.tokenizer.end();
    if (!this.parser.isEnded) throw new Error('the file ends before its array does');
  }

  /** What was read since the last call. */
  take(): readonly Element[] {
    const taken = this.ready;
    this.ready = [];
    return taken;
  }

  private moveTo(offset: number): void {
    const behind = this.lineEnds.findIndex((end) => end > offset);
    const passed = behind < 0 ? this.lineEnds.length : behind;
    this.line += passed;
    this.lineEnds.splice(0, passed);
  }
}

const NEWLINE = 0x0a;
