import type { Kernel } from './profile.js';

/**
 * Votes of one query's neighbours: w = softmax(-d / τ) over their squared L2 distances.
 * `rbf`: τ = T; `rbf-variance`: τ = 2 T var(d), population variance, equal weights where it is zero
 * (Wan et al., kNN-RE; the variance is what their code does).
 *
 * @param squaredDistances d of the k nearest entries, any order, finite and >= 0
 * @param temperature T > 0
 * @returns weights in the same order, each in [0, 1], summing to 1; empty for no neighbours
 */
export function neighbourWeights(
  squaredDistances: ArrayLike<number>,
  temperature: number,
  kernel: Kernel,
): Float64Array {
  const count = squaredDistances.length;
  const weights = new Float64Array(count);
  if (count === 0) return weights;
  const tau = kernel === 'rbf' ? temperature : 2 * temperature * populationVariance(squaredDistances);
  if (tau === 0) return weights.fill(1 / count);

  // Subtracting the smallest distance changes nothing but keeps exp() from underflowing everywhere.
  let smallest = Infinity;
  for (let i = 0; i < count; i++) smallest = Math.min(smallest, squaredDistances[i] as number);
  let total = 0;
  for (let i = 0; i < count; i++) {
    const weight = Math.exp(-((squaredDistances[i] as number) - smallest) / tau);
    weights[i] = weight;
    total += weight;
  }
  for (let i = 0; i < count; i++) weights[i] = (weights[i] as number) / total;
  return weights;
}

/**
 * Lets neighbours without a relation count less than others: a memory that holds every pair of its texts is mostly NIL,
 * and lets few relations be heard.
 *
 * @param weights of neighbours, summing to 1; changed in place
 * @param labels label index of each neighbour, NIL 0, in the order of `weights`
 * @param nilVote what the vote of NIL counts beside the others', .001 to 1
 * @returns `weights`, summing to 1 again
 */
export function weighNil(weights: Float64Array, labels: ArrayLike<number>, nilVote = 1): Float64Array {
  if (nilVote === 1 || weights.length === 0) return weights;
  let total = 0;
  for (let i = 0; i < weights.length; i++) {
    if (labels[i] === 0) weights[i] = (weights[i] as number) * nilVote;
    total += weights[i] as number;
  }
  for (let i = 0; i < weights.length; i++) weights[i] = (weights[i] as number) / total;
  return weights;
}

/**
 * p_kNN: the sum of weights by label.
 * @param labels label index of each neighbour, in the order of `weights`, each < labelCount
 * @returns distribution over labelCount labels
 */
export function voteDistribution(
  weights: ArrayLike<number>,
  labels: ArrayLike<number>,
  labelCount: number,
): Float64Array {
  const distribution = new Float64Array(labelCount);
  for (let i = 0; i < weights.length; i++) {
    const label = labels[i] as number;
    distribution[label] = (distribution[label] as number) + (weights[i] as number);
  }
  return distribution;
}

function populationVariance(values: ArrayLike<number>): number {
  const count = values.length;
  let mean = 0;
  for (let i = 0; i < count; i++) mean += values[i] as number;
  mean /= count;
  let variance = 0;
  for (let i = 0; i < count; i++) variance += ((values[i] as number) - mean) ** 2;
  return variance / count;
}
