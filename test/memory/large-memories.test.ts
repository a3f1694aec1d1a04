import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { sha256OfFile } from '../../src/inference/package-files.js';
import { ApproximateSearch } from '../../src/memory/faiss/approximate-search.js';
import { setProbes } from '../../src/memory/faiss/index-file.js';
import { INDEX_KINDS, type IndexKind } from '../../src/memory/faiss/messages.js';
import { Nearest } from '../../src/memory/faiss/nearest.js';
import {
  indexPackage,
  keySourceOf,
  packageIndex,
  removeIndex,
} from '../../src/memory/faiss/package-index.js';
import { readManifest } from '../../src/memory/manifest.js';
import { verifyPackage, writePackage } from '../../src/memory/package.js';
import type { MemoryManifest, SearchHits } from '../../src/memory/ports.js';
import { openSearch, type Searcher, type SearchMode } from '../../src/memory/search-choice.js';
import { runInMemory } from '../cli/memory-io.js';
import { description, entry, toyPackage } from './builders.js';
import { clusteredKeys, faissIsInstalled } from './faiss.js';
import { temporaryFolder } from './temporary.js';

const ENTRIES = 600;
const DIMENSION = 16;
const QUERIES = 20;
const K = 8;
const queries = clusteredKeys(QUERIES, DIMENSION, 7);
const hasFaiss = faissIsInstalled();
const withFaiss = it.skipIf(!hasFaiss);

async function largePackage(): Promise<string> {
  const directory = join(await temporaryFolder(), 'large');
  await writeLarge(directory);
  return directory;
}

async function writeLarge(directory: string): Promise<void> {
  const entries = Array.from({ length: ENTRIES }, (_, i) => entry(i));
  const about = description('large', { representationSize: DIMENSION, keyType: 'int8', normalised: true });
  await writePackage(directory, about, entries, clusteredKeys(ENTRIES, DIMENSION, 2));
}

/** One that was indexed once for all tests, and the name of its index. */
let indexed = { directory: '', file: '' };
beforeAll(async () => {
  if (!hasFaiss) return;
  const parent = await mkdtemp(join(tmpdir(), 'neighborkb-index-'));
  const directory = join(parent, 'large');
  await writeLarge(directory);
  const { file } = await indexPackage(directory, { kind: 'ivf-flat', recall: 0.9, threads: 1 });
  indexed = { directory, file };
  return () => rm(parent, { recursive: true });
});

/** A copy of it. */
async function indexedPackage(): Promise<{ readonly directory: string; readonly file: string }> {
  const directory = join(await temporaryFolder(), 'large');
  await cp(indexed.directory, directory, { recursive: true });
  return { directory, file: indexed.file };
}

async function searcherOf(directory: string, mode: SearchMode, notices: string[] = []): Promise<Searcher> {
  const manifest = await verifyPackage(directory);
  const searcher = await openSearch(directory, manifest, {
    mode,
    onNotice: (notice) => notices.push(notice),
  });
  onTestFinished(() => searcher.close());
  return searcher;
}

/** Share of the exact neighbours that were found; their distances must be the exact ones. */
function recall(found: SearchHits, exact: SearchHits): number {
  let hits = 0;
  for (let query = 0; query < QUERIES; query++) {
    const distances = new Map(
      Array.from({ length: K }, (_, i) => [
        exact.indices[query * K + i],
        exact.squaredDistances[query * K + i],
      ]),
    );
    for (let i = query * K; i < (query + 1) * K; i++) {
      const distance = distances.get(found.indices[i]!);
      if (distance === undefined) continue;
      expect(found.squaredDistances[i]).toBe(distance);
      hits++;
    }
  }
  return hits / (QUERIES * K);
}

