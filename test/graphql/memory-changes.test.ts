import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pureSample, SAMPLE_MAPPING, SAMPLE_MAPPING_INPUT } from '../evaluation/pure-sample.js';
import { faissIsInstalled } from '../memory/faiss.js';
import { RealApplication, type EndedJob } from './real-application.js';

let api: RealApplication;
beforeAll(async () => {
  api = await RealApplication.open();
  await api.give('sample.json', pureSample());
  const built = await api.finish('buildMemory', {
    ...{ name: 'sample', nilShare: 0, from: [{ format: 'pure', files: ['sample.json'] }] },
    mapping: SAMPLE_MAPPING_INPUT,
  });
  expect(built).toMatchObject({ state: 'COMPLETED', error: null });
});
afterAll(() => api.close());

const DERIVED = '... on MadeMemory { memory entries } ... on MemoryDerived { kept relabelled dropped }';

interface Entry {
  readonly id: string;
  readonly text: string;
  readonly label: string;
}

/** Entries of a version, by an export. */
async function entriesOf(memory: string): Promise<Entry[]> {
  const { data } = await api.ask(
    `mutation ($memory: String!) { exportMemory(memory: $memory, out: "entries.jsonl") { ... on Job { id } } }`,
    { memory },
  );
  await api.application.services.jobs.finished((data.exportMemory as { id: string }).id);
  const lines = (await api.take('entries.jsonl')).trim().split('\n');
  return lines.map((line) => JSON.parse(line) as Entry);
}

describe('versions of a memory', () => {
  it('hold what the mapping made of the labels', async () => {
    const labels = (await entriesOf('sample')).map(({ label }) => label);
    expect(new Set(labels)).toEqual(new Set(Object.values(SAMPLE_MAPPING.labels)));
    // Eleven relations; the two marriages hold both ways round.
    expect(labels).toHaveLength(13);
  });

  it('are made without the entries of a label or an origin', async () => {
    const dropped = await api.finish(
      'dropMemoryEntries',
      { memory: 'sample@1.0.0', labels: ['P26'] },
      DERIVED,
    );
    expect(dropped.result).toMatchObject({ entries: 9, dropped: 4, kept: 9 });
    const line = await api.finish(
      'dropMemoryEntries',
      { memory: 'sample@1.0.0', origins: ['sample.json:1'], version: '4.0.0' },
      DERIVED,
    );
    expect(line.result).toMatchObject({ memory: 'sample@4.0.0', dropped: 1 });
  });

  it('are made by decisions on entries, and two of them are compared', async () => {
    const [first, second] = await entriesOf('sample@1.0.0');
    const revised = await api.finish(
      'reviseMemory',
      {
        memory: 'sample@1.0.0',
        version: '5.0.0',
        decisions: [{ entry: first!.id, label: 'P551' }, { entry: second!.id }],
      },
      DERIVED,
    );
    expect(revised.result).toEqual({
      memory: 'sample@5.0.0',
      entries: 12,
      kept: 11,
      relabelled: 1,
      dropped: 1,
    });
    const { data } = await api.ask(`{
      compareMemories(before: "sample@1.0.0", after: "sample@5.0.0") {
        shared addedCount removedCount relabelledCount
        removed { entryId } relabelled { text label newLabel } before { reference } after { reference }
      }
    }`);
    expect(data.compareMemories).toEqual({
      ...{ shared: 11, addedCount: 0, removedCount: 1, relabelledCount: 1 },
      removed: [{ entryId: second!.id }],
      relabelled: [{ text: first!.text, label: first!.label, newLabel: 'P551' }],
      ...{ before: { reference: 'sample@1.0.0' }, after: { reference: 'sample@5.0.0' } },
    });
  });

  it('are made of the findings of an audit', async () => {
    const merged = await api.finish('mergeMemories', {
      ...{ name: 'doubled', memories: ['sample@1.0.0', 'tiny'], license: 'MIT', description: 'both' },
    });
    expect(merged.state).toBe('COMPLETED');
    const audited = await api.finish(
      'auditMemory',
      { memory: 'doubled', out: 'findings.jsonl', minimumEntries: 3 },
      '... on MemoryAudited { findings { kind count } }',
    );
    expect(audited.result.findings).toContainEqual({
      kind: 'uncovered',
      count: expect.any(Number) as number,
    });
    const applied = await api.finish(
      'reviseMemory',
      { memory: 'doubled', findings: 'findings.jsonl', accept: ['duplicate'] },
      DERIVED,
    );
    expect(applied.result).toMatchObject({ memory: 'doubled@1.0.1', entries: 18 });
  });

  it('are kept in fewer bytes', async () => {
    const { data } = await api.ask(`mutation {
      compactMemory(memory: "sample@1.0.0", keyType: "int8", version: "6.0.0") { ... on Job { id } }
    }`);
    await api.application.services.jobs.finished((data.compactMemory as { id: string }).id);
    const versions = await api.ask('{ memoryVersions(name: "sample") { reference keyType } }');
    expect(versions.data.memoryVersions).toContainEqual({ reference: 'sample@6.0.0', keyType: 'int8' });
  });
});

