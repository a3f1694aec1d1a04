import { readFileSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { PredicateSchema } from '../../src/domain/predicates.js';
import { parseLine, readSource } from '../../src/memory/source.js';
import { temporaryFolder } from './temporary.js';

const root = new URL('../../', import.meta.url);
const schema = PredicateSchema.parse(
  JSON.parse(readFileSync(new URL('models/predicates.json', root), 'utf8')),
);
const LINE = {
  text: '[[Nils|PER]] moved from [[Oslo|LOC]] to 𝔹 [[Rome|LOC]].',
  facts: [[0, 'P551', 2]] as unknown[],
  nil: [[1, 2]] as unknown[],
};

test('marks become mentions with exact offsets in the plain text', () => {
  const { text, mentions, facts, nil, origin } = parseLine(JSON.stringify(LINE), 'a.jsonl', 7, schema);
  expect(text).toBe('Nils moved from Oslo to 𝔹 Rome.');
  expect(mentions.map(({ start, end, type }) => `${text.slice(start, end)}|${type}`)).toEqual([
    'Nils|PER',
    'Oslo|LOC',
    'Rome|LOC',
  ]);
  expect(facts).toEqual([{ subject: 0, predicate: 'P551', object: 2 }]);
  expect(nil).toEqual([{ subject: 1, object: 2 }]);
  expect(origin).toBe('a.jsonl:7');
});

test.each<[string, object | string, (string | number)[]]>([
  ['is no JSON', '{"text"', []],
  ['lacks its facts', { text: 'x', nil: [] }, ['facts']],
  ['has a fact with a text for an index', { ...LINE, facts: [['0', 'P551', 2]] }, ['facts', 0, 0]],
  ['has a fact of a mention that is not there', { ...LINE, facts: [[0, 'P551', 3]] }, ['facts', 0]],
  ['relates a mention to itself', { ...LINE, facts: [[0, 'P551', 0]] }, ['facts', 0]],
  ['has an unknown predicate', { ...LINE, facts: [[0, 'P99999', 2]] }, ['facts', 0, 1]],
  ['breaks a type gate', { ...LINE, facts: [[1, 'P26', 2]] }, ['facts', 0]],
  ['has a fact among its NIL pairs', { ...LINE, nil: [[0, 2]] }, ['nil', 0]],
  ['has a NIL pair of a mention that is not there', { ...LINE, nil: [[0, 9]] }, ['nil', 0]],
  ['marks an unknown type', { ...LINE, text: '[[Rex|DOG]] barks' }, ['text']],
  ['has a mark that is not closed', { ...LINE, text: '[[Nils|PER sleeps' }, ['text']],
])('a line that %s is refused with file, line and field', (_, line, path) => {
  const text = typeof line === 'string' ? line : JSON.stringify(line);
  expect(() => parseLine(text, 'a.jsonl', 7, schema)).toThrow(
    expect.objectContaining({ code: 'INVALID_FILE', path: ['a.jsonl', 7, ...path] }),
  );
});

test('empty lines are skipped and counted', async () => {
  const path = join(await temporaryFolder(), 'b.jsonl');
  await writeFile(path, `${JSON.stringify(LINE)}\n\n${JSON.stringify(LINE)}\n`);
  expect((await readSource(path, schema)).map(({ origin }) => origin)).toEqual(['b.jsonl:1', 'b.jsonl:3']);
});

test('every line of the general memory can be read', async () => {
  const folder = fileURLToPath(new URL('memories/general/source/', root));
  for (const file of await readdir(folder)) {
    const sentences = await readSource(join(folder, file), schema);
    expect(sentences.length).toBeGreaterThan(0);
  }
});
