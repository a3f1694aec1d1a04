import { mkdir, stat, writeFile } from 'node:fs/promises';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openApplication, type Application } from '../../src/application.js';
import { loadConfig } from '../../src/config.js';
import { startServer } from '../../src/server.js';
import { Workshop } from '../cli/workshop.js';
import { askServer } from './harness.js';

/** Texts with a fact each, as DocRED has them. */
const LABELLED = [
  ['Ottilie Reylaender was born in Wesselburen .', [0, 2], 'P19', [5, 6]],
  ['Paula Becker married Otto Modersohn .', [0, 2], 'P26', [3, 5]],
  ['Fritz Mackensen died in Bremen .', [0, 2], 'P20', [4, 5]],
] as const;
const TYPES: Readonly<Record<string, string>> = { P19: 'LOC', P26: 'PER', P20: 'LOC' };

function docred(): object[] {
  return LABELLED.map(([text, subject, predicate, object], index) => {
    const tokens = text.split(' ');
    const vertex = (pos: readonly [number, number], type: string) => [
      { name: tokens.slice(...pos).join(' '), sent_id: 0, pos, type },
    ];
    return {
      title: `page ${index}`,
      sents: [tokens],
      vertexSet: [vertex(subject, 'PER'), vertex(object, TYPES[predicate] ?? '')],
      labels: [{ h: 0, t: 1, r: predicate, evidence: [0] }],
    };
  });
}

const RESULT = `result {
  __typename
  ... on MadeMemory { memory entries countsByLabel { label count } }
  ... on MemoryBuilt { counts { name value } facts skippedPredicates { name value } noise { memory k share byLabel { label judged disagreeing } } }
  ... on MemoryDerived { kept relabelled dropped repeated }
  ... on MemoryAudited { memory entries findings { kind count } files }
  ... on MemoryExported { memory entries files }
  ... on ProfileTuned { profile tunedOn f1 precision recall classifierF1 calibrationError report }
  ... on ProfileEvaluated { profile data calibrationError report
    systems { system f1 precision recall macroF1 gain pValue } }
  ... on DictionaryFileImported { dictionary entities names ambiguousNames changes { mentions evidence } }
  ... on StoreMigrated { from to documents resumed }
}`;

