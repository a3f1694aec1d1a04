import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { PairsOfSentence } from '../../src/inference/ports.js';
import { buildMemory } from '../../src/memory/build.js';
import { PackagedMemory } from '../../src/memory/memory.js';
import { readPackage } from '../../src/memory/package.js';
import { realEncoder, schema } from '../inference/real-models.js';
import { temporaryFolder } from './temporary.js';

const encoder = await realEncoder(1);

const LINES = [
  {
    text: '[[Nils Holm|PER]] was born in [[Bergen|LOC]] and died in [[Rome|LOC]].',
    facts: [
      [0, 'P19', 1],
      [0, 'P20', 2],
    ],
    nil: [[1, 2]],
  },
  { text: '[[Ada Berg|PER]] flew to [[Lima|LOC]].', facts: [], nil: [[0, 1]] },
];
const RECIPE = { version: '1.0.0', description: 'toy', license: 'MIT', normalised: true, nil: 'listed' };

async function memoryFolder(lines: readonly object[] = LINES, recipe: object = RECIPE): Promise<string> {
  const directory = join(await temporaryFolder(), 'toy');
  await mkdir(join(directory, 'source'), { recursive: true });
  await writeFile(join(directory, 'recipe.json'), JSON.stringify(recipe));
  await writeFile(
    join(directory, 'source', 'a.jsonl'),
    lines.map((line) => `${JSON.stringify(line)}\n`).join(''),
  );
  return directory;
}

test('every fact and every listed NIL pair becomes an entry with its origin', async () => {
  const directory = await memoryFolder();
  const progress: number[][] = [];
  const manifest = await buildMemory({
    directory,
    encoder,
    schema,
    onProgress: (...step) => progress.push(step),
  });
  expect(manifest).toMatchObject({
    name: 'toy',
    entries: 4,
    countsByLabel: { NIL: 2, P19: 1, P20: 1 },
    model: encoder.model,
    modelHash: encoder.modelHash,
    sources: ['source/a.jsonl'],
  });
  const { entries } = await readPackage(directory);
  expect(
    entries.map(({ text, subject, label, object, origin }) => [
      text.slice(subject.start, subject.end),
      label,
      text.slice(object.start, object.end),
      origin,
    ]),
  ).toEqual([
    ['Nils Holm', 'P19', 'Bergen', 'a.jsonl:1'],
    ['Nils Holm', 'P20', 'Rome', 'a.jsonl:1'],
    ['Bergen', 'NIL', 'Rome', 'a.jsonl:1'],
    ['Ada Berg', 'NIL', 'Lima', 'a.jsonl:2'],
  ]);
  expect(progress.at(-1)).toEqual([2, 2]);
});

test('building again gives the same package', async () => {
  const directory = await memoryFolder();
  const first = await buildMemory({ directory, encoder, schema });
  expect(await buildMemory({ directory, encoder, schema })).toEqual(first);
});

test('the other type-gated pairs are NIL entries if asked for', async () => {
  const directory = await memoryFolder();
  const manifest = await buildMemory({ directory, encoder, schema, overrides: { nil: 'all' } });
  // Bergen and Rome both ways round; no predicate goes from a place to a person but a leader's.
  expect(manifest.countsByLabel['NIL']).toBeGreaterThan(2);
});

test('a crowded text gives no more entries of a label than the recipe says, the nearest first', async () => {
  const crowded = {
    text: '[[Bo|PER]] and [[Al|PER]] and [[Cy|PER]] lived in [[Lima|LOC]].',
    facts: [
      [0, 'P551', 3],
      [1, 'P551', 3],
      [2, 'P551', 3],
    ],
    nil: [],
  };
  const directory = await memoryFolder([crowded], { ...RECIPE, perText: 2 });
  await buildMemory({ directory, encoder, schema });
  const { entries } = await readPackage(directory);
  expect(entries.map(({ text, subject }) => text.slice(subject.start, subject.end))).toEqual(['Al', 'Cy']);
});

test('the same example in two lines is one entry', async () => {
  const directory = await memoryFolder([LINES[1]!, LINES[1]!]);
  expect((await buildMemory({ directory, encoder, schema })).entries).toBe(1);
});

test('the pair of an entry finds its own entry first, at no distance', async () => {
  const directory = await memoryFolder(LINES, { ...RECIPE, keyType: 'float32' });
  await buildMemory({ directory, encoder, schema });
  const memory = await PackagedMemory.open(directory, encoder);
  onTestFinished(() => memory.close());
  const { text, subject, object } = memory.entry(3);
  const query: PairsOfSentence = { text, mentions: [subject, object], pairs: [{ subject: 0, object: 1 }] };
  const [encoded] = await encoder.encode([query]);
  const hits = await memory.search(encoded!.representations, 1, 2);
  expect(hits.indices[0]).toBe(3);
  expect(hits.squaredDistances[0]).toBeLessThan(hits.squaredDistances[1]!);
});

test('a bad line is named, and nothing is written', async () => {
  const directory = await memoryFolder([LINES[0]!, { text: 'x', facts: [[0, 'P19', 1]], nil: [] }]);
  await expect(buildMemory({ directory, encoder, schema })).rejects.toMatchObject({
    code: 'INVALID_FILE',
    path: ['a.jsonl', 2, 'facts', 0],
  });
  await expect(readPackage(directory)).rejects.toMatchObject({ code: 'MEMORY_MISSING' });
});

test('without recipe or sources there is nothing to build', async () => {
  const directory = join(await temporaryFolder(), 'toy');
  await expect(buildMemory({ directory, encoder, schema })).rejects.toMatchObject({
    code: 'MEMORY_MISSING',
    message: expect.stringContaining('for example {"version": "1.0.0"'),
    path: ['recipe.json'],
  });
  await mkdir(directory);
  await writeFile(join(directory, 'recipe.json'), JSON.stringify(RECIPE));
  await expect(buildMemory({ directory, encoder, schema })).rejects.toMatchObject({
    code: 'MEMORY_MISSING',
    path: ['source'],
  });
});

test('a recipe names its field that is off', async () => {
  const directory = await memoryFolder(LINES, { ...RECIPE, nil: 'some' });
  await expect(buildMemory({ directory, encoder, schema })).rejects.toMatchObject({
    code: 'INVALID_FILE',
    path: ['recipe.json', 'nil'],
  });
});
