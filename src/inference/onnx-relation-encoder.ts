import { NeighborKbError } from '../domain/errors.js';
import { loadRelationEncoderPackage, type ModelPackage, type RelationEncoderCard } from './model-package.js';
import { feedsOf, markerIds, passesOf, type MarkerIds, type Pass } from './passes.js';
import type { EncodedPairs, PairsOfSentence, RelationEncoder } from './ports.js';
import { groupByLength, runBounded } from './scheduling.js';
import { SessionPool, type InferenceOptions, type Outputs } from './session-pool.js';
import { WordPieceTokenizer } from './tokenizer.js';

/**
 * The pair encoder of a model package.
 *
 * Each pass runs alone, without padding: the int8 graph scales its activations by their largest value, so other
 * sentences in a batch would change a pair's representation (by some hundredths a component), and the same document
 * would not always give the same triples. A pass is a batch already: all pairs of a sentence, four tokens each. On
 * a CPU this is as fast as any batch of several (865 against at most 887 pairs/s a thread).
 */
export class OnnxRelationEncoder implements RelationEncoder {
  readonly model: string;
  readonly labels: readonly string[];
  readonly mentionTypes: readonly string[];
  readonly representationSize: number;

  private constructor(
    private readonly loaded: ModelPackage<RelationEncoderCard>,
    private readonly markers: MarkerIds,
    private readonly tokenizer: WordPieceTokenizer,
    private readonly sessions: SessionPool,
  ) {
    this.model = `${loaded.card.name}@${loaded.card.version}`;
    this.labels = loaded.card.labels;
    this.mentionTypes = loaded.card.mentionTypes;
    this.representationSize = loaded.card.representationSize;
  }

  /**
   * Verifies the package in `directory` and starts its workers.
   * @throws NeighborKbError MODEL_MISSING, MODEL_CORRUPT, INVALID_ARGUMENT (execution provider)
   */
  static async open(directory: string, options: InferenceOptions): Promise<OnnxRelationEncoder> {
    const found = await loadRelationEncoderPackage(directory);
    const markers = markerIds(found.card.markers, found.card.mentionTypes);
    const tokenizer = WordPieceTokenizer.load(found.tokenizerPath);
    const sessions = await SessionPool.open(found.modelPath, `relation encoder ${found.card.name}`, options);
    return new OnnxRelationEncoder(found, markers, tokenizer, sessions);
  }

  get card(): RelationEncoderCard {
    return this.loaded.card;
  }

  get modelHash(): string {
    return this.loaded.modelHash;
  }

  /** @throws NeighborKbError INVALID_MENTION, INVALID_ARGUMENT with a path from `sentences` on */
  async encode(sentences: readonly PairsOfSentence[]): Promise<EncodedPairs[]> {
    const encoded = sentences.map(({ pairs }) => this.empty(pairs.length));
    const passes = await this.passes(sentences);
    const groups = groupByLength(passes.map(({ length }) => length));
    await runBounded(groups, 2 * this.sessions.workers, async (group) => {
      const own = group.map((index) => passes[index] as Pass);
      const outputs = await this.sessions.run(
        own.map((pass) => feedsOf([pass], this.markers, this.tokenizer.special)),
      );
      for (const [index, pass] of own.entries())
        this.keep(pass, outputs[index] as Outputs, encoded[pass.sentence] as EncodedPairs);
    });
    return encoded;
  }

  close(): Promise<void> {
    return this.sessions.close();
  }

  private async passes(sentences: readonly PairsOfSentence[]): Promise<Pass[]> {
    // Sentences without pairs need no tokens.
    const withPairs = [...sentences.entries()].filter(([, { pairs }]) => pairs.length > 0);
    const texts = await this.tokenizer.tokenise(withPairs.map(([, { text }]) => text));
    const limits = {
      capacity: this.card.maxTextTokens,
      maxPairs: this.card.maxPairsPerPass,
      mentionTypes: this.mentionTypes,
    };
    return texts.flatMap((text, position) => {
      const [index, sentence] = withPairs[position] as [number, PairsOfSentence];
      try {
        return passesOf(index, sentence, text, limits);
      } catch (error) {
        throw error instanceof NeighborKbError ? error.under('sentences', index) : error;
      }
    });
  }

  private keep(pass: Pass, outputs: Outputs, into: EncodedPairs): void {
    const { representations, logits } = outputs;
    const count = pass.pairs.length;
    if (
      representations?.length !== count * this.representationSize ||
      logits?.length !== count * this.labels.length
    )
      throw new NeighborKbError(
        'MODEL_CORRUPT',
        `${this.model}: outputs are not representations x ${this.representationSize} and logits x ${this.labels.length}`,
        ['model.onnx'],
      );
    for (const [row, { pair }] of pass.pairs.entries()) {
      copyRow(representations, row, into.representations, pair, this.representationSize);
      copyRow(logits, row, into.logits, pair, this.labels.length);
    }
  }

  private empty(pairs: number): EncodedPairs {
    return {
      representations: new Float32Array(pairs * this.representationSize),
      logits: new Float32Array(pairs * this.labels.length),
    };
  }
}

function copyRow(from: Float32Array, row: number, into: Float32Array, target: number, width: number): void {
  into.set(from.subarray(row * width, (row + 1) * width), target * width);
}
