import { z } from 'zod';
import { CORPUS_FORMATS, DATASET_FORMATS } from '../datasets/ports.js';
import { TOKEN_JOININGS } from '../datasets/token-joining.js';
import { AMBIGUITY_CHOICES } from '../memory/distant/distant-examples.js';
import { KEY_TYPES } from '../memory/key-codec.js';
import { fileName, memoryName, memoryReference, share, versionNumber } from './shapes.js';

/** What a new version of a memory is to be. */
const targetFields = {
  name: memoryName,
  version: versionNumber.optional(),
  description: z.string().default(''),
  license: z.string().min(1).default('unknown'),
  normalised: z.boolean().default(true),
  keyType: z.enum(KEY_TYPES).default('float16'),
  /** Most entries of one label from one sentence. */
  perText: z.number().int().positive().optional(),
  /** How lists of tokens become text. */
  tokens: z.enum(TOKEN_JOININGS).default('spaced'),
};

/** What distant supervision needs beside what every build needs. */
const distantFields = {
  /** CSV, TSV or N-Triples files, by their extensions; or triples of the knowledge base. */
  facts: z.union([
    z.strictObject({ files: z.array(fileName).min(1), skipUnknownPredicates: z.boolean().default(false) }),
    z.strictObject({
      store: z.strictObject({ acceptedOnly: z.boolean().default(true), minConfidence: share.default(0) }),
    }),
  ]),
  /** Text, or labelled data of which the text alone is read. */
  corpus: z.strictObject({
    format: z.enum([...CORPUS_FORMATS, ...DATASET_FORMATS, 'auto']),
    files: z.array(fileName).min(1),
  }),
  ambiguous: z.enum(AMBIGUITY_CHOICES).default('drop'),
  nilShare: share.default(0.1),
  perFact: z.number().int().positive().optional(),
  /** A memory of the same encoder that is asked how far the entries can be trusted. */
  trusted: memoryReference.optional(),
};

const labelledShape = z.strictObject({
  source: z.literal('labelled-data'),
  ...targetFields,
  from: z
    .array(
      z.strictObject({
        format: z.enum([...DATASET_FORMATS, 'auto']).default('auto'),
        files: z.array(fileName).min(1),
      }),
    )
    .min(1),
  /** As a mapping file has it, see `LabelMapping`. */
  mapping: z.json().optional(),
  nilShare: share.default(1),
  labels: z.enum(['known', 'any']).default('known'),
});
const distantShape = z.strictObject({ source: z.literal('facts'), ...targetFields, ...distantFields });
export const buildShape = z.discriminatedUnion('source', [labelledShape, distantShape]);

export type MemoryBuildInput = z.infer<typeof buildShape>;
export type LabelledBuildInput = z.infer<typeof labelledShape>;
export type DistantBuildInput = z.infer<typeof distantShape>;
