import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import type { MentionType } from '../../src/domain/mention-types.js';
import { argmax } from '../../src/domain/mixture.js';
import type { EncodedPairs } from '../../src/inference/ports.js';
import { WordPieceTokenizer } from '../../src/inference/tokenizer.js';
import { MODELS, realDetector, realEncoder } from './real-models.js';

/*
 * What Python's tokeniser and runtime gave for the project's own sentences (training/neighborkb_training/parity.py).
 * A new export of a model needs new golden values: the command is in training/README.md.
 */

interface Golden {
  models: Record<string, string>;
  components: number[];
  sentences: {
    text: string;
    tokenIds: number[];
    casing: number[];
    mentions: [number, number, MentionType][];
    detected: [number, number, string][];
    pairs: { subject: number; object: number; int8Label: number; components: number[]; norm: number }[];
  }[];
}

const FILE = fileURLToPath(new URL('../golden/parity.json', import.meta.url));

/** The least that must agree where the int8 kernels of two processors may differ. */
const LABELS_EQUAL = 0.985;

describe('the run time agrees with Python', { timeout: 180_000 }, () => {
  let golden: Golden;
  beforeAll(() => {
    golden = JSON.parse(readFileSync(FILE, 'utf8')) as Golden;
  });

  test('the golden values cover many sentences', () => {
    expect(golden.sentences.length).toBeGreaterThanOrEqual(500);
  });

  test.each(['mention-detector', 'relation-encoder'])(
    'the tokens and casing classes of the %s are equal',
    async (name) => {
      const tokenizer = WordPieceTokenizer.load(`${MODELS}${name}/tokenizer.json`);
      const tokenised = await tokenizer.tokenise(golden.sentences.map(({ text }) => text));
      for (const [index, { tokenIds, casing }] of golden.sentences.entries()) {
        const found = tokenised[index]!;
        expect([...found.ids]).toEqual(tokenIds);
        expect([...found.wordStarts].map((piece) => found.casing[piece])).toEqual(casing);
      }
    },
  );

  test('the detector finds the same mentions', async () => {
    const detector = await realDetector(2);
    expect(detector.modelHash).toBe(golden.models['mention-detector']);
    const found = await detector.detect(golden.sentences.map(({ text }) => text));
    const key = (index: number) => (mention: readonly [number, number, string]) =>
      `${index}:${mention.join('-')}`;
    const expected = new Set(golden.sentences.flatMap(({ detected }, index) => detected.map(key(index))));
    const actual = found.flatMap((mentions, index) =>
      mentions.map(({ start, end, type }) => key(index)([start, end, type])),
    );
    const shared = actual.filter((mention) => expected.has(mention)).length;
    expect((2 * shared) / (actual.length + expected.size)).toBeGreaterThanOrEqual(LABELS_EQUAL);
  });

  test('the encoder gives the same labels and representations', async () => {
    const encoder = await realEncoder(2);
    expect(encoder.modelHash).toBe(golden.models['relation-encoder']);
    const encoded = await encoder.encode(
      golden.sentences.map(({ text, mentions, pairs }) => ({
        text,
        mentions: mentions.map(([start, end, type]) => ({ start, end, type })),
        pairs,
      })),
    );
    let pairs = 0;
    let equal = 0;
    let close = 0;
    let alike = 0;
    for (const [index, sentence] of golden.sentences.entries())
      for (const [row, pair] of sentence.pairs.entries()) {
        const { representation, logits } = rowOf(
          encoded[index]!,
          row,
          encoder.representationSize,
          encoder.labels.length,
        );
        pairs++;
        if (argmax(logits) === pair.int8Label) equal++;
        const error = Math.max(
          ...golden.components.map((component, i) =>
            Math.abs(representation[component]! - pair.components[i]!),
          ),
        );
        if (error <= 0.01 * pair.norm) close++;
        if (Math.abs(Math.hypot(...representation) - pair.norm) <= 0.05 * pair.norm) alike++;
      }
    expect(equal / pairs).toBeGreaterThanOrEqual(LABELS_EQUAL);
    expect(close / pairs).toBeGreaterThanOrEqual(LABELS_EQUAL);
    expect(alike / pairs).toBeGreaterThanOrEqual(LABELS_EQUAL);
  });
});

function rowOf({ representations, logits }: EncodedPairs, row: number, size: number, labels: number) {
  return {
    representation: representations.subarray(row * size, (row + 1) * size),
    logits: logits.subarray(row * labels, (row + 1) * labels),
  };
}
