import { NeighborKbError } from '../domain/errors.js';
import { decodeFloat16, decodeFloat32 } from '../domain/float16.js';
import type { Prediction } from '../domain/model.js';
import type { ScoringProfile } from '../domain/profile.js';
import type { ScoredLabel, Scorer } from './scoring.js';

/** What is stored of a prediction and needed to score it again. */
export interface ReplayablePrediction extends Pick<Prediction, 'representation' | 'classifier'> {
  /** `PredicateSchema.permitted` of the gate types of subject and object (`domain/pronouns.ts`). */
  readonly permitted: ReadonlySet<string>;
  /** The label whose numbers are wanted, if it still holds; without it those of the pair's best label. */
  readonly label?: string;
}

/**
 * Scores stored predictions again without the encoder, all in one batch. Under the profile and the memories that
 * made them the stored numbers come back; this is also how the neighbours of a NIL prediction are found.
 *
 * @throws NeighborKbError INVALID_ARGUMENT where a prediction comes from an encoder of another shape
 */
export async function replay(
  scorer: Scorer,
  predictions: readonly ReplayablePrediction[],
  profile: ScoringProfile,
): Promise<ScoredLabel[]> {
  const scored = await scorer.score(
    {
      representations: joined(
        predictions.map((prediction) => decodeFloat16(prediction.representation)),
        'representation',
      ),
      classifier: joined(
        predictions.map((prediction) => decodeFloat32(prediction.classifier)),
        'classifier',
      ),
      permitted: predictions.map((prediction) => prediction.permitted),
    },
    profile,
  );
  return scored.map((pair, index) => {
    const wanted = predictions[index]?.label;
    return pair.companions.find(({ label }) => label === wanted) ?? pair;
  });
}

/** Rows of one length, one after the other. */
function joined(rows: readonly Float32Array[], field: string): Float32Array {
  const size = rows[0]?.length ?? 0;
  const matrix = new Float32Array(rows.length * size);
  rows.forEach((row, index) => {
    if (row.length !== size)
      throw new NeighborKbError('INVALID_ARGUMENT', `has ${row.length} values, the first has ${size}`, [
        'predictions',
        index,
        field,
      ]);
    matrix.set(row, index * size);
  });
  return matrix;
}