describe('an index of a large memory', () => {
  withFaiss.each(INDEX_KINDS)(
    'of kind %s finds nearly all that an exact search finds, with its distances',
    async (kind: IndexKind) => {
      const directory = await largePackage();
      const progress: number[] = [];
      const onProgress = (done: number) => progress.push(done);
      const index = await indexPackage(directory, { kind, recall: 0.97, threads: 1, onProgress });
      expect(index.recall).toBeGreaterThanOrEqual(0.97);
      expect(index.probes).toBeLessThanOrEqual(index.lists);
      expect(progress.at(-1)).toBe(ENTRIES);
      const approximate = await searcherOf(directory, 'approximate');
      expect(approximate).toBeInstanceOf(ApproximateSearch);
      const exact = await searcherOf(directory, 'exact');
      const [found, gold] = await Promise.all([
        approximate.search(queries, QUERIES, K),
        exact.search(queries, QUERIES, K),
      ]);
      expect(recall(found, gold)).toBeGreaterThan(0.93);
    },
  );

  withFaiss(
    'finds as many neighbours as are asked for when the lists that it probes hold fewer',
    async () => {
      const directory = await largePackage();
      await indexPackage(directory, { kind: 'ivf-flat', recall: 0.5, lists: 100, threads: 1 });
      const approximate = await searcherOf(directory, 'approximate');
      const { k, indices } = await approximate.search(queries, QUERIES, 3 * ENTRIES);
      expect(k).toBe(ENTRIES);
      for (let query = 0; query < QUERIES; query++)
        expect(new Set(indices.subarray(query * k, (query + 1) * k)).size).toBe(ENTRIES);
    },
  );

  withFaiss('leaves entries, keys and version as they are, and no trace when it is removed', async () => {
    const before = await readManifest(await largePackage());
    const { directory } = await indexedPackage();
    await indexPackage(directory, { kind: 'ivf-sq8', recall: 0.9, threads: 1 });
    const after = await verifyPackage(directory);
    expect({ ...after, files: [] }).toEqual({ ...before, files: [] });
    expect(after.files.slice(0, 2)).toEqual(before.files);
    expect((await readdir(directory)).filter((name) => name.startsWith('index-'))).toHaveLength(2);
    expect(await packageIndex(directory, after)).toMatchObject({ kind: 'ivf-sq8' });
    expect(await removeIndex(directory)).toBe(true);
    expect(await removeIndex(directory)).toBe(false);
    expect(await readManifest(directory)).toEqual(before);
    expect(await readdir(directory)).toHaveLength(3);
  });

  withFaiss('is not there when it cannot reach the recall that is asked for', async () => {
    const directory = await largePackage();
    const before = await readdir(directory);
    const building = indexPackage(directory, { kind: 'ivf-flat', recall: 1.01, lists: 2, threads: 1 });
    await expect(building).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', path: ['kind'] });
    expect(await readdir(directory)).toEqual(before);
  });

  withFaiss('is refused for an empty memory and for one that is corrupt', async () => {
    const directory = join(await temporaryFolder(), 'empty');
    await writePackage(directory, description('empty'), [], new Float32Array(0));
    const options = { kind: 'ivf-flat', recall: 0.9, threads: 1 } as const;
    await expect(indexPackage(directory, options)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    const corrupt = await largePackage();
    await writeFile(join(corrupt, 'keys.bin'), 'x');
    await expect(indexPackage(corrupt, options)).rejects.toMatchObject({ code: 'MEMORY_CORRUPT' });
  });

  withFaiss('is replaced when its process dies', async () => {
    const { directory } = await indexedPackage();
    const search = (await searcherOf(directory, 'approximate')) as ApproximateSearch;
    const before = await search.search(queries, QUERIES, K);
    process.kill((await search.processId())!, 'SIGKILL');
    // The search that finds the process dead may be rejected; the one after it is not.
    await search.search(queries, QUERIES, K).catch(() => undefined);
    expect(await search.search(queries, QUERIES, K)).toEqual(before);
  });

  withFaiss('refuses queries as an exact search does', async () => {
    const { directory } = await indexedPackage();
    const search = await searcherOf(directory, 'approximate');
    await expect(search.search(queries, QUERIES + 1, K)).rejects.toMatchObject({ path: ['queries'] });
    await expect(search.search(queries, QUERIES, 0)).rejects.toMatchObject({ path: ['k'] });
    const broken = queries.slice();
    broken[DIMENSION] = NaN;
    await expect(search.search(broken, QUERIES, K)).rejects.toMatchObject({ path: ['queries', 1] });
    expect(await search.search(new Float32Array(0), 0, K)).toMatchObject({ k: K });
    await search.close();
    await expect(search.search(queries, QUERIES, K)).rejects.toMatchObject({ code: 'INTERNAL' });
  });
});

describe('the file of an index', () => {
  /** Puts a file into the package's manifest as if it belonged there. */
  async function relist(directory: string, changed: string): Promise<MemoryManifest> {
    const manifest = await readManifest(directory);
    const path = join(directory, changed);
    const bytes = (await readFile(path)).length;
    const sha256 = await sha256OfFile(path);
    const files = manifest.files.map((file) =>
      file.path === changed ? { path: changed, sha256, bytes } : file,
    );
    return { ...manifest, files };
  }

  withFaiss('that is another than the manifest lists is refused before FAISS sees it', async () => {
    const { directory, file } = await indexedPackage();
    const content = await readFile(join(directory, file));
    content[content.length - 1]! ^= 1;
    await writeFile(join(directory, file), content);
    await expect(verifyPackage(directory)).rejects.toMatchObject({
      code: 'MEMORY_CORRUPT',
      path: ['manifest.json', 'files', 2, 'sha256'],
    });
  });

  withFaiss('of other keys, or of no index at all, is refused', async () => {
    const { directory, file } = await indexedPackage();
    const toy = await toyPackage();
    const other = await indexPackage(toy, { kind: 'ivf-flat', recall: 0.5, lists: 1, threads: 1 });
    for (const content of [await readFile(join(toy, other.file)), Buffer.from('no index')]) {
      await writeFile(join(directory, file), content);
      const manifest = await relist(directory, file);
      await expect(openSearch(directory, manifest, { mode: 'approximate' })).rejects.toMatchObject({
        code: 'MEMORY_CORRUPT',
        path: [file],
      });
    }
  });

  withFaiss('that the facts name without a hash is refused', async () => {
    const { directory, file } = await indexedPackage();
    const manifest = await readManifest(directory);
    const unlisted = { ...manifest, files: manifest.files.filter(({ path }) => path !== file) };
    await expect(packageIndex(directory, unlisted)).rejects.toMatchObject({ code: 'MEMORY_CORRUPT' });
  });

  it('is changed only where it is the inverted file that is expected', async () => {
    const path = join(await temporaryFolder(), 'file');
    await writeFile(path, Buffer.alloc(100));
    await expect(setProbes(path, { dimension: 4, lists: 2 }, 1)).rejects.toThrow('no inverted file');
    expect(await readFile(path)).toEqual(Buffer.alloc(100));
  });
});

describe('neighborkb memory index', () => {
  withFaiss('builds an index, says what it finds, and takes it away again', async () => {
    const directory = await toyPackage();
    process.env['NEIGHBORKB_MEMORIES_DIR'] = dirname(directory);
    onTestFinished(() => void Reflect.deleteProperty(process.env, 'NEIGHBORKB_MEMORIES_DIR'));
    const index = ['memory', 'index', 'toy'];
    const built = await runInMemory([...index, '--kind', 'ivf-flat', '--lists', '1', '--json']);
    expect(built).toMatchObject({ code: 0 });
    expect(JSON.parse(built.stdout)).toMatchObject({
      ...{ memory: 'toy@1.0.0', index: { kind: 'ivf-flat', lists: 1, probes: 1, recall: 1 } },
    });
    expect((await verifyPackage(directory)).files).toHaveLength(4);
    expect((await runInMemory([...index, '--remove'])).stdout).toContain('index removed');
    expect((await verifyPackage(directory)).files).toHaveLength(2);
    expect(await runInMemory([...index, '--remove'])).toMatchObject({ code: 3, stdout: '' });
    expect(await runInMemory([...index, '--kind', 'hnsw'])).toMatchObject({ code: 2 });
  });
});

describe('a memory', () => {
  withFaiss('that is small is searched exactly unless its index is asked for', async () => {
    const { directory } = await indexedPackage();
    const notices: string[] = [];
    expect(await searcherOf(directory, 'auto', notices)).not.toBeInstanceOf(ApproximateSearch);
    expect(notices).toEqual([]);
  });

  it('without an index is searched exactly, and one is told so who asked for the index', async () => {
    const notices: string[] = [];
    const search = await searcherOf(await toyPackage(), 'approximate', notices);
    expect(search).not.toBeInstanceOf(ApproximateSearch);
    expect(notices).toEqual([expect.stringContaining('toy@1.0.0 has no index')]);
  });

  withFaiss('with an index is searched exactly, and says so, where faiss-node is not installed', async () => {
    const { directory } = await indexedPackage();
    const { notices, indices, error } = await withoutFaiss(directory);
    const exact = await searcherOf(directory, 'exact');
    const gold = await exact.search(clusteredKeys(1, DIMENSION, 7), 1, K);
    expect(indices).toEqual([...gold.indices]);
    expect(notices).toEqual([
      expect.stringMatching(/large@1\.0\.0 has an index .*faiss-node cannot be loaded/),
    ]);
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', path: ['faiss-node'] });
  });
});

/** Opens the package, and tries to index it, with the built code in a folder whose node_modules lack faiss-node. */
async function withoutFaiss(directory: string) {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const folder = await temporaryFolder();
  await cp(join(root, 'dist'), join(folder, 'dist'), { recursive: true });
  await cp(join(root, 'package.json'), join(folder, 'package.json'));
  await mkdir(join(folder, 'node_modules'));
  for (const name of await readdir(join(root, 'node_modules')))
    if (name !== 'faiss-node')
      await symlink(join(root, 'node_modules', name), join(folder, 'node_modules', name));
  const module = (path: string) => JSON.stringify(pathToFileURL(join(folder, 'dist', 'memory', path)).href);
  await writeFile(
    join(folder, 'run.mjs'),
    `import { openSearch } from ${module('search-choice.js')};
     import { readManifest } from ${module('manifest.js')};
     import { indexPackage } from ${module('faiss/package-index.js')};
     const [directory, ...query] = process.argv.slice(2);
     const notices = [];
     const onNotice = (notice) => notices.push(notice);
     const search = await openSearch(directory, await readManifest(directory), { mode: 'approximate', onNotice });
     const { indices } = await search.search(Float32Array.from(query.map(Number)), 1, ${K});
     await search.close();
     const error = await indexPackage(directory, { kind: 'ivf-flat', recall: 0.9 }).catch((reason) => reason);
     console.log(JSON.stringify({ notices, indices: [...indices], error: { code: error.code, path: error.path } }));`,
  );
  const query = [...clusteredKeys(1, DIMENSION, 7)].map(String);
  const { stdout } = await promisify(execFile)(process.execPath, [
    join(folder, 'run.mjs'),
    directory,
    ...query,
  ]);
  return JSON.parse(stdout) as { notices: string[]; indices: number[]; error: unknown };
}

describe('the nearest of many rows', () => {
  it('are the first when all are sorted by distance and row, whatever comes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(20), { maxLength: 60 }),
        fc.integer({ min: 1, max: 20 }),
        (distances, k) => {
          const nearest = new Nearest(k);
          const order = [...distances.keys()].sort((a, b) => distances[a]! - distances[b]! || a - b);
          for (const row of [...distances.keys()].reverse()) nearest.add(row, distances[row]!);
          expect(nearest.rows).toEqual(order.slice(0, k));
        },
      ),
    );
  });
});

it('keys of an index are read from the package that it belongs to', async () => {
  const directory = await toyPackage();
  expect(keySourceOf(directory, await readManifest(directory))).toEqual({
    keysPath: join(directory, 'keys.bin'),
    keyType: 'float32',
    dimension: 4,
    entries: 3,
    normalised: false,
  });
});
