import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { auditMemory } from '../../src/memory/audit/audit.js';
import { readDecisions } from '../../src/memory/audit/findings.js';
import { entryId } from '../../src/memory/entry-lines.js';
import type { MemoryEntry } from '../../src/memory/ports.js';
import { schema } from '../inference/real-models.js';
import { entry } from './builders.js';
import { shelve } from './shelf-builders.js';
import { temporaryFolder } from './temporary.js';

/** Two well-parted labels of forty entries each, one of each with the other label, and a copy in capitals. */
async function plantedMemory() {
  const memories = await temporaryFolder();
  const wrong = (number: number): boolean => number % 40 === 5;
  const side = (number: number): number => (number < 40 ? 1 : -1);
  const entries = Array.from({ length: 80 }, (_, number) =>
    entry(number, side(number) > 0 !== wrong(number) ? 'P19' : 'P20'),
  );
  const copied = { ...entries[0]!, text: entries[0]!.text.toUpperCase() };
  const copy: MemoryEntry = { ...copied, id: entryId(copied) };
  await shelve(memories, 'toy', [...entries, copy], (_, index) => [
    10 * side(index % 80),
    Math.sin(index % 80),
    Math.cos(3 * (index % 80)),
    0,
  ]);
  return { memories, copy, planted: entries.filter((_, number) => wrong(number)) };
}

test('planted labels and copies are found, and nothing else', async () => {
  const { memories, copy, planted } = await plantedMemory();
  const report = await auditMemory({ memoriesDir: memories, reference: 'toy', schema });
  const found = report.findings.filter(({ kind }) => kind === 'contradicted');
  expect(new Set(found.map(({ entry: id }) => id))).toEqual(new Set(planted.map(({ id }) => id)));
  for (const { label, suggestion } of found)
    expect(suggestion).toEqual({ action: 'relabel', label: label === 'P19' ? 'P20' : 'P19' });
  expect(report.findings.filter(({ kind }) => kind === 'duplicate').map(({ entry: id }) => id)).toEqual([
    copy.id,
  ]);
});

test('labels of the schema with few entries are without cover', async () => {
  const { memories } = await plantedMemory();
  const { findings } = await auditMemory({ memoriesDir: memories, reference: 'toy', schema });
  const labels = findings.filter(({ kind }) => kind === 'uncovered').map(({ label }) => label);
  expect(labels).toContain('P26');
  expect(labels).not.toContain('P19');
});

test('what a curator wrote into the findings counts, suggestions of accepted kinds too', async () => {
  const file = join(await temporaryFolder(), 'findings.jsonl');
  const drop = { action: 'drop' };
  const lines = [
    { kind: 'contradicted', entry: 'a', suggestion: { action: 'relabel', label: 'P20' }, action: 'relabel' },
    {
      kind: 'contradicted',
      entry: 'b',
      suggestion: { action: 'relabel', label: 'P20' },
      action: 'relabel',
      newLabel: 'P22',
    },
    { kind: 'duplicate', entry: 'c', suggestion: drop, action: null },
    { kind: 'duplicate', entry: 'd', suggestion: drop, action: 'keep' },
    { kind: 'hub', entry: 'e', suggestion: drop, action: null },
    { kind: 'uncovered', entry: null, suggestion: null, action: null },
  ];
  await writeFile(file, lines.map((line) => JSON.stringify(line)).join('\n'));
  expect([...(await readDecisions(file, new Set(['duplicate'])))]).toEqual([
    ['a', { action: 'relabel', label: 'P20' }],
    ['b', { action: 'relabel', label: 'P22' }],
    ['c', drop],
  ]);
});

test.each([
  ['{"kind":"hub","entry":"a","action":"delete"}', ['action']],
  ['{"kind":"conflict","entry":"a","action":"relabel"}', ['action']],
  ['{"kind":"uncovered","entry":null,"action":"drop"}', ['entry']],
  ['nonsense', []],
])('a bad line of findings is named: %s', async (line, field) => {
  const file = join(await temporaryFolder(), 'findings.jsonl');
  await writeFile(file, `\n${line}\n`);
  await expect(readDecisions(file)).rejects.toMatchObject({
    code: 'INVALID_FILE',
    path: [file, 2, ...field],
  });
});
