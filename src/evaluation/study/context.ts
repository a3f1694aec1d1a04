import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { NeighborKbError } from '../../domain/errors.js';
import { OnnxRelationEncoder } from '../../inference/onnx-relation-encoder.js';
import type { PredicateSchema } from '../../domain/predicates.js';
import type { ScoringProfile } from '../../domain/profile.js';
import type { Memory } from '../../memory/ports.js';
import type { BenchContext } from '../bench.js';
import type { PairCache } from '../pair-cache.js';
import { Workbench } from './workbench.js';

/** The product with its own models, for studies of these. */
export interface StudyProduct {
  readonly bench: Omit<BenchContext, 'onProgress' | 'cache'>;
  readonly profile: ScoringProfile;
  /** Opens a memory that is shipped. */
  memory(name: string): Promise<Memory>;
}

/** Where a study finds what it needs. */
export interface StudyContext {
  /** Folder of the data sets: `scierc/`, `wiki80/`, ... */
  readonly data: string;
  /** Folder of the study's encoders, as `python -m neighborkb_training.study` writes them. */
  readonly encoders: string;
  readonly workers: number;
  /** Folder of the relation encoder that is shipped. */
  readonly shippedEncoder: string;
  readonly schema: PredicateSchema;
  /** Opens the product for as long as `use` runs. */
  withProduct<Result>(use: (product: StudyProduct) => Promise<Result>): Promise<Result>;
  readonly cache: PairCache;
  readonly onProgress: (what: string, done: number, total: number) => void;
}

/**
 * Packages of one study: `<encoders>/<study>/<variant>` with variants that begin with `prefix`, by name.
 * @throws NeighborKbError MODEL_MISSING where there is none
 */
export async function studyPackages(
  { encoders }: StudyContext,
  study: string,
  prefix: RegExp,
): Promise<string[]> {
  const folder = join(encoders, study);
  const found = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const names = found
    .filter((item) => item.isDirectory() && prefix.test(item.name))
    .map(({ name }) => name)
    .sort();
  if (names.length === 0)
    throw new NeighborKbError(
      'MODEL_MISSING',
      `${folder} holds no encoder: \`python -m neighborkb_training.study\` trains them (training/README.md)`,
      ['encoders', study],
    );
  return names.map((name) => join(folder, name));
}

/** What a study takes that can do without: `studyPackages(...).catch(noneTrained)`. */
export function noneTrained(error: unknown): never[] {
  if (error instanceof NeighborKbError && error.code === 'MODEL_MISSING') return [];
  throw error;
}

/** Opens an encoder for as long as `use` runs. */
export async function withWorkbench<Result>(
  { workers, cache, onProgress }: StudyContext,
  directory: string,
  use: (bench: Workbench) => Promise<Result>,
): Promise<Result> {
  const encoder = await OnnxRelationEncoder.open(directory, { workers, executionProvider: 'cpu' });
  try {
    return await use(new Workbench(encoder, cache, onProgress));
  } finally {
    await encoder.close();
  }
}

/**
 * What `use` makes of each encoder of a study, opened one after the other by name.
 * @throws NeighborKbError MODEL_MISSING where there is none
 */
export async function withEncoders<Result>(
  context: StudyContext,
  study: string,
  name: RegExp,
  use: (bench: Workbench, name: string, index: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (const [index, directory] of (await studyPackages(context, study, name)).entries())
    results.push(await withWorkbench(context, directory, (bench) => use(bench, basename(directory), index)));
  return results;
}
