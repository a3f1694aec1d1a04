import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { argmax, mixDistributions } from '../../src/domain/mixture.js';
import type { Kernel, MemoryUse } from '../../src/domain/profile.js';
import { VotingMemory, type CastVotes } from '../../src/memory/fuse.js';
import type { Memory, SearchHits } from '../../src/memory/ports.js';
import { searchOver } from './builders.js';

interface GoldenCase {
  name: string;
  k: number;
  lambda_: number;
  temperature: number;
  kernel: Kernel;
  labels: number;
  alphas: number[];
  memories: { keys: number[][]; labels: number[] }[];
  queries: number[][];
  pRe: number[][];
  expected: {
    perMemory: { ids: number[]; squaredDistances: number[]; pKnn: number[] }[];
    p: number[];
    label: number;
  }[];
}

const { cases } = JSON.parse(readFileSync(new URL('../golden/knn-re.json', import.meta.url), 'utf8')) as {
  cases: GoldenCase[];
};

const TOLERANCE = 1e-5;

describe('the search graph and the scoring rules give the golden answers', () => {
  test.each(cases.map((golden) => [golden.name, golden] as const))('%s', async (_, golden) => {
    const queries = Float32Array.from(golden.queries.flat());
    const labelNames = Array.from({ length: golden.labels }, (_, label) => `L${label}`);
    const cast: CastVotes[][] = [];
    for (const [index, { keys, labels }] of golden.memories.entries()) {
      const search = await searchOver(Float32Array.from(keys.flat()), keys[0]!.length);
      const hits = await search.search(queries, golden.queries.length, golden.k);
      const use: MemoryUse = {
        memory: `memory ${index}`,
        alpha: golden.alphas[index]!,
        k: golden.k,
        lambda: golden.lambda_,
        temperature: golden.temperature,
        kernel: golden.kernel,
      };
      const voting = new VotingMemory(labelled(labels), labelNames);
      cast.push(golden.queries.map((_, query) => voting.cast(hits, query, use)));
      checkHits(golden, index, hits);
    }
    for (const [query, expected] of golden.expected.entries()) {
      const votes = cast.map((ofMemory) => ofMemory[query]!);
      for (const [index, vote] of votes.entries()) close(vote.pKnn, expected.perMemory[index]!.pKnn);
      const p = mixDistributions(golden.pRe[query]!, votes);
      close(p, expected.p);
      expect(argmax(p)).toBe(expected.label);
    }
  });
});

function checkHits(golden: GoldenCase, memory: number, hits: SearchHits): void {
  for (const [query, { perMemory }] of golden.expected.entries()) {
    const { ids, squaredDistances } = perMemory[memory]!;
    expect(hits.k).toBe(ids.length);
    expect([...hits.indices.subarray(query * hits.k, (query + 1) * hits.k)]).toEqual(ids);
    close(hits.squaredDistances.subarray(query * hits.k, (query + 1) * hits.k), squaredDistances);
  }
}

function close(actual: ArrayLike<number>, expected: readonly number[]): void {
  expect(actual.length).toBe(expected.length);
  for (const [i, value] of expected.entries())
    expect(Math.abs((actual[i] as number) - value)).toBeLessThanOrEqual(TOLERANCE * Math.max(1, value));
}

/** The part of a memory that voting asks for. */
function labelled(labels: readonly number[]): Memory {
  return {
    name: 'golden',
    size: labels.length,
    entry: (index: number) => ({ label: `L${labels[index]}` }),
  } as Memory;
}
