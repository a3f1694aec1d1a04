import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { NeighborKbError } from '../domain/errors.js';
import type { PredicateSchema } from '../domain/predicates.js';
import type { RelationEncoder } from '../inference/ports.js';
import { examplesOf, pairKey, type Example } from './examples.js';
import { entryId } from './entry-lines.js';
import { KEY_TYPES } from './key-codec.js';
import { checkMemoryName } from './reference.js';
import { writePackage } from './package.js';
import type { MemoryEntry, MemoryManifest } from './ports.js';
import { readSource, type LabelledSentence } from './source.js';

/** Sentences that are encoded together between two reports of progress. */
const SENTENCES_PER_STEP = 128;

const recipeShape = z.object({
  version: z.string().min(1),
  description: z.string(),
  license: z.string().min(1),
  /** Whether keys and queries are scaled to length 1 before distances are taken. */
  normalised: z.boolean(),
  /** NIL entries: the pairs that sources list, or every type-gated pair that holds no fact. */
  nil: z.enum(['listed', 'all']),
  /** Most entries of one label from one text, nearest mentions first: a crowded sentence must not outvote others. */
  perText: z.number().int().positive().optional(),
  keyType: z.enum(KEY_TYPES).default('float16'),
});

/** How a memory is built: memories/<name>/recipe.json, beside the folder `source`. */
export type MemoryRecipe = Readonly<z.infer<typeof recipeShape>>;

export interface BuildOptions {
  /** The memory's folder, with recipe.json and source/*.jsonl; the package is written into it. */
  readonly directory: string;
  readonly encoder: RelationEncoder;
  readonly schema: PredicateSchema;
  /** In place of the recipe's. */
  readonly overrides?: Partial<MemoryRecipe>;
  /** Sentences encoded so far, of all. */
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Builds a memory's package from its labelled sentences: every fact and every NIL pair an entry, with the
 * representation that the encoder gives the pair. The same sources and model give the same bytes.
 *
 * @throws NeighborKbError INVALID_FILE naming file, line and field; MEMORY_MISSING without recipe or sources
 */
export async function buildMemory(options: BuildOptions): Promise<MemoryManifest> {
  const { directory, encoder, schema, overrides } = options;
  const name = basename(directory);
  checkMemoryName(name);
  const recipe: MemoryRecipe = { ...(await readRecipe(directory)), ...overrides };
  const files = await sourceFiles(directory);
  const sentences = (await Promise.all(files.map((file) => readSource(file, schema)))).flat();
  checkLabels(sentences, encoder);
  const { entries, keys } = await encoded(sentences, recipe, options);
  return writePackage(
    directory,
    {
      name,
      version: recipe.version,
      description: recipe.description,
      license: recipe.license,
      model: encoder.model,
      modelHash: encoder.modelHash,
      representationSize: encoder.representationSize,
      normalised: recipe.normalised,
      sources: files.map((file) => `source/${basename(file)}`),
      keyType: recipe.keyType,
    },
    entries,
    concatenated(keys, encoder.representationSize),
  );
}

function checkLabels(sentences: readonly LabelledSentence[], { labels, model }: RelationEncoder): void {
  for (const { facts } of sentences)
    for (const { predicate } of facts)
      if (!labels.includes(predicate))
        throw new NeighborKbError('MEMORY_MODEL_MISMATCH', `${model} has no label ${predicate}`, [
          'labels',
          predicate,
        ]);
}

/** Entries in the order of the sentences, each once, with their representations. */
async function encoded(
  sentences: readonly LabelledSentence[],
  recipe: MemoryRecipe,
  { encoder, schema, onProgress }: BuildOptions,
): Promise<{ readonly entries: MemoryEntry[]; readonly keys: Float32Array[] }> {
  const entries: MemoryEntry[] = [];
  const keys: Float32Array[] = [];
  const seen = new Set<string>();
  for (let from = 0; from < sentences.length; from += SENTENCES_PER_STEP) {
    const step = sentences.slice(from, from + SENTENCES_PER_STEP);
    for (const { entry, key } of await encodedStep(step, recipe, encoder, schema)) {
      if (seen.has(entry.id)) continue;
      seen.add(entry.id);
      entries.push(entry);
      keys.push(key);
    }
    onProgress?.(Math.min(sentences.length, from + SENTENCES_PER_STEP), sentences.length);
  }
  return { entries, keys };
}

async function encodedStep(
  sentences: readonly LabelledSentence[],
  recipe: MemoryRecipe,
  encoder: RelationEncoder,
  schema: PredicateSchema,
): Promise<{ readonly entry: MemoryEntry; readonly key: Float32Array }[]> {
  const step = sentences.map((sentence) => {
    const examples = examplesOf(sentence, recipe, schema);
    // Pairs with two labels are encoded once.
    return { sentence, examples, pairs: new Map(examples.map((example) => [pairKey(example), example])) };
  });
  const results = await encoder.encode(
    step.map(({ sentence: { text, mentions }, pairs }) => ({ text, mentions, pairs: [...pairs.values()] })),
  );
  const size = encoder.representationSize;
  return step.flatMap(({ sentence, examples, pairs }, position) => {
    const rows = new Map([...pairs.keys()].map((key, row) => [key, row]));
    return examples.map((example) => {
      const begin = (rows.get(pairKey(example)) as number) * size;
      const key = results[position]?.representations.subarray(begin, begin + size) as Float32Array;
      return { entry: entryOf(sentence, example), key };
    });
  });
}

function entryOf(
  { text, mentions, origin }: LabelledSentence,
  { subject, object, label }: Example,
): MemoryEntry {
  // The source's parser has checked that both mentions are there.
  const [one, other] = [mentions[subject], mentions[object]] as [
    MemoryEntry['subject'],
    MemoryEntry['object'],
  ];
  const content = { text, subject: one, object: other, label };
  return { id: entryId(content), ...content, origin };
}

const EXAMPLE_RECIPE =
  '{"version": "1.0.0", "description": "…", "license": "own", "normalised": true, "nil": "listed"}';

async function readRecipe(directory: string): Promise<MemoryRecipe> {
  const path = join(directory, 'recipe.json');
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new NeighborKbError(
      'MEMORY_MISSING',
      `${path} is missing: it says how the memory is built, for example ${EXAMPLE_RECIPE}`,
      ['recipe.json'],
      { cause },
    );
  });
  try {
    return recipeShape.parse(JSON.parse(text));
  } catch (cause) {
    const issue = cause instanceof z.ZodError ? cause.issues[0] : undefined;
    const field = (issue?.path ?? []).map(String);
    const reason = issue?.message ?? (cause as Error).message;
    throw new NeighborKbError(
      'INVALID_FILE',
      `${path}: ${field.join('.')}: ${reason}`,
      ['recipe.json', ...field],
      {
        cause,
      },
    );
  }
}

async function sourceFiles(directory: string): Promise<string[]> {
  const folder = join(directory, 'source');
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.jsonl')).sort();
  if (names.length === 0)
    throw new NeighborKbError('MEMORY_MISSING', `${folder} holds no .jsonl file`, ['source']);
  return names.map((name) => join(folder, name));
}

function concatenated(rows: readonly Float32Array[], width: number): Float32Array {
  const values = new Float32Array(rows.length * width);
  for (const [row, key] of rows.entries()) values.set(key, row * width);
  return values;
}
