import { open } from 'node:fs/promises';

/*
 * The library has no way to say how many lists a search looks into, but its files do. An inverted file begins, in
 * little-endian (`write_ivf_header` in faiss/impl/index_write.cpp, the same from 1.5 on):
 *
 *     0  four letters    4  dimension, int32   8  vectors, int64   16  two unused int64
 *    32  trained, bool  33  metric, int32     37  lists, uint64    45  probes, uint64
 */

const KINDS: ReadonlySet<string> = new Set(['IwFl', 'IwSq', 'IwPQ']);
const DIMENSION_AT = 4;
const LISTS_AT = 37;
const PROBES_AT = 45;
const HEADER_BYTES = 53;

/**
 * Sets how many lists a search looks into.
 * @throws Error for a file that is not the inverted file which it should be
 */
export async function setProbes(
  path: string,
  expected: { readonly dimension: number; readonly lists: number },
  probes: number,
): Promise<void> {
  const file = await open(path, 'r+');
  try {
    const header = Buffer.alloc(HEADER_BYTES);
    await file.read(header, 0, HEADER_BYTES, 0);
    const kind = header.toString('latin1', 0, DIMENSION_AT);
    const lists = Number(header.readBigUInt64LE(LISTS_AT));
    if (
      !KINDS.has(kind) ||
      header.readInt32LE(DIMENSION_AT) !== expected.dimension ||
      lists !== expected.lists
    )
      throw new Error(
        `${path} is no inverted file of ${expected.lists} lists over ${expected.dimension} components`,
      );
    header.writeBigUInt64LE(BigInt(probes), PROBES_AT);
    await file.write(header, PROBES_AT, HEADER_BYTES - PROBES_AT, PROBES_AT);
    await file.sync();
  } finally {
    await file.close();
  }
}
