import { readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { decodeFloat16, decodeFloat32, encodeFloat16, encodeFloat32 } from '../domain/float16.js';
import { makeFolders } from '../files/make-folders.js';

/*
 * A file of numbers: a line of JSON (what they are, and the length of each array), then the arrays one after the other,
 * little-endian. Integers are kept as float32, which holds them exactly below 2^24.
 */

const arrayShape = z.object({
  name: z.string(),
  type: z.enum(['integer', 'float16', 'float32']),
  length: z.number().int().min(0),
});
const headerShape = z.object({ format: z.literal(2), about: z.unknown(), arrays: z.array(arrayShape) });

/** An array to write; values of `float16` must be ones that float16 can hold. */
export interface StoredArray {
  readonly type: z.infer<typeof arrayShape>['type'];
  readonly values: ArrayLike<number>;
}

export interface ArrayFile {
  readonly about: unknown;
  readonly arrays: ReadonlyMap<string, Float32Array>;
}

/** Writes the file as a whole or not at all. */
export async function writeArrays(
  path: string,
  about: unknown,
  arrays: Readonly<Record<string, StoredArray>>,
): Promise<void> {
  const listed = Object.entries(arrays);
  const header = {
    format: 2,
    about,
    arrays: listed.map(([name, { type, values }]) => ({ name, type, length: values.length })),
  };
  const parts = listed.map(([, { type, values }]) =>
    type === 'float16' ? encodeFloat16(values) : encodeFloat32(values),
  );
  await makeFolders(dirname(path));
  const unfinished = `${path}.${process.pid}.tmp`;
  await writeFile(unfinished, Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), ...parts]));
  await rename(unfinished, path);
}

/** Null where there is no such file, or one of another format, or one that was cut. */
export async function readArrays(path: string): Promise<ArrayFile | null> {
  const bytes = await readFile(path).catch(() => null);
  if (!bytes) return null;
  const end = bytes.indexOf(0x0a);
  const header = headerShape.safeParse(jsonOrNull(bytes.subarray(0, Math.max(end, 0)).toString()));
  if (!header.success) return null;
  const sizes = header.data.arrays.map(({ type, length }) => length * (type === 'float16' ? 2 : 4));
  let offset = end + 1;
  if (bytes.length !== offset + sizes.reduce((sum, size) => sum + size, 0)) return null;
  const arrays = new Map<string, Float32Array>();
  for (const [index, { name, type }] of header.data.arrays.entries()) {
    const part = bytes.subarray(offset, (offset += sizes[index] as number));
    arrays.set(name, type === 'float16' ? decodeFloat16(part) : decodeFloat32(part));
  }
  return { about: header.data.about, arrays };
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