describe('a completed task of the API', () => {
  let workshop: Workshop;
  let application: Application;
  let server: Awaited<ReturnType<typeof startServer>>;

  beforeAll(async () => {
    workshop = await Workshop.open();
    const config = loadConfig(
      {
        ...{ dataDir: workshop.path('data'), exchangeDir: workshop.path('exchange') },
        ...{ modelsDir: workshop.path('models'), memoriesDir: workshop.path('memories') },
        ...{ profile: 'tiny', inferenceWorkers: 1, port: 0, migrateTo: `sqlite:${workshop.path('copy')}` },
      },
      {},
    );
    await mkdir(workshop.path('exchange'));
    await writeFile(workshop.path('exchange', 'labelled.json'), JSON.stringify(docred()));
    await writeFile(workshop.path('exchange', 'notes.txt'), 'Katy Novak joined Contoso as an engineer.');
    await writeFile(
      workshop.path('exchange', 'facts.csv'),
      'subject,predicate,object,subject_type,object_type\nKaty Novak,employer or member of,Contoso,PER,ORG\nKaty Novak,likes,Contoso,PER,ORG\n',
    );
    await writeFile(
      workshop.path('exchange', 'people.csv'),
      'type,name,aliases,externalIds\nPER,Ottilie Reylaender,O. Reylaender,Q94834\n',
    );
    application = await openApplication(config, {
      version: '0.0.0-test',
      logger: pino({ level: 'silent' }),
    });
    server = await startServer(application.services, config);
  });
  afterAll(async () => {
    await server.close();
    await application.close();
    await workshop.close();
  });

  /** Submits by a mutation, waits, and reads the result. */
  async function resultOf(mutation: string): Promise<unknown> {
    const [name = ''] = mutation.split('(');
    const submitted = await askServer(
      server.url,
      `mutation { ${mutation} { ... on Job { id result { __typename } } ... on Problem { message path } } }`,
    );
    expect(submitted).toMatchObject({
      errors: [],
      data: { [name]: { id: expect.any(String), result: null } },
    });
    const { id } = (submitted.data as Record<string, { id: string }>)[name] ?? { id: '' };
    await application.services.jobs.finished(id);
    const { data, errors } = await askServer(
      server.url,
      `query ($id: ID!) { job(id: $id) { state error { message } ${RESULT} } }`,
      { id },
    );
    expect(errors).toEqual([]);
    expect(data.job).toMatchObject({ state: 'COMPLETED', error: null });
    return data.job.result;
  }

  test('on memories says what was made or found', async () => {
    const built = await resultOf(
      'buildMemory(input: { name: "towns", nilShare: 0, from: [{ format: "docred", files: ["labelled.json"] }] })',
    );
    expect(built).toMatchObject({
      ...{ __typename: 'MemoryBuilt', memory: 'towns@1.0.0', entries: 4, facts: null, noise: null },
      counts: expect.arrayContaining([{ name: 'texts', value: 3 }]),
      skippedPredicates: [],
      countsByLabel: [
        // Whoever is married is so to each other.
        { label: 'P26', count: 2 },
        { label: 'P19', count: 1 },
        { label: 'P20', count: 1 },
      ],
    });
    const distant = await resultOf(
      'buildMemoryFromFacts(input: { name: "jobs", nilShare: 0, facts: ["facts.csv"], skipUnknownPredicates: true, corpus: { format: "text", files: ["notes.txt"] }, trusted: "tiny" })',
    );
    expect(distant).toMatchObject({
      ...{ __typename: 'MemoryBuilt', memory: 'jobs@1.0.0', entries: 1, facts: 1 },
      counts: expect.arrayContaining([{ name: 'matches.P108', value: 1 }]),
      skippedPredicates: [{ name: 'likes', value: 1 }],
      noise: { memory: expect.stringContaining('tiny'), k: expect.any(Number), byLabel: expect.any(Array) },
    });
    expect(
      await resultOf('mergeMemories(input: { name: "both", memories: ["towns", "jobs"] })'),
    ).toMatchObject({
      ...{ __typename: 'MemoryDerived', memory: 'both@1.0.0', entries: 5 },
      ...{ kept: 5, relabelled: 0, dropped: 0, repeated: 0 },
    });
    expect(await resultOf('auditMemory(input: { memory: "both", out: "findings.jsonl" })')).toMatchObject({
      ...{ __typename: 'MemoryAudited', memory: 'both@1.0.0', entries: 5, files: ['findings.jsonl'] },
      findings: expect.arrayContaining([{ kind: 'duplicate', count: 0 }]),
    });
    expect(await resultOf('exportMemory(memory: "both", out: "both.jsonl")')).toEqual({
      ...{ __typename: 'MemoryExported', memory: 'both@1.0.0', entries: 5, files: ['both.jsonl'] },
    });
    expect(await resultOf('importMemory(input: { name: "again", file: "both.jsonl" })')).toMatchObject({
      ...{ __typename: 'MemoryImported', memory: 'again@1.0.0', entries: 5 },
    });
  });

  test('on profiles says what was scored', async () => {
    const data = 'format: "docred", files: ["labelled.json"], mentions: "gold"';
    expect(
      await resultOf(
        `tuneProfile(input: { name: "ours", ${data}, memories: ["tiny"], search: "greedy", report: "tuned.html" })`,
      ),
    ).toMatchObject({
      ...{ __typename: 'ProfileTuned', profile: 'ours@1', tunedOn: 'labelled.json', report: 'tuned.html' },
      ...{ f1: expect.any(Number), classifierF1: expect.any(Number), calibrationError: expect.any(Number) },
    });
    expect((await stat(workshop.path('exchange', 'tuned.html'))).size).toBeGreaterThan(0);
    const evaluated = await resultOf(`evaluateProfile(input: { profile: "ours", ${data} })`);
    expect(evaluated).toMatchObject({
      ...{ __typename: 'ProfileEvaluated', profile: 'ours@1', data: 'labelled.json', report: null },
      systems: expect.arrayContaining([
        expect.objectContaining({ system: expect.any(String), f1: expect.any(Number), gain: null }),
      ]),
    });
  });

  test('on the graph says what came of it', async () => {
    const [saved] = await application.services.ingestion.ingestNow([
      { externalId: 'a', text: 'O. Reylaender was born in Wesselburen.' },
    ]);
    expect(saved).toMatchObject({ ok: true });
    expect(await resultOf('importDictionaryFile(name: "people", file: "people.csv", format: CSV)')).toEqual({
      ...{ __typename: 'DictionaryFileImported', dictionary: 'people' },
      ...{ entities: 1, names: 2, ambiguousNames: 0 },
      changes: { mentions: expect.any(Number), evidence: expect.any(Number) },
    });
    expect(await resultOf('migrateStore')).toEqual({
      ...{ __typename: 'StoreMigrated', documents: 1, resumed: false },
      from: `sqlite:${workshop.path('data', 'graph.db')}`,
      to: `sqlite:${workshop.path('copy', 'graph.db')}`,
    });
  });
});
