import { moved } from '../../inference/worker-result.js';
import { normaliseRows, type Vectors } from '../vectors.js';
import { principalPlane, project } from './principal-components.js';

/* A worker thread that projects vectors to their principal plane. */

export interface ProjectionTask extends Vectors {
  /** Scale vectors to length 1 first. */
  readonly normalised: boolean;
}

export interface ProjectionResult {
  /** x and y of each vector, in turn. */
  readonly points: Float64Array;
  /** Share of the variance along x and y. */
  readonly explained: readonly [number, number];
}

export default function projection({ values, dimension, normalised }: ProjectionTask): ProjectionResult {
  if (normalised) normaliseRows({ values, dimension });
  const plane = principalPlane({ values, dimension });
  const points = project({ values, dimension }, plane);
  return moved({ points, explained: plane.explained }, [points.buffer as ArrayBuffer]);
}