describe('the search index of a memory', () => {
  const withFaiss = it.skipIf(!faissIsInstalled());
  withFaiss('is built, listed and taken away as jobs', async () => {
    const built = await api.finish(
      'indexMemory',
      { memory: 'sample@1.0.0', kind: 'ivf-flat', lists: 1 },
      '... on MemoryIndexed { memory index { kind lists probes recall measuredOn } }',
    );
    const index = { kind: 'ivf-flat', lists: 1, probes: 1, recall: 1, measuredOn: 13 };
    expect(built.result).toEqual({ memory: 'sample@1.0.0', index });
    const listed = await api.ask('{ memoryVersions(name: "sample") { reference index { kind lists } } }');
    const [first] = listed.data.memoryVersions as object[];
    expect(first).toEqual({ reference: 'sample@1.0.0', index: { kind: 'ivf-flat', lists: 1 } });
    expect(await removed('sample@1.0.0')).toMatchObject({ state: 'COMPLETED', error: null });
  });

  it('cannot be taken away where there is none', async () => {
    expect(await removed('tiny')).toMatchObject({ state: 'FAILED', error: { code: 'NOT_FOUND' } });
  });

  function removed(memory: string): Promise<EndedJob> {
    return ended(`removeMemoryIndex(memory: "${memory}")`);
  }
});

/** The job of a mutation that has no input, when it has ended. */
async function ended(mutation: string): Promise<EndedJob> {
  const { data } = await api.ask(`mutation { job: ${mutation} { ... on Job { id } } }`);
  const { id } = data.job as { id: string };
  await api.application.services.jobs.finished(id);
  const job = await api.ask('query ($id: ID!) { job(id: $id) { state error { code message path } } }', {
    id,
  });
  return job.data.job as EndedJob;
}

describe('a task about a memory', () => {
  it.each([
    ['dropMemoryEntries', { memory: 'sample' }, ['input', 'entries']],
    ['dropMemoryEntries', { memory: '../sample', labels: ['P26'] }, ['input', 'memory']],
    ['mergeMemories', { name: 'both', memories: ['sample'] }, ['input', 'memories']],
    ['mergeMemories', { name: 'Both', memories: ['sample', 'tiny'] }, ['input', 'name']],
    ['reviseMemory', { memory: 'sample', accept: ['typos'] }, ['input', 'accept', '0']],
    ['indexMemory', { memory: 'sample', recall: 1.5 }, ['input', 'recall']],
    ['indexMemory', { memory: 'sample', kind: 'hnsw' }, ['input', 'kind']],
    ['auditMemory', { memory: 'sample', out: 'x', k: 1 }, ['input', 'k']],
    ['importMemory', { name: 'x', file: 'x.jsonl', keyType: 'int4' }, ['input', 'keyType']],
  ])('%s with %j is refused before it is a job', async (mutation, input, path) => {
    expect(await api.submit(mutation, input)).toEqual({ code: 'INVALID_ARGUMENT', path });
  });

  it.each([
    ['dropMemoryEntries', { memory: 'none', labels: ['P26'] }, ['memory']],
    ['reviseMemory', { memory: 'sample@9.0.0' }, ['memory']],
    ['auditMemory', { memory: 'none', out: 'x.jsonl' }, ['memory']],
    ['indexMemory', { memory: 'none' }, ['memory']],
    ['mergeMemories', { name: 'all', memories: ['sample', 'none'] }, ['memories', '1']],
  ])('%s with %j names the field of the memory that is not there', async (mutation, input, path) => {
    expect(await api.finish(mutation, input)).toMatchObject({ error: { code: 'MEMORY_MISSING', path } });
  });

  it('that fails for a file names it as its client did, without a folder of the server', async () => {
    await api.give('torn.json', '{');
    const input = { name: 'x', from: [{ format: 'pure', files: ['torn.json'] }] };
    const { error } = await api.finish('buildMemory', input);
    expect(error).toMatchObject({ code: 'INVALID_FILE', message: expect.stringMatching(/^torn\.json:/) });
    expect(error?.path[0]).toBe('torn.json');
  });

  it.each([
    'exportMemory(memory: "none", out: "x.jsonl")',
    'compactMemory(memory: "none")',
    'removeMemoryIndex(memory: "none")',
  ])('%s names the argument of the memory that is not there, and no folder', async (mutation) => {
    expect(await ended(mutation)).toMatchObject({
      error: {
        code: 'MEMORY_MISSING',
        message: `${join('none', 'manifest.json')} is missing`,
        path: ['memory'],
      },
    });
  });

  it.each([
    ['dropMemoryEntries', { memory: 'sample', entries: ['mem_none'] }, 'NOT_FOUND'],
    ['dropMemoryEntries', { memory: 'none', labels: ['P26'] }, 'MEMORY_MISSING'],
    ['reviseMemory', { memory: 'sample', findings: '../secret.jsonl' }, 'INVALID_ARGUMENT'],
    ['mergeMemories', { name: 'both', memories: ['sample', 'tiny'], version: '1.0.0' }, null],
    ['mergeMemories', { name: 'both', memories: ['sample', 'tiny'], version: '1.0.0' }, 'CONFLICT'],
    ['buildMemory', { name: 'x', from: [{ files: ['none.json'] }] }, 'NOT_FOUND'],
    [
      'buildMemory',
      { name: 'x', from: [{ files: ['sample.json'] }], mapping: { labels: [{ name: '*', label: 'P0' }] } },
      'INVALID_ARGUMENT',
    ],
  ])('%s with %j ends with %s', async (mutation, input, code) => {
    const { state, error } = await api.finish(mutation, input);
    expect([state, error?.code ?? null]).toEqual(code === null ? ['COMPLETED', null] : ['FAILED', code]);
    const { data } = await api.ask('{ memoryVersions(name: "x") { reference } }');
    expect(data.memoryVersions).toEqual([]);
  });
});
