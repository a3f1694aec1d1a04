import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Config } from '../config.js';
import { NeighborKbError } from '../domain/errors.js';
import type { PredicateSchema } from '../domain/predicates.js';
import { splitSentences } from '../extraction/sentences.js';
import { mentionFinder } from '../extraction/text-tools.js';
import { makeFolders } from '../files/make-folders.js';
import { OnnxMentionDetector } from '../inference/onnx-mention-detector.js';
import { OnnxRelationEncoder } from '../inference/onnx-relation-encoder.js';
import { openExistingStore } from '../open-store.js';
import type { MemoryTools } from './memory-tools.js';
import { storedFacts } from './stored-facts.js';

export interface OpenedMemoryTools extends MemoryTools {
  close(): Promise<void>;
}

/**
 * Tools for one command: the encoder is opened now, the detector when mentions are asked for. Files are what the
 * person at the command line names.
 * @throws NeighborKbError MODEL_MISSING, MODEL_CORRUPT
 */
export async function openMemoryTools(config: Config, schema: PredicateSchema): Promise<OpenedMemoryTools> {
  const inference = { workers: config.inferenceWorkers, executionProvider: config.executionProvider };
  const encoder = await OnnxRelationEncoder.open(join(config.modelsDir, config.relationEncoder), inference);
  let detector: Promise<OnnxMentionDetector> | null = null;
  return {
    memoriesDir: config.memoriesDir,
    schema,
    encoder,
    splitSentences,
    findMentions: async (texts) => {
      detector ??= OnnxMentionDetector.open(join(config.modelsDir, config.mentionDetector), inference);
      return mentionFinder(await detector)(texts);
    },
    inputPath: existingPath,
    outputPath,
    storedFacts: async function* (choice) {
      const store = await openExistingStore(config);
      try {
        yield* storedFacts(store)(choice);
      } finally {
        await store.close();
      }
    },
    close: async () => {
      await encoder.close();
      await (await detector)?.close();
    },
  };
}

/** @throws NeighborKbError NOT_FOUND */
export async function existingPath(path: string): Promise<string> {
  await stat(path).catch((cause: unknown) => {
    throw new NeighborKbError('NOT_FOUND', `${path}: there is no such file or folder`, [path], { cause });
  });
  return path;
}

export async function outputPath(path: string): Promise<string> {
  await makeFolders(dirname(path));
  return path;
}
