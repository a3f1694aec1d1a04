import { z } from 'zod';
import { NeighborKbError } from '../domain/errors.js';
import { packageFile, readListing, type PackageErrors } from '../inference/package-files.js';
import { bytesPerKey, KEY_TYPES } from './key-codec.js';
import type { MemoryManifest } from './ports.js';

export const MANIFEST_FILE = 'manifest.json';
export const ENTRIES_FILE = 'entries.jsonl';
export const KEYS_FILE = 'keys.bin';

export const PACKAGE_ERRORS: PackageErrors = {
  missing: 'MEMORY_MISSING',
  corrupt: 'MEMORY_CORRUPT',
  listing: MANIFEST_FILE,
};

/** Names of memories are names of folders: nothing in them can lead elsewhere. */
const NAME = /^[a-z0-9][a-z0-9-]{0,63}$/;

const count = z.number().int().min(0);

/** The shape of manifest.json; see `MemoryManifest`. */
export const manifestShape = z
  .object({
    formatVersion: z.literal(1),
    name: z.string().regex(NAME),
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

/** @throws NeighborKbError INVALID_ARGUMENT for a name that is no plain folder name */
export function checkMemoryName(name: string): void {
  if (!NAME.test(name))
    throw new NeighborKbError(
      'INVALID_ARGUMENT',
      `memory name ${JSON.stringify(name)}: must be lower-case letters, digits and hyphens, at most 64`,
      ['memory'],
    );
}
