import { basename, join } from 'node:path';
import { z } from 'zod';
import { NeighborKbError } from '../domain/errors.js';
import { CASING_CLASSES } from './casing.js';
import { packageFile, readListing, verifyFiles, type PackageErrors } from './package-files.js';

const ERRORS: PackageErrors = { missing: 'MODEL_MISSING', corrupt: 'MODEL_CORRUPT', listing: 'card.json' };

const sharedFields = {
  formatVersion: z.literal(1),
  name: z.string().regex(/^[a-z0-9][a-z0-9-]*$/),
  version: z.string().regex(/^\d+\.\d+\.\d+[A-Za-z0-9.+-]*$/),
  description: z.string().min(1),
  base: z.object({ name: z.string(), license: z.string(), parameters: z.number() }).loose(),
  labels: z.array(z.string().min(1)).min(2),
  hiddenSize: z.number().int().positive(),
  lowercase: z.literal(true),
  casingClasses: z.array(z.string()).refine((classes) => classes.join() === CASING_CLASSES.join(), {
    message: `must be ${CASING_CLASSES.join(', ')}`,
  }),
  data: z.array(z.object({ name: z.string() }).loose()),
  recipe: z.record(z.string(), z.unknown()),
  scores: z.record(z.string(), z.unknown()),
  files: z.array(packageFile).min(1),
};

const mentionDetectorCard = z
  .object({
    ...sharedFields,
    kind: z.literal('mention-detector'),
    /** Longest text in pieces, [CLS] and [SEP] included; at least the longest word, 100 pieces, must fit. */
    maxTokens: z.number().int().min(102).max(512),
    /** Lower-case words that stand for an entity. */
    pronouns: z.array(z.string().min(1)),
  })
  .loose();

const relationEncoderCard = z
  .object({
    ...sharedFields,
    kind: z.literal('relation-encoder'),
    /** Longest text in pieces, without [CLS], [SEP] and pair markers. */
    maxTextTokens: z.number().int().min(8).max(510),
    labels: sharedFields.labels.refine((labels) => labels[0] === 'NIL', { message: 'must begin with NIL' }),
    mentionTypes: z.array(z.string().min(1)).min(1),
    /** Token id of each pair marker: `S:PER:start`. */
    markers: z.record(z.string(), z.number().int().positive()),
    representationSize: z.number().int().positive(),
    maxPairsPerPass: z.number().int().positive(),
  })
  .loose();

export type MentionDetectorCard = Readonly<z.infer<typeof mentionDetectorCard>>;
export type RelationEncoderCard = Readonly<z.infer<typeof relationEncoderCard>>;
export type ModelCard = MentionDetectorCard | RelationEncoderCard;

/** A verified model package: models/<name>/{card.json, model.onnx, tokenizer.json}. */
export interface ModelPackage<Card extends ModelCard> {
  readonly directory: string;
  readonly card: Card;
  readonly modelPath: string;
  /** sha256 of the ONNX file, hexadecimal. */
  readonly modelHash: string;
  readonly tokenizerPath: string;
}

/**
 * Reads a package's card and verifies every file that it lists. Reads the files once, as streams; call it at start.
 * @throws NeighborKbError MODEL_MISSING, MODEL_CORRUPT naming the file and the card's field
 */
export async function loadMentionDetectorPackage(
  directory: string,
): Promise<ModelPackage<MentionDetectorCard>> {
  return verified(directory, await readListing(directory, mentionDetectorCard, ERRORS));
}

/** As `loadMentionDetectorPackage`, for a relation encoder. */
export async function loadRelationEncoderPackage(
  directory: string,
): Promise<ModelPackage<RelationEncoderCard>> {
  return verified(directory, await readListing(directory, relationEncoderCard, ERRORS));
}

async function verified<Card extends ModelCard>(directory: string, card: Card): Promise<ModelPackage<Card>> {
  const listed = (name: string) => {
    const file = card.files.find(({ path }) => path === name);
    if (file) return file;
    throw new NeighborKbError('MODEL_CORRUPT', `${basename(directory)}: card.json lists no ${name}`, [
      ERRORS.listing,
      'files',
    ]);
  };
  const model = listed('model.onnx');
  const tokenizer = listed('tokenizer.json');
  await verifyFiles(directory, card.files, ERRORS);
  return {
    directory,
    card,
    modelPath: join(directory, model.path),
    modelHash: model.sha256,
    tokenizerPath: join(directory, tokenizer.path),
  };
}
