import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { NeighborKbError } from '../domain/errors.js';
import type { PredicateSchema } from '../domain/predicates.js';
import { sha256OfFile } from '../inference/package-files.js';
import { type ArrayFile, readArrays, writeArrays } from './array-file.js';
import type { GoldPairs } from './gold-pairs.js';
import { type ExtractedPairs, tableOfExtractedPairs, type PairTable } from './pair-table.js';

/** Part of every key: what earlier versions encoded is made again after a change of what is kept. */
const CONTENT = 1;

const goldShape = z.object({
  count: z.number().int(),
  representationSize: z.number().int(),
  encoderLabels: z.number().int(),
});
const extractedShape = z.object({
  representationSize: z.number().int(),
  encoderLabels: z.array(z.string()),
  gateTypes: z.array(z.tuple([z.string(), z.string()])),
});

/** What encoded pairs depend on. */
export interface CacheKey {
  /** Hashes of all models that took part. */
  readonly models: readonly string[];
  readonly files: readonly string[];
  /** Everything else: which texts, how types are mapped. */
  readonly options: unknown;
}

/**
 * Encodings of data sets on disk, by what they depend on: running an evaluation again costs no encoder. The files hold
 * no text and can be deleted at any time.
 */
export class PairCache {
  constructor(private readonly directory: string) {}

  /** Gold pairs as `encode` makes them, or as it made them before. */
  async gold(key: CacheKey, encode: () => Promise<GoldPairs>): Promise<GoldPairs> {
    const path = await this.pathOf(key, 'gold');
    const known = await readArrays(path);
    const about = goldShape.safeParse(known?.about);
    if (known && about.success)
      return {
        ...about.data,
        document: Int32Array.from(array(known, 'document')),
        mentions: Int32Array.from(array(known, 'mentions')),
        representations: array(known, 'representations'),
        classifier: array(known, 'classifier'),
      };
    const pairs = await encode();
    const { count, representationSize, encoderLabels } = pairs;
    await writeArrays(
      path,
      { count, representationSize, encoderLabels } satisfies z.infer<typeof goldShape>,
      {
        document: { type: 'integer', values: pairs.document },
        mentions: { type: 'integer', values: pairs.mentions },
        representations: { type: 'float16', values: pairs.representations },
        classifier: { type: 'float32', values: pairs.classifier },
      },
    );
    return pairs;
  }

  /** Pairs of an extraction as a table under the schema. */
  async extracted(
    key: CacheKey,
    schema: PredicateSchema,
    encode: () => Promise<ExtractedPairs>,
  ): Promise<PairTable> {
    const path = await this.pathOf(key, 'extracted');
    const known = await readArrays(path);
    const about = extractedShape.safeParse(known?.about);
    if (known && about.success)
      return tableOfExtractedPairs(
        {
          ...about.data,
          document: Int32Array.from(array(known, 'document')),
          spans: Int32Array.from(array(known, 'spans')),
          gate: Uint16Array.from(array(known, 'gate')),
          representations: array(known, 'representations'),
          classifier: array(known, 'classifier'),
        },
        schema,
      );
    const pairs = await encode();
    const { representationSize, encoderLabels, gateTypes } = pairs;
    await writeArrays(
      path,
      { representationSize, encoderLabels, gateTypes },
      {
        document: { type: 'integer', values: pairs.document },
        spans: { type: 'integer', values: pairs.spans },
        gate: { type: 'integer', values: pairs.gate },
        representations: { type: 'float16', values: pairs.representations },
        classifier: { type: 'float32', values: pairs.classifier },
      },
    );
    return tableOfExtractedPairs(pairs, schema);
  }

  private async pathOf({ models, files, options }: CacheKey, kind: string): Promise<string> {
    const hashes = await Promise.all(files.map((file) => sha256OfFile(file)));
    const key = createHash('sha256')
      .update(JSON.stringify([CONTENT, kind, models, hashes, options]))
      .digest('hex');
    return join(this.directory, `${key.slice(0, 32)}.pairs`);
  }
}

function array({ arrays }: ArrayFile, name: string): Float32Array {
  const found = arrays.get(name);
  if (!found)
    throw new NeighborKbError('INVALID_FILE', `a file of encoded pairs has no array ${name}`, [name]);
  return found;
}
