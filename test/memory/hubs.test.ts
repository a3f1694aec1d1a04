import { expect, test } from 'vitest';
import { auditMemory } from '../../src/memory/audit/audit.js';
import { schema } from '../inference/real-models.js';
import { entry } from './builders.js';
import { shelve } from './shelf-builders.js';
import { temporaryFolder } from './temporary.js';

const GROUPS = 8;
const K = 5;
const CENTRE = GROUPS * K;

/**
 * Groups of five on both sides of four axes, and one entry where the axes meet: nearer to each than any other group is,
 * so it is the fifth neighbour of all forty, eight times as often as an entry is on average.
 */
async function memoryWithHub(label: string): Promise<string> {
  const memories = await temporaryFolder();
  const entries = [...Array.from({ length: CENTRE }, (_, number) => entry(number)), entry(CENTRE, label)];
  await shelve(memories, 'toy', entries, (_, index) => {
    const key = [0, 0, 0, 0];
    const group = Math.floor(index / K);
    if (index < CENTRE) key[group >> 1] = (group % 2 === 0 ? 10 : -10) + 0.01 * (index % K);
    return key;
  });
  return memories;
}

test('an entry that is near to everything and has another label is a hub, and no other entry is', async () => {
  const memories = await memoryWithHub('P20');
  const { findings } = await auditMemory({ memoriesDir: memories, reference: 'toy', schema, k: K });
  const hubs = findings.filter(({ kind }) => kind === 'hub');
  expect(hubs.map(({ entry: id }) => id)).toEqual([entry(CENTRE, 'P20').id]);
  expect(hubs[0]).toMatchObject({ label: 'P20', score: 1, suggestion: { action: 'drop' } });
  expect(hubs[0]!.reason).toBe('a neighbour of 40 entries (5 on average), 40 of them with other labels');
  expect(hubs[0]!.example?.text).toBe(entry(CENTRE, 'P20').text);
});

test('one that is near to everything and agrees with it does no harm', async () => {
  const memories = await memoryWithHub('P19');
  const { countsByKind } = await auditMemory({ memoriesDir: memories, reference: 'toy', schema, k: K });
  expect(countsByKind.hub).toBe(0);
});
