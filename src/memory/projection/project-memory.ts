import { NeighborKbError } from '../../domain/errors.js';
import { WorkerPool, workerFile } from '../../inference/worker-pool.js';
import { KeyFile } from '../key-file.js';
import { readPackage } from '../package.js';
import type { MemoryEntry } from '../ports.js';
import { locateMemory } from '../shelf.js';
import type { ProjectionResult, ProjectionTask } from './projection-worker.js';

/** A memory's entries in the plane in which they differ most (principal components). */
export interface MemoryProjection {
  readonly memory: string;
  readonly version: string;
  /** Entries of the memory, of which `points` may be a sample. */
  readonly entries: number;
  readonly points: readonly ProjectedEntry[];
  /** Share of the variance that each direction explains, in [0, 1]. */
  readonly explained: readonly [number, number];
}

export interface ProjectedEntry {
  readonly entry: MemoryEntry;
  readonly x: number;
  readonly y: number;
}

/** Most points of one projection: what a plot can show, and a worker's memory holds. */
export const MOST_POINTS = 20_000;

/**
 * Projects a memory to the plane, in a thread of its own. Of a memory with more entries than `limit` every n-th is
 * taken, the same ones every time.
 * @throws NeighborKbError MEMORY_MISSING, MEMORY_CORRUPT, INVALID_ARGUMENT for a limit outside 1..MOST_POINTS
 */
export async function projectMemory(
  memoriesDir: string,
  reference: string,
  limit = 5_000,
): Promise<MemoryProjection> {
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST_POINTS)
    throw new NeighborKbError('INVALID_ARGUMENT', `limit is ${limit}, must be from 1 to ${MOST_POINTS}`, [
      'limit',
    ]);
  const directory = await locateMemory(memoriesDir, reference);
  const { manifest, entries } = await readPackage(directory);
  const { representationSize: dimension, normalised, name, version } = manifest;
  const step = Math.max(1, Math.ceil(entries.length / limit));
  const chosen = entries.filter((_, index) => index % step === 0);
  const values = new Float32Array(chosen.length * dimension);
  const keys = await KeyFile.open(directory, manifest);
  try {
    for await (const { first, keys: rows } of keys.batches(1024))
      for (let row = 0; row < rows.length / dimension; row++)
        if ((first + row) % step === 0)
          values.set(
            rows.subarray(row * dimension, (row + 1) * dimension),
            ((first + row) / step) * dimension,
          );
  } finally {
    await keys.close();
  }
  const { points, explained } = await inWorker({ values, dimension, normalised });
  return {
    memory: name,
    version,
    entries: entries.length,
    explained,
    points: chosen.map((entry, index) => ({
      entry,
      x: points[2 * index] as number,
      y: points[2 * index + 1] as number,
    })),
  };
}

async function inWorker(task: ProjectionTask): Promise<ProjectionResult> {
  const pool = new WorkerPool<ProjectionTask, ProjectionResult>({
    file: workerFile(import.meta.url, 'projection-worker'),
    workers: 1,
    workerData: null,
    what: 'projection',
  });
  try {
    return await pool.run(task, [task.values.buffer as ArrayBuffer]);
  } finally {
    await pool.close();
  }
}
