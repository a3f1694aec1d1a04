import { NeighborKbError } from '../domain/errors.js';
import { loadMentionDetectorPackage, type MentionDetectorCard, type ModelPackage } from './model-package.js';
import type { DetectedMention, MentionDetector } from './ports.js';
import { groupByLength, runBounded } from './scheduling.js';
import { SessionPool, type InferenceOptions } from './session-pool.js';
import { TagSet } from './tagging.js';
import { Int64Tensor, type Feeds } from './tensors.js';
import { WordPieceTokenizer, type TokenisedText } from './tokenizer.js';
import { bestWindows, windowsOf, type WordWindow } from './windows.js';

/** What a name has at least; the model takes a lone emoji at a sentence's begin for a person now and then. */
const LETTER_OR_DIGIT = /[\p{L}\p{N}]/u;

/** A window of a text: one run of the graph. */
interface Row {
  readonly text: number;
  readonly window: WordWindow;
}

/**
 * The token classifier of a model package.
 *
 * Each window runs alone, without padding: the int8 graph scales its activations by their largest value, so a
 * neighbour in a batch would change a sentence's scores, and the same document would not always give the same
 * mentions. On a CPU it costs nothing: a run of one sentence is as fast, a token, as a batch.
 */
export class OnnxMentionDetector implements MentionDetector {
  readonly model: string;
  readonly pronouns: ReadonlySet<string>;

  private constructor(
    private readonly loaded: ModelPackage<MentionDetectorCard>,
    private readonly tags: TagSet,
    private readonly tokenizer: WordPieceTokenizer,
    private readonly sessions: SessionPool,
  ) {
    this.model = `${loaded.card.name}@${loaded.card.version}`;
    this.pronouns = new Set(loaded.card.pronouns);
  }

  /**
   * Verifies the package in `directory` and starts its workers.
   * @throws NeighborKbError MODEL_MISSING, MODEL_CORRUPT, INVALID_ARGUMENT (execution provider)
   */
  static async open(directory: string, options: InferenceOptions): Promise<OnnxMentionDetector> {
    const found = await loadMentionDetectorPackage(directory);
    const tags = new TagSet(found.card.labels);
    const tokenizer = WordPieceTokenizer.load(found.tokenizerPath);
    const sessions = await SessionPool.open(found.modelPath, `mention detector ${found.card.name}`, options);
    return new OnnxMentionDetector(found, tags, tokenizer, sessions);
  }

  get card(): MentionDetectorCard {
    return this.loaded.card;
  }

  /** sha256 of the ONNX file, hexadecimal. */
  get modelHash(): string {
    return this.loaded.modelHash;
  }

  async detect(sentences: readonly string[]): Promise<DetectedMention[][]> {
    const texts = await this.tokenizer.tokenise(sentences);
    const windows = texts.map((text) => windowsOf(text, this.capacity));
    const rows: Row[] = windows.flatMap((list, text) => list.map((window) => ({ text, window })));
    const source = windows.map((list, text) => bestWindows(list, (texts[text] as TokenisedText).wordCount));
    const firstRow = startsOf(windows.map((list) => list.length));
    const logits = texts.map((text) => new Float32Array(text.wordCount * this.tags.size));

    const lengths = rows.map((row) => rowLength(texts[row.text] as TokenisedText, row.window) + 2);
    await runBounded(groupByLength(lengths), 2 * this.sessions.workers, async (group) => {
      const feeds = group.map((row) => this.feeds(texts, rows[row] as Row));
      const outputs = await this.sessions.run(feeds);
      for (const [position, index] of group.entries()) {
        const { text, window } = rows[index] as Row;
        const own = index - (firstRow[text] as number);
        const output = outputs[position]?.['logits'];
        if (!output)
          throw new NeighborKbError('MODEL_CORRUPT', `${this.model}: no output logits`, ['model.onnx']);
        this.keepLogits(
          output,
          texts[text] as TokenisedText,
          window,
          (word) => source[text]?.[word] === own,
          logits[text] as Float32Array,
        );
      }
    });
    return texts.map((text, index) =>
      this.mentions(sentences[index] as string, text, logits[index] as Float32Array),
    );
  }

  close(): Promise<void> {
    return this.sessions.close();
  }

  /** Pieces that fit beside [CLS] and [SEP]. */
  private get capacity(): number {
    return this.loaded.card.maxTokens - 2;
  }

  private feeds(texts: readonly TokenisedText[], { text, window }: Row): Feeds {
    const tokenised = texts[text] as TokenisedText;
    const begin = tokenised.wordStarts[window.first] as number;
    const length = rowLength(tokenised, window);
    const dims = [1, length + 2];
    const ids = new Int64Tensor(dims);
    const casing = new Int64Tensor(dims);
    const mask = new Int64Tensor(dims);
    ids.set(0, this.tokenizer.special.cls);
    ids.set(length + 1, this.tokenizer.special.sep);
    for (let i = 0; i < length + 2; i++) mask.set(i, 1);
    for (let i = 0; i < length; i++) {
      ids.set(i + 1, tokenised.ids[begin + i] as number);
      casing.set(i + 1, tokenised.casing[begin + i] as number);
    }
    return { input_ids: ids.message(), casing_ids: casing.message(), attention_mask: mask.message() };
  }

  /** Copies the logits of the first piece of each word that this window decides. */
  private keepLogits(
    output: Float32Array,
    text: TokenisedText,
    window: WordWindow,
    decides: (word: number) => boolean,
    into: Float32Array,
  ): void {
    const { size } = this.tags;
    const begin = text.wordStarts[window.first] as number;
    for (let word = window.first; word <= window.last; word++) {
      if (!decides(word)) continue;
      const token = (text.wordStarts[word] as number) - begin + 1;
      into.set(output.subarray(token * size, (token + 1) * size), word * size);
    }
  }

  private mentions(sentence: string, text: TokenisedText, logits: Float32Array): DetectedMention[] {
    return this.tags
      .decode(logits)
      .map(({ first, last, type, score }) => ({
        start: text.wordSpan(first).start,
        end: text.wordSpan(last).end,
        type,
        score,
      }))
      .filter(({ start, end }) => LETTER_OR_DIGIT.test(sentence.slice(start, end)));
  }
}

function rowLength(text: TokenisedText, { first, last }: WordWindow): number {
  return text.wordEnd(last) - (text.wordStarts[first] as number);
}

/** Where each run of items begins if they are laid one after the other. */
function startsOf(counts: readonly number[]): Int32Array {
  const starts = new Int32Array(counts.length);
  for (let i = 1; i < counts.length; i++) starts[i] = (starts[i - 1] as number) + (counts[i - 1] as number);
  return starts;
}
