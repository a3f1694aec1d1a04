import { realpathSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import type { Config } from './config.js';
import { NeighborKbError } from './domain/errors.js';
import { PredicateSchema } from './domain/predicates.js';
import { overrideProfile, type ProfileOverrides, type ScoringProfile } from './domain/profile.js';
import { ProfileStore } from './evaluation/profile-store.js';
import { ExtractionPipeline } from './extraction/pipeline.js';
import { OnnxMentionDetector } from './inference/onnx-mention-detector.js';
import { OnnxRelationEncoder } from './inference/onnx-relation-encoder.js';
import { MemoryRegistry } from './memory/registry.js';
import type { SearchMode } from './memory/search-choice.js';

/** What text needs to become predictions; no store. */
export interface Extraction {
  readonly schema: PredicateSchema;
  readonly detector: OnnxMentionDetector;
  readonly encoder: OnnxRelationEncoder;
  readonly memories: MemoryRegistry;
  readonly extractor: ExtractionPipeline;
  /** With the run's overrides; its memories are open. */
  readonly profile: ScoringProfile;
  close(): Promise<void>;
}

export interface ExtractionOptions {
  /** Name of a profile in place of the configured one; null for the classifier alone. */
  readonly profile?: string | null;
  readonly overrides?: ProfileOverrides;
  /** How memories are searched, in place of the configured mode. */
  readonly searchMode?: SearchMode;
  /** Told what runs otherwise than it could: a memory whose index cannot be used. A process warning unless given. */
  readonly onNotice?: (notice: string) => void;
}

/** Opens models, memories and profile. @throws MODEL_*, MEMORY_*, INVALID_ARGUMENT; nothing stays open then */
export async function openExtraction(config: Config, options: ExtractionOptions = {}): Promise<Extraction> {
  const schema = await readSchema(config);
  const inference = { workers: config.inferenceWorkers, executionProvider: config.executionProvider };
  const opened: { close(): Promise<void> }[] = [];
  const keep = <Resource extends { close(): Promise<void> }>(resource: Resource): Resource => {
    opened.push(resource);
    return resource;
  };
  const close = async (): Promise<void> => {
    await Promise.all(opened.map((resource) => resource.close()));
  };
  try {
    const opening = await Promise.allSettled([
      OnnxMentionDetector.open(join(config.modelsDir, config.mentionDetector), inference).then(keep),
      OnnxRelationEncoder.open(join(config.modelsDir, config.relationEncoder), inference).then(keep),
    ]);
    const [detector, encoder] = [settled(opening[0]), settled(opening[1])];
    const memories = keep(
      new MemoryRegistry(config.memoriesDir, encoder, {
        mode: options.searchMode ?? config.searchMode,
        onNotice:
          options.onNotice ??
          ((notice) => {
            process.emitWarning(notice);
          }),
      }),
    );
    const profile = await chosenProfile(config, encoder.model, options);
    checkProfileModel(profile, encoder.model);
    await Promise.all(profile.memories.map(({ memory }) => memories.open(memory)));
    const extractor = new ExtractionPipeline({
      detector,
      encoder,
      memories: (name) => memories.get(name),
      schema,
      limits: { maxTextLength: config.maxTextLength },
    });
    return { schema, detector, encoder, memories, extractor, profile, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A profile's settings fit the distances of one encoder: another one is refused at start, not at the first text. */
function checkProfileModel(profile: ScoringProfile, model: string): void {
  if (profile.model !== model)
    throw new NeighborKbError(
      'INVALID_ARGUMENT',
      `scoring profile ${profile.name} was tuned for ${profile.model}, the relation encoder is ${model}`,
      ['profile', 'model'],
    );
}

export async function readSchema(config: Config): Promise<PredicateSchema> {
  return PredicateSchema.parse(await readJson(join(config.modelsDir, 'predicates.json'), 'MODEL_MISSING'));
}

/** The folders of a server that clients need not know, as `NeighborKbError.outside` takes them. */
export function foldersOf({ exchangeDir, dataDir, memoriesDir, modelsDir }: Config): string[] {
  const folders = [exchangeDir, dataDir, memoriesDir, modelsDir].flatMap((folder) => [
    resolve(folder),
    realPath(folder),
  ]);
  return folders.map((folder) => `${folder}${sep}`).sort((a, b) => b.length - a.length);
}

/** Profiles that ship with the product, and those that were made here. */
export function profileStore(config: Config): ProfileStore {
  return new ProfileStore(join(config.modelsDir, 'profiles'), join(config.dataDir, 'profiles'));
}

/**
 * @param reference `name` for its newest version, or `name@version`
 * @throws NeighborKbError INVALID_ARGUMENT where there is no such profile or it is malformed
 */
export async function readProfile(config: Config, reference: string): Promise<ScoringProfile> {
  return profileStore(config).get(reference);
}

/** What tuning starts from: the classifier alone, probabilities as they come. */
export function untunedProfile(name: string, model: string): ScoringProfile {
  return {
    name,
    version: 1,
    model,
    memories: [],
    nilRatio: 1,
    minimumProbability: 0,
    calibration: { slope: 1, intercept: 0 },
  };
}

async function chosenProfile(
  config: Config,
  model: string,
  { profile, overrides = {} }: ExtractionOptions,
): Promise<ScoringProfile> {
  const base =
    profile === null
      ? untunedProfile('untuned', model)
      : await readProfile(config, profile ?? config.profile);
  return overrideProfile(base, overrides);
}

async function readJson(path: string, missing: 'MODEL_MISSING'): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new NeighborKbError(missing, `${path} cannot be read`, [path], { cause });
  });
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new NeighborKbError('INVALID_FILE', `${path} is not JSON`, [path], { cause });
  }
}

/** Where links lead; a folder that is not there yet is none. */
function realPath(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return resolve(folder);
  }
}

function settled<Value>(outcome: PromiseSettledResult<Value>): Value {
  if (outcome.status === 'rejected') throw outcome.reason;
  return outcome.value;
}
