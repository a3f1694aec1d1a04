import { expect, test } from 'vitest';
import { VotingMemory } from '../../src/memory/fuse.js';
import type { Memory, SearchHits } from '../../src/memory/ports.js';

const USE = { memory: 'm', alpha: 1, k: 2, lambda: 0.5, temperature: 1, kernel: 'rbf' } as const;
const HITS: SearchHits = {
  k: 3,
  indices: Int32Array.from([2, 0, 1, 1, 2, 0]),
  squaredDistances: Float32Array.from([0, 0, 9, 1, 1, 1]),
};

test('votes are cast on the labels of the model, by the k nearest alone', () => {
  const voting = new VotingMemory(memoryOf(['P2', 'P1', 'NIL']), ['NIL', 'P1', 'P2']);
  const { pKnn, votes, alpha, lambda } = voting.cast(HITS, 0, USE);
  expect([...pKnn]).toEqual([0.5, 0, 0.5]);
  expect(votes).toEqual([
    { entry: 2, squaredDistance: 0, weight: 0.5 },
    { entry: 0, squaredDistance: 0, weight: 0.5 },
  ]);
  expect({ alpha, lambda }).toEqual({ alpha: 1, lambda: 0.5 });
});

test('the second query has its own neighbours', () => {
  const voting = new VotingMemory(memoryOf(['P2', 'P1', 'NIL']), ['NIL', 'P1', 'P2']);
  expect(voting.cast(HITS, 1, { ...USE, k: 5 }).votes.map(({ entry }) => entry)).toEqual([1, 2, 0]);
});

test('an empty memory leaves the mixture to the classifier', () => {
  const voting = new VotingMemory(memoryOf([]), ['NIL', 'P1']);
  const none: SearchHits = { k: 0, indices: new Int32Array(0), squaredDistances: new Float32Array(0) };
  expect(voting.cast(none, 0, USE)).toMatchObject({ lambda: 0, votes: [] });
});

test('an entry with a label that the model does not know is refused by its index', () => {
  expect(() => new VotingMemory(memoryOf(['P1', 'P999']), ['NIL', 'P1'])).toThrow(
    expect.objectContaining({ code: 'MEMORY_MODEL_MISMATCH', path: ['entries', 1, 'label'] }),
  );
});

/** The part of a memory that voting asks for. */
function memoryOf(labels: readonly string[]): Memory {
  return { name: 'toy', size: labels.length, entry: (index: number) => ({ label: labels[index] }) } as Memory;
}
