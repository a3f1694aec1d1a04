import { writeFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { expect, test } from 'vitest';
import { memoryLibrary } from '../../src/memory/library.js';
import { entry } from '../memory/builders.js';
import { shelve } from '../memory/shelf-builders.js';
import { temporaryFolder } from '../memory/temporary.js';
import { withApi } from './harness.js';

async function twoVersions(): Promise<string> {
  const memories = await temporaryFolder();
  await shelve(memories, 'toy@1.0.0', [entry(0), entry(1), entry(2)]);
  await shelve(memories, 'toy@1.1.0', [entry(0), entry(1, 'P20'), entry(3)]);
  return memories;
}

test('versions, statistics, comparison and projection of memories on disk are read', async () => {
  const memories = await twoVersions();
  const { data, errors } = await withApi(
    (api) =>
      api.ask(`{
        memoryVersions(name: "toy") { reference entries builtBy countsByLabel { label count } }
        memoryStatistics(memory: "toy@1.0.0") { texts byOrigin { key entries } }
        compareMemories(before: "toy@1.0.0", after: "toy") {
          shared addedCount removedCount relabelled { label newLabel }
        }
        memoryProjection(memory: "toy", limit: 2) { entries points { label x y } explainedByX }
      }`),
    { change: (services) => ({ ...services, library: memoryLibrary(memories) }) },
  );
  expect(errors).toEqual([]);
  expect(data).toMatchObject({
    memoryVersions: [
      {
        reference: 'toy@1.0.0',
        entries: 3,
        builtBy: 'sentences',
        countsByLabel: [{ label: 'P19', count: 3 }],
      },
      { reference: 'toy@1.1.0', entries: 3 },
    ],
    memoryStatistics: { texts: 3, byOrigin: [{ key: 'towns.jsonl', entries: 3 }] },
    compareMemories: {
      shared: 1,
      addedCount: 1,
      removedCount: 1,
      relabelled: [{ label: 'P19', newLabel: 'P20' }],
    },
    memoryProjection: { entries: 3 },
  });
  expect(data.memoryProjection.points).toHaveLength(2);
});

test.each([
  ['memoryVersions(name: "../secret") { name }', 'INVALID_ARGUMENT', 'name'],
  ['memoryStatistics(memory: "../secret") { texts }', 'INVALID_ARGUMENT', 'memory'],
  ['memoryStatistics(memory: "none") { texts }', 'MEMORY_MISSING', 'memory'],
  ['memoryStatistics(memory: "toy@one") { texts }', 'INVALID_ARGUMENT', 'memory'],
  ['memoryProjection(memory: "toy", limit: 0) { entries }', 'INVALID_ARGUMENT', 'limit'],
  ['memoryProjection(memory: "none", limit: 9) { entries }', 'MEMORY_MISSING', 'memory'],
  ['compareMemories(before: "toy", after: "toy", limit: -1) { shared }', 'INVALID_ARGUMENT', 'limit'],
  ['compareMemories(before: "none", after: "toy") { shared }', 'MEMORY_MISSING', 'before'],
  ['compareMemories(before: "toy", after: "toy@9.0.0") { shared }', 'MEMORY_MISSING', 'after'],
  ['compareMemories(before: "toy", after: "../toy") { shared }', 'INVALID_ARGUMENT', 'after'],
])('%s answers with %s at its argument %s', async (field, code, argument) => {
  const memories = await twoVersions();
  const { errors } = await withApi((api) => api.ask(`{ ${field} }`), {
    change: (services) => ({ ...services, library: memoryLibrary(memories) }),
  });
  expect(errors).toMatchObject([{ extensions: { code, path: [argument] } }]);
});

test('an error names the memory and no folder of the server', async () => {
  const memories = await twoVersions();
  const asked = (field: string) =>
    withApi((api) => api.ask(`{ ${field} }`), {
      change: (services) => ({
        ...services,
        folders: [`${memories}${sep}`],
        library: memoryLibrary(memories),
      }),
    });
  const missing = await asked('memoryStatistics(memory: "none") { texts }');
  expect(missing.errors[0]?.message).toBe(`${join('none', 'manifest.json')} is missing`);
  await writeFile(join(memories, 'toy@1.1.0', 'keys.bin'), 'other');
  const corrupt = await asked('compareMemories(before: "toy@1.0.0", after: "toy") { shared }');
  expect(corrupt.errors).toMatchObject([
    { message: expect.stringMatching(/^toy@1\.1\.0.keys\.bin has 5 bytes/), extensions: { path: ['after'] } },
  ]);
});

test('entries of a version that is not open are read page by page, and filtered', async () => {
  const memories = await twoVersions();
  await withApi(
    async ({ ask }) => {
      const page = `{ totalCount pageInfo { endCursor } nodes { text label memory { name version } } }`;
      const first = await ask(`{ memoryEntries(memory: "toy@1.1.0", first: 2) ${page} }`);
      expect(first.errors).toEqual([]);
      const { totalCount, pageInfo, nodes } = first.data.memoryEntries;
      expect(totalCount).toBe(3);
      expect(nodes[1]).toEqual({
        ...{ text: entry(1).text, label: 'P20', memory: { name: 'toy@1.1.0', version: '1.1.0' } },
      });
      const rest = await ask(
        `query ($after: String) { memoryEntries(memory: "toy@1.1.0", first: 2, after: $after) ${page} }`,
        { after: pageInfo.endCursor },
      );
      expect(rest.data.memoryEntries.nodes).toMatchObject([{ text: entry(3).text }]);
      const filtered = await ask(
        `{ memoryEntries(memory: "toy@1.1.0", first: 9, filter: { labels: ["P20"] }) ${page} }`,
      );
      expect(filtered.data.memoryEntries.totalCount).toBe(1);
    },
    { change: (services) => ({ ...services, library: memoryLibrary(memories) }) },
  );
});

const PAIR =
  '{ text: "Ann was born in Rome.", subject: { start: 0, end: 3, type: PER }, object: { start: 16, end: 20, type: LOC } }';

test.each([
  [
    'a version that is not open is not searched',
    `memory: "toy@1.0.0", similarTo: ${PAIR}`,
    'INVALID_ARGUMENT',
  ],
  ['a version that is not there is not found', 'memory: "toy@9.0.0"', 'NOT_FOUND'],
  ['a name that leads elsewhere is not found', 'memory: "../toy"', 'NOT_FOUND'],
])('%s', async (_, args, code) => {
  const memories = await twoVersions();
  const { errors } = await withApi((api) => api.ask(`{ memoryEntries(first: 1, ${args}) { totalCount } }`), {
    change: (services) => ({ ...services, library: memoryLibrary(memories) }),
  });
  expect(errors).toMatchObject([{ extensions: { code, path: ['memory'] } }]);
});
