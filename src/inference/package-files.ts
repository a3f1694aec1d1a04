import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { NeighborKbError, type ErrorCode } from '../domain/errors.js';

/** A file of a package as its card or manifest states it. The path is a plain name: packages have no folders. */
export const packageFile = z.object({
  path: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'must be a plain file name'),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.number().int().min(0),
});
export type PackageFile = Readonly<z.infer<typeof packageFile>>;

/** sha256 of a file, hexadecimal; read as a stream. */
export async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}

/** What to say when a package's file is not there, and when it is not the one that was written. */
export interface PackageErrors {
  readonly missing: ErrorCode;
  readonly corrupt: ErrorCode;
  /** The JSON file that lists the files: first part of the error's path. */
  readonly listing: string;
}

/** Compares every file of a package with its stated size and hash. @throws NeighborKbError naming the file */
export async function verifyFiles(
  directory: string,
  files: readonly PackageFile[],
  errors: PackageErrors,
): Promise<void> {
  await Promise.all(
    files.map((file, index) => verifyFile(directory, file, [errors.listing, 'files', index], errors)),
  );
}

async function verifyFile(
  directory: string,
  file: PackageFile,
  field: readonly (string | number)[],
  errors: PackageErrors,
): Promise<void> {
  const path = join(directory, file.path);
  const found = await stat(path).catch(() => null);
  if (found === null || !found.isFile())
    throw new NeighborKbError(errors.missing, `${path} is missing`, [...field, 'path']);
  if (found.size !== file.bytes)
    throw new NeighborKbError(errors.corrupt, `${path} has ${found.size} bytes, expected ${file.bytes}`, [
      ...field,
      'bytes',
    ]);
  const sha256 = await sha256OfFile(path);
  if (sha256 !== file.sha256)
    throw new NeighborKbError(errors.corrupt, `${path} has sha256 ${sha256}, expected ${file.sha256}`, [
      ...field,
      'sha256',
    ]);
}

/** Reads a package's JSON file and checks its shape. @throws NeighborKbError naming the first field that is off */
export async function readListing<Shape extends z.ZodType>(
  directory: string,
  shape: Shape,
  errors: PackageErrors,
): Promise<z.infer<Shape>> {
  const path = join(directory, errors.listing);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    const absent = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    const what = absent ? 'is missing' : `cannot be read: ${(cause as Error).message}`;
    throw new NeighborKbError(errors.missing, `${path} ${what}`, [errors.listing], { cause });
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new NeighborKbError(
      errors.corrupt,
      `${path} is no JSON: ${(cause as Error).message}`,
      [errors.listing],
      {
        cause,
      },
    );
  }
  const parsed = shape.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = (issue?.path ?? []).map((part) => (typeof part === 'symbol' ? String(part) : part));
  throw new NeighborKbError(
    errors.corrupt,
    `${path}: ${field.join('.') || 'the document'}: ${issue?.message ?? 'malformed'}`,
    [errors.listing, ...field],
  );
}
