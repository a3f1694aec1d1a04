import { z } from 'zod';
import { packageFile, readListing, type PackageErrors } from '../inference/package-files.js';
import { bytesPerKey, KEY_TYPES } from './key-codec.js';
import { BUILD_METHODS, type MemoryManifest } from './ports.js';
import { isMemoryName } from './reference.js';

export const MANIFEST_FILE = 'manifest.json';
export const ENTRIES_FILE = 'entries.jsonl';
export const KEYS_FILE = 'keys.bin';

export const PACKAGE_ERRORS: PackageErrors = {
  missing: 'MEMORY_MISSING',
  corrupt: 'MEMORY_CORRUPT',
  listing: MANIFEST_FILE,
};

const count = z.number().int().min(0);

const builtShape = z.object({
  by: z.enum(BUILD_METHODS),
  inputs: z.array(z.object({ path: z.string(), sha256: z.string(), bytes: count })),
  settings: z.record(z.string(), z.json()),
});

/** The shape of manifest.json; see `MemoryManifest`. */
export const manifestShape = z
  .object({
    formatVersion: z.literal(1),
    name: z.string().refine(isMemoryName, { message: 'must be lower-case letters, digits and hyphens' }),
    version: z.string().min(1),
    description: z.string(),
    license: z.string().min(1),
    model: z.string().min(1),
    modelHash: z.string().regex(/^[0-9a-f]{64}$/),
    representationSize: z.number().int().positive(),
    normalised: z.boolean(),
    entries: count,
    countsByLabel: z.record(z.string(), count),
    sources: z.array(z.string()),
    built: builtShape.optional(),
    labels: z.enum(['known', 'any']).optional(),
    keyType: z.enum(KEY_TYPES),
    files: z.array(packageFile).min(2),
  })
  .superRefine((manifest, context) => {
    const counted = Object.values(manifest.countsByLabel).reduce((sum, own) => sum + own, 0);
    if (counted !== manifest.entries)
      context.addIssue({
        code: 'custom',
        path: ['countsByLabel'],
        message: `sums to ${counted}, expected ${manifest.entries}`,
      });
    for (const name of [ENTRIES_FILE, KEYS_FILE])
      if (!manifest.files.some(({ path }) => path === name))
        context.addIssue({ code: 'custom', path: ['files'], message: `lists no ${name}` });
    const keys = manifest.files.find(({ path }) => path === KEYS_FILE);
    const expected = manifest.entries * bytesPerKey(manifest.keyType, manifest.representationSize);
    if (keys && keys.bytes !== expected)
      context.addIssue({
        code: 'custom',
        path: ['files', manifest.files.indexOf(keys), 'bytes'],
        message: `is ${keys.bytes}, ${manifest.entries} keys have ${expected}`,
      });
  });

/** @throws NeighborKbError MEMORY_MISSING, MEMORY_CORRUPT naming the field */
export async function readManifest(directory: string): Promise<MemoryManifest> {
  return readListing(directory, manifestShape, PACKAGE_ERRORS);
}
