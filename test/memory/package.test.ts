import { readFile, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { PackagedMemory } from '../../src/memory/memory.js';
import { readPackage, writePackage } from '../../src/memory/package.js';
import type { MemoryManifest } from '../../src/memory/ports.js';
import { description, ENCODER, entry, toyPackage } from './builders.js';

test('a package that was written is read back as it was', async () => {
  const directory = await toyPackage();
  const { manifest, entries } = await readPackage(directory);
  expect(entries).toEqual([entry(0), entry(1, 'NIL'), entry(2)]);
  expect(manifest).toMatchObject({
    formatVersion: 1,
    name: 'toy',
    entries: 3,
    countsByLabel: { NIL: 1, P19: 2 },
  });
});

test('the same content gives the same bytes', async () => {
  const [one, other] = [await toyPackage({ keyType: 'int8' }), await toyPackage({ keyType: 'int8' })];
  for (const file of ['manifest.json', 'entries.jsonl', 'keys.bin'])
    expect(await readFile(join(one, file))).toEqual(await readFile(join(other, file)));
});

test('writing leaves nothing but the package behind', async () => {
  expect((await readdir(await toyPackage())).sort()).toEqual(['entries.jsonl', 'keys.bin', 'manifest.json']);
});

test('an open memory answers by index, by id and by filter', async () => {
  const memory = await opened(await toyPackage());
  expect(memory.size).toBe(3);
  expect(memory.entry(1).label).toBe('NIL');
  expect(memory.indexOf(entry(2).id)).toBe(2);
  expect(memory.indexOf('mem_none')).toBe(-1);
  expect(() => memory.entry(3)).toThrow(RangeError);
  expect(() => memory.entry(-1)).toThrow(RangeError);
  expect(memory.filter({ labels: ['NIL'] })).toEqual([entry(1, 'NIL')]);
  expect(memory.filter({ text: 'TOWN 2' })).toEqual([entry(2)]);
  expect(memory.filter({ origin: 'towns.jsonl' })).toHaveLength(3);
  expect(memory.filter({ origin: 'towns.jsonl:2', labels: ['P19'] })).toEqual([entry(2)]);
});

test('a memory is searched by representation', async () => {
  const memory = await opened(await toyPackage());
  const hits = await memory.search(Float32Array.from([0, 1, 1, 0]), 1, 2);
  expect([...hits.indices]).toEqual([1, 2]);
});

test('an empty memory opens and finds nothing', async () => {
  const directory = await toyPackage();
  await writePackage(directory, description('toy'), [], new Float32Array(0));
  const memory = await opened(directory);
  expect(memory.size).toBe(0);
  expect((await memory.search(new Float32Array(4), 1, 5)).k).toBe(0);
});

test.each(['manifest.json', 'entries.jsonl', 'keys.bin'])(
  'without %s the memory is missing',
  async (file) => {
    const directory = await toyPackage();
    await rm(join(directory, file));
    await expect(open(directory)).rejects.toMatchObject({ code: 'MEMORY_MISSING' });
    await expect(open(directory)).rejects.toThrow(file);
  },
);

test('keys that were cut short are found by their size', async () => {
  const directory = await toyPackage();
  await truncate(join(directory, 'keys.bin'), 20);
  await expect(open(directory)).rejects.toMatchObject({
    code: 'MEMORY_CORRUPT',
    path: ['manifest.json', 'files', 1, 'bytes'],
  });
});

test.each([
  ['entries.jsonl', 0],
  ['keys.bin', 1],
])('one changed byte in %s is found by its hash', async (file, index) => {
  const directory = await toyPackage();
  const bytes = await readFile(join(directory, file));
  bytes[10]! ^= 1;
  await writeFile(join(directory, file), bytes);
  await expect(open(directory)).rejects.toMatchObject({
    code: 'MEMORY_CORRUPT',
    path: ['manifest.json', 'files', index, 'sha256'],
  });
});

test.each<[string, (manifest: Mutable) => void, (string | number)[]]>([
  ['has an unknown format version', (m) => (m['formatVersion'] = 2), ['manifest.json', 'formatVersion']],
  ['lacks the model hash', (m) => delete m['modelHash'], ['manifest.json', 'modelHash']],
  ['has counts that do not sum up', (m) => (m['entries'] = 4), ['manifest.json', 'countsByLabel']],
  [
    'counts labels that are not there',
    (m) => (m['countsByLabel'] = { NIL: 2, P19: 1 }),
    ['manifest.json', 'countsByLabel', 'NIL'],
  ],
  [
    'names a file outside of the package',
    (m) => ((m['files'] as { path: string }[])[0]!.path = '../entries.jsonl'),
    ['manifest.json', 'files', 0, 'path'],
  ],
  ['has keys of another width', (m) => (m['representationSize'] = 5), ['manifest.json', 'files', 1, 'bytes']],
  ['has another name than its folder', (m) => (m['name'] = 'other'), ['manifest.json', 'name']],
])('a manifest that %s is corrupt', async (_, change, path) => {
  const directory = await toyPackage();
  await changeManifest(directory, change);
  await expect(open(directory)).rejects.toMatchObject({ code: 'MEMORY_CORRUPT', path });
});

test('a manifest that is no JSON is corrupt', async () => {
  const directory = await toyPackage();
  await writeFile(join(directory, 'manifest.json'), '{');
  await expect(open(directory)).rejects.toMatchObject({ code: 'MEMORY_CORRUPT', path: ['manifest.json'] });
});

test.each([
  ['is no JSON', '{', []],
  [
    'has a span behind the text',
    {
      mentions: [
        [0, 3, 'PER'],
        [4, 99, 'LOC'],
      ],
    },
    ['mentions', 1],
  ],
  [
    'has an empty mention type',
    {
      mentions: [
        [0, 3, ''],
        [4, 5, 'LOC'],
      ],
    },
    ['mentions', 0, 2],
  ],
  ['names a mention that is not there', { examples: [[0, 'P19', 2]] }, ['examples', 0]],
  [
    'says an example twice',
    {
      examples: [
        [0, 'P19', 1],
        [0, 'P19', 1],
      ],
    },
    [],
  ],
])('an entry line that %s is corrupt, even if the hash fits', async (_, change, path) => {
  const directory = await toyPackage();
  const line = {
    text: 'Ann in Rome',
    origin: 'x',
    mentions: [
      [0, 3, 'PER'],
      [7, 11, 'LOC'],
    ],
    examples: [[0, 'P19', 1]],
  };
  const text = typeof change === 'string' ? change : JSON.stringify({ ...line, ...change });
  await replaceEntries(directory, `${text}\n`);
  await expect(open(directory)).rejects.toMatchObject({
    code: 'MEMORY_CORRUPT',
    path: ['entries.jsonl', 1, ...path],
  });
});

test('keys that are not a number are refused when written and when opened', async () => {
  const directory = await toyPackage();
  const keys = Float32Array.from([1, 0, 0, NaN]);
  await expect(writePackage(directory, description('toy'), [entry(0)], keys)).rejects.toMatchObject({
    code: 'MEMORY_CORRUPT',
    path: ['keys.bin', 0],
  });
  expect((await readPackage(directory)).entries).toHaveLength(3);
  await replaceFile(directory, 'keys.bin', Buffer.from(new Float32Array(12).fill(NaN).buffer));
  await expect(open(directory)).rejects.toMatchObject({ code: 'MEMORY_CORRUPT', path: ['keys.bin'] });
});

test('a key that float16 cannot hold is refused', async () => {
  const directory = await toyPackage();
  const writing = writePackage(
    directory,
    description('toy', { keyType: 'float16' }),
    [entry(0)],
    Float32Array.from([1e5, 0, 0, 0]),
  );
  await expect(writing).rejects.toMatchObject({ code: 'MEMORY_CORRUPT', path: ['keys.bin', 0] });
});

test('a memory of another encoder is refused with the command that rebuilds it', async () => {
  const directory = await toyPackage();
  const opening = PackagedMemory.open(directory, { ...ENCODER, modelHash: 'b'.repeat(64) });
  await expect(opening).rejects.toMatchObject({
    code: 'MEMORY_MODEL_MISMATCH',
    path: ['manifest.json', 'modelHash'],
  });
  await expect(opening).rejects.toThrow('neighborkb memory build toy');
});

type Mutable = Record<string, unknown>;

function open(directory: string): Promise<PackagedMemory> {
  return PackagedMemory.open(directory, ENCODER);
}

async function opened(directory: string): Promise<PackagedMemory> {
  const memory = await open(directory);
  onTestFinished(() => memory.close());
  return memory;
}

async function changeManifest(directory: string, change: (manifest: Mutable) => unknown): Promise<void> {
  const path = join(directory, 'manifest.json');
  const manifest = JSON.parse(await readFile(path, 'utf8')) as Mutable;
  change(manifest);
  await writeFile(path, JSON.stringify(manifest));
}

/** Puts one line of one example in place of the entries, with a manifest that fits. */
async function replaceEntries(directory: string, text: string): Promise<void> {
  await changeManifest(directory, (manifest) => {
    manifest['entries'] = 1;
    manifest['countsByLabel'] = { P19: 1 };
  });
  await replaceFile(directory, 'keys.bin', Buffer.alloc(16));
  await replaceFile(directory, 'entries.jsonl', Buffer.from(text));
}

/** Changes a file and its size and hash in the manifest. */
async function replaceFile(directory: string, name: string, content: Buffer): Promise<void> {
  await writeFile(join(directory, name), content);
  await changeManifest(directory, (manifest) => {
    const sha256 = createHash('sha256').update(content).digest('hex');
    manifest['files'] = (manifest as unknown as MemoryManifest).files.map((file) =>
      file.path === name ? { path: name, sha256, bytes: content.length } : file,
    );
  });
}
