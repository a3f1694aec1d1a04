import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import { PredicateSchema } from '../../src/domain/predicates.js';
import { OnnxMentionDetector } from '../../src/inference/onnx-mention-detector.js';
import { OnnxRelationEncoder } from '../../src/inference/onnx-relation-encoder.js';

export const MODELS = fileURLToPath(new URL('../../models/', import.meta.url));

export const schema = PredicateSchema.parse(JSON.parse(readFileSync(`${MODELS}predicates.json`, 'utf8')));

/** The shipped mention detector, for a whole test file. */
export async function realDetector(workers = 1): Promise<OnnxMentionDetector> {
  const detector = await OnnxMentionDetector.open(`${MODELS}mention-detector`, { workers });
  afterAll(() => detector.close());
  return detector;
}

/** The shipped relation encoder, for a whole test file. */
export async function realEncoder(workers = 1): Promise<OnnxRelationEncoder> {
  const encoder = await OnnxRelationEncoder.open(`${MODELS}relation-encoder`, { workers });
  afterAll(() => encoder.close());
  return encoder;
}
