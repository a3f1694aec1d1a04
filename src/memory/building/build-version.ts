import { createHash } from 'node:crypto';
import { NeighborKbError } from '../../domain/errors.js';
import type { RelationEncoder } from '../../inference/ports.js';
import { BuildFolder } from './build-folder.js';
import { buildEntries, type SentenceExamples } from './entry-builder.js';
import type { KeyType } from '../key-codec.js';
import type { BuildRecord, MemoryManifest } from '../ports.js';

/** What a new version of a memory is to be, wherever its entries come from. */
export interface VersionTarget {
  readonly memoriesDir: string;
  readonly name: string;
  /** Absent: the one after the newest. */
  readonly version?: string | undefined;
  readonly description: string;
  readonly license: string;
  /** Whether keys and queries are scaled to length 1 before distances are taken. */
  readonly normalised: boolean;
  readonly keyType: KeyType;
}

export interface VersionBuild extends VersionTarget {
  readonly encoder: RelationEncoder;
  /** Examples in an order that is the same whenever the same inputs are read. */
  readonly examples: AsyncIterable<SentenceExamples>;
  readonly built: BuildRecord;
  readonly labels?: MemoryManifest['labels'];
  /** Items of `examples` so far, those of an earlier run included; and examples in the package. */
  readonly onProgress?: ((items: number, entries: number) => void) | undefined;
  /** Stops after the step in hand; what is done is kept for a later run. */
  readonly signal?: AbortSignal | undefined;
  /** What is to happen with the files, which are whole then, before they are published. */
  readonly beforePublishing?: ((folder: BuildFolder) => Promise<void>) | undefined;
}

/** Pairs that are encoded together: full batches for every worker. */
const PAIRS_PER_STEP = 512;
/** Sentences in a step where they hold few pairs. */
const SENTENCES_PER_STEP = 256;
/** Time between checkpoints, milliseconds: what a crash costs at most, about. */
const CHECKPOINT_EVERY = 5_000;

/**
 * Builds a version: examples in, package out, in memory that does not grow with their number but for their ids. A
 * build that was stopped or killed goes on from its last checkpoint when it is run again on the same inputs, and gives
 * the same bytes.
 *
 * @throws NeighborKbError INVALID_ARGUMENT where there is no example at all, CONFLICT where the version is there, and
 * what the examples throw; nothing is published then
 */
export async function buildVersion(build: VersionBuild): Promise<MemoryManifest> {
  const { encoder, name, memoriesDir, keyType } = build;
  const layout = { representationSize: encoder.representationSize, keyType };
  const folder = await BuildFolder.open(memoriesDir, name, fingerprintOf(build), layout);
  try {
    await encodeAll(build, folder);
    build.signal?.throwIfAborted();
    if (folder.writer.entries === 0)
      throw new NeighborKbError('INVALID_ARGUMENT', `memory ${name} would be empty: no example was found`, [
        'sources',
      ]);
    await build.beforePublishing?.(folder);
    return await folder.publish({
      description: descriptionOf(build),
      version: build.version,
      change: 'content',
    });
  } catch (error) {
    await (isWorthKeeping(error, folder) ? folder.leave() : folder.discard());
    throw error;
  }
}

/** What is wrong with the input stays wrong: only work that was stopped, or failed by the machine, is taken up again. */
function isWorthKeeping(error: unknown, { writer }: BuildFolder): boolean {
  if (writer.entries === 0) return false;
  return !(error instanceof NeighborKbError) || error.code === 'INTERNAL' || error.code === 'CONFLICT';
}

async function encodeAll(build: VersionBuild, folder: BuildFolder): Promise<void> {
  let items = 0;
  let saved = performance.now();
  for await (const step of inSteps(build.examples, folder.itemsDone)) {
    items = step.upTo;
    if (step.items.length > 0) {
      const { entries, keys } = await buildEntries(build.encoder, step.items, (id) => folder.writer.has(id));
      await folder.writer.append(entries, keys);
    }
    build.onProgress?.(items, folder.writer.entries);
    if (build.signal?.aborted || performance.now() - saved > CHECKPOINT_EVERY) {
      await folder.checkpoint(items);
      saved = performance.now();
    }
    build.signal?.throwIfAborted();
  }
  await folder.checkpoint(items);
}

interface Step {
  readonly items: readonly SentenceExamples[];
  /** Items of the source up to and with this step. */
  readonly upTo: number;
}

/** Items in steps; those that an earlier run has done are passed over. */
async function* inSteps(items: AsyncIterable<SentenceExamples>, done: number): AsyncGenerator<Step> {
  let step: SentenceExamples[] = [];
  let pairs = 0;
  let number = 0;
  for await (const item of items) {
    number++;
    if (number <= done) continue;
    step.push(item);
    pairs += item.examples.length;
    if (pairs >= PAIRS_PER_STEP || step.length >= SENTENCES_PER_STEP) {
      yield { items: step, upTo: number };
      step = [];
      pairs = 0;
    }
  }
  yield { items: step, upTo: number };
}

function descriptionOf({ encoder, description, license, normalised, keyType, built, labels }: VersionBuild) {
  return {
    description,
    license,
    model: encoder.model,
    modelHash: encoder.modelHash,
    representationSize: encoder.representationSize,
    normalised,
    sources: built.inputs.map(({ path }) => path),
    built,
    ...(labels === undefined ? {} : { labels }),
    keyType,
  };
}

function fingerprintOf({ encoder, keyType, built, name }: VersionBuild): string {
  const content = [name, encoder.modelHash, keyType, built];
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}
