import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { auditMemory } from '../../src/memory/audit/audit.js';
import { indexPackage } from '../../src/memory/faiss/package-index.js';
import { PackagedMemory } from '../../src/memory/memory.js';
import { MemoryRegistry } from '../../src/memory/registry.js';
import { schema } from '../inference/real-models.js';
import { ENCODER, entry } from './builders.js';
import { faissIsInstalled } from './faiss.js';
import { shelve } from './shelf-builders.js';
import { temporaryFolder } from './temporary.js';

const withFaiss = it.skipIf(!faissIsInstalled());

async function indexedShelf(): Promise<string> {
  const memories = await temporaryFolder();
  await shelve(
    memories,
    'toy',
    Array.from({ length: 60 }, (_, number) => entry(number)),
    (_, index) => [Math.cos(index), Math.sin(index), 0, 0],
  );
  await indexPackage(join(memories, 'toy'), { kind: 'ivf-flat', recall: 0.9, lists: 1, threads: 1 });
  return memories;
}

withFaiss('what is measured is searched exactly, also where the server takes an index', async () => {
  const registry = new MemoryRegistry(await indexedShelf(), ENCODER, { mode: 'approximate' });
  onTestFinished(() => registry.close());
  const served = (await registry.open('toy')) as PackagedMemory;
  const measured = (await registry.openExact('toy')) as PackagedMemory;
  expect([served.isSearchedExactly, measured.isSearchedExactly]).toEqual([false, true]);
  expect(registry.get('toy')).toBe(served);
  expect(await registry.openExact('toy')).toBe(measured);
});

it('a memory that is searched exactly already is opened once', async () => {
  const memories = await temporaryFolder();
  await shelve(memories, 'toy', [entry(0)]);
  const registry = new MemoryRegistry(memories, ENCODER, { mode: 'auto' });
  onTestFinished(() => registry.close());
  expect(await registry.openExact('toy')).toBe(await registry.openExact('toy'));
  const served = await registry.open('toy');
  expect(await registry.openExact('toy')).toBe(served);
});

it('an audit asks for an exact search whatever the size of the memory', async () => {
  const memories = await temporaryFolder();
  await shelve(memories, 'toy', [entry(0), entry(1), entry(2)]);
  const opening = vi.spyOn(PackagedMemory, 'open');
  onTestFinished(() => {
    opening.mockRestore();
  });
  await auditMemory({ memoriesDir: memories, reference: 'toy', schema });
  expect(opening.mock.calls.map(([, , options]) => options?.mode)).toEqual(['exact']);
});
