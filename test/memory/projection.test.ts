import { expect, test } from 'vitest';
import { principalPlane, project } from '../../src/memory/projection/principal-components.js';
import { projectMemory } from '../../src/memory/projection/project-memory.js';
import { memoryStatistics } from '../../src/memory/statistics.js';
import { entry } from './builders.js';
import { shelve } from './shelf-builders.js';
import { temporaryFolder } from './temporary.js';

/** Wide along the second component, half as wide along the fourth, flat elsewhere. */
function cloud(index: number): number[] {
  return [1, 10 * Math.sin(index), 0, 5 * Math.sin(2.3 * index + 1)];
}

test('the plane is that of the two largest variances', () => {
  const values = Float32Array.from(Array.from({ length: 400 }, (_, index) => cloud(index)).flat());
  const plane = principalPlane({ values, dimension: 4 });
  expect(Math.abs(plane.axes[0][1]!)).toBeCloseTo(1, 1);
  expect(Math.abs(plane.axes[1][3]!)).toBeCloseTo(1, 1);
  expect(plane.explained[0] + plane.explained[1]).toBeCloseTo(1, 6);
  expect(plane.explained[0]).toBeGreaterThan(plane.explained[1]);
  const points = project({ values, dimension: 4 }, plane);
  expect(points.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 3);
});

test('vectors that are all alike have a plane of points in one place', () => {
  const values = new Float32Array(40).fill(3);
  const { explained } = principalPlane({ values, dimension: 4 });
  expect(explained).toEqual([0, 0]);
});

test('a memory is projected in a thread, at most so many entries of it', async () => {
  const memories = await temporaryFolder();
  const entries = Array.from({ length: 50 }, (_, index) => entry(index));
  await shelve(memories, 'toy', entries, (_, index) => cloud(index));
  const { points, entries: count } = await projectMemory(memories, 'toy', 25);
  expect(count).toBe(50);
  expect(points.map((point) => point.entry.id)).toEqual(
    entries.filter((_, index) => index % 2 === 0).map(({ id }) => id),
  );
  await expect(projectMemory(memories, 'toy', 0)).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
    path: ['limit'],
  });
});

test('statistics count entries by label, origin and types', async () => {
  const memories = await temporaryFolder();
  await shelve(memories, 'toy', [entry(0), entry(1, 'NIL'), entry(2)]);
  expect(await memoryStatistics(memories, 'toy')).toMatchObject({
    texts: 3,
    byLabel: [
      { key: 'P19', entries: 2 },
      { key: 'NIL', entries: 1 },
    ],
    byOrigin: [{ key: 'towns.jsonl', entries: 3 }],
    byTypes: [{ key: 'PER>LOC', entries: 3 }],
  });
});
