import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { MemoryRegistry } from '../../src/memory/registry.js';
import { listMemories } from '../../src/memory/shelf.js';
import { ENCODER, toyPackage } from './builders.js';

test('built packages are listed by name, folders without a manifest are not', async () => {
  const memories = dirname(await toyPackage());
  await mkdir(join(memories, 'sources-alone'));
  expect(await listMemories(memories)).toEqual(['toy']);
  expect(await listMemories(join(memories, 'nowhere'))).toEqual([]);
});

test('a memory is opened once, however often it is asked for', async () => {
  const registry = await registryOver(dirname(await toyPackage()));
  const [one, other] = await Promise.all([registry.open('toy'), registry.open('toy')]);
  expect(one).toBe(other);
  expect(registry.get('toy')).toBe(one);
  expect(registry.all()).toEqual([one]);
  expect(await registry.openAll()).toEqual([one]);
});

test('a memory that is not open is not found', async () => {
  const registry = await registryOver(dirname(await toyPackage()));
  expect(() => registry.get('toy')).toThrow(expect.objectContaining({ code: 'NOT_FOUND', path: ['memory'] }));
});

test.each(['../toy', '/etc', 'toy/..', '.', '', 'Toy', 'a\0b', 'x'.repeat(65)])(
  'the name %j leads nowhere',
  async (name) => {
    const registry = await registryOver(dirname(await toyPackage()));
    await expect(registry.open(name)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', path: ['memory'] });
  },
);

test('a memory that was missing can be opened once it is there', async () => {
  const directory = await toyPackage();
  const registry = await registryOver(dirname(directory));
  await rename(directory, `${directory}-away`);
  await expect(registry.open('toy')).rejects.toMatchObject({ code: 'MEMORY_MISSING' });
  await rename(`${directory}-away`, directory);
  expect((await registry.open('toy')).size).toBe(3);
});

test('closing closes what is open and forgets it', async () => {
  const registry = await registryOver(dirname(await toyPackage()));
  await registry.open('toy');
  await registry.close();
  expect(registry.all()).toEqual([]);
});

async function registryOver(memories: string): Promise<MemoryRegistry> {
  const registry = new MemoryRegistry(memories, ENCODER);
  onTestFinished(async () => {
    await registry.close();
    await rm(memories, { recursive: true, force: true });
  });
  return Promise.resolve(registry);
}
