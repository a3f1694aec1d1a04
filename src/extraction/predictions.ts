import { joinArrays } from '../domain/arrays.js';
import { encodeFloat16, encodeFloat32, roundToFloat16 } from '../domain/float16.js';
import { predictionId } from '../domain/identity.js';
import { softmax } from '../domain/mixture.js';
import type { Mention, Prediction } from '../domain/model.js';
import type { ScoringProfile } from '../domain/profile.js';
import type { PairsOfSentence, RelationEncoder } from '../inference/ports.js';
import type { Pair } from './pairs.js';
import type { SentencePairs } from './prepare.js';
import type { ScoredLabel, ScoredPair, Scorer } from './scoring.js';

/**
 * Encodes and scores all pairs of some sentences together.
 * Representations are rounded to float16 and p_RE to float32 before they are used: what is stored replays exactly.
 *
 * @returns predictions of each sentence, in the order of its pairs; behind a pair's best label those beside it
 */
export async function predictSentences(
  sentences: readonly SentencePairs[],
  encoder: RelationEncoder,
  scorer: Scorer,
  profile: ScoringProfile,
): Promise<Prediction[][]> {
  const encoded = await encoder.encode(sentences.map(forEncoder));
  const representations = roundToFloat16(joinArrays(encoded.map((one) => one.representations)));
  const classifier = classify(joinArrays(encoded.map((one) => one.logits)), encoder.labels.length);
  const permitted = sentences.flatMap((sentence) => sentence.permitted);
  const scored = await scorer.score({ representations, classifier, permitted }, profile);
  let row = 0;
  return sentences.map((sentence) =>
    sentence.pairs.flatMap((pair) => {
      const rowOf = (matrix: Float32Array, width: number): Float32Array =>
        matrix.subarray(row * width, (row + 1) * width);
      const provenance = {
        profile: `${profile.name}@${profile.version}`,
        model: encoder.model,
        representation: encodeFloat16(rowOf(representations, encoder.representationSize)),
        classifier: encodeFloat32(rowOf(classifier, encoder.labels.length)),
      };
      const best = scored[row++] as ScoredPair;
      return [
        predictionOf(sentence, pair, best, provenance),
        ...best.companions.map((companion) =>
          predictionOf(sentence, pair, companion, provenance, companion.label),
        ),
      ];
    }),
  );
}

function forEncoder({ sentence, text, mentions, pairs }: SentencePairs): PairsOfSentence {
  return {
    text,
    mentions: mentions.map(({ start, end, type }) => ({
      start: start - sentence.start,
      end: end - sentence.start,
      type,
    })),
    pairs,
  };
}

/** p_RE of each row of logits, in the precision in which it is stored. */
function classify(logits: Float32Array, labels: number): Float32Array {
  const classifier = new Float32Array(logits.length);
  for (let offset = 0; offset < logits.length; offset += labels)
    classifier.set(softmax(logits, offset, labels), offset);
  return classifier;
}

function predictionOf(
  sentence: SentencePairs,
  pair: Pair,
  scored: ScoredLabel,
  provenance: Pick<Prediction, 'profile' | 'model' | 'representation' | 'classifier'>,
  companion?: string,
): Prediction {
  // A pair's indices are into the mentions that it was made of.
  const subject = sentence.mentions[pair.subject] as Mention;
  const object = sentence.mentions[pair.object] as Mention;
  const { label, p, pRe, pKnn, confidence } = scored;
  return {
    id: predictionId(subject.id, object.id, companion),
    documentId: sentence.sentence.documentId,
    sentenceId: sentence.sentence.id,
    subjectMentionId: subject.id,
    objectMentionId: object.id,
    label,
    p,
    pRe,
    pKnn,
    confidence,
    ...provenance,
    get neighbours() {
      return scored.neighbours;
    },
  };
}
