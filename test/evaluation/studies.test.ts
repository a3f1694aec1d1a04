import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PairCache } from '../../src/evaluation/pair-cache.js';
import type { StudyContext } from '../../src/evaluation/study/context.js';
import { resultsPage } from '../../src/evaluation/study/results-page.js';
import { runStudy } from '../../src/evaluation/study/studies.js';
import type { StudyTable } from '../../src/evaluation/study/table.js';
import { RealParts } from '../extraction/real-parts.js';
import { MODELS, schema } from '../inference/real-models.js';
import { writeStudyData, writeUntypedEncoder } from './study-data.js';

let folder: string;
let parts: RealParts;
let context: StudyContext;
/** What was encoded, and not taken from the cache. */
const encoded = new Set<string>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'neighborkb-studies-'));
  parts = await RealParts.open();
  const encoders = join(folder, 'encoders');
  const shippedEncoder = join(MODELS, 'relation-encoder');
  await writeStudyData(join(folder, 'data'));
  await writeUntypedEncoder(join(encoders, 'wiki80-10pct', 'seed1'));
  await cp(join(encoders, 'wiki80-10pct'), join(encoders, 'wiki80-1pct'), { recursive: true });
  for (const variant of ['seed1-last-two', 'seed2-last-two'])
    await cp(join(encoders, 'wiki80-10pct', 'seed1'), join(encoders, 'wiki80-10pct', variant), {
      recursive: true,
    });
  for (const study of ['scierc/seed1', 'scierc/seed2', 'scierc-contrast/seed1', 'heldout/relation-encoder']) {
    await mkdir(join(encoders, study), { recursive: true });
    for (const file of ['card.json', 'model.onnx', 'tokenizer.json'])
      await symlink(join(shippedEncoder, file), join(encoders, study, file));
  }
  await writeFile(join(encoders, 'heldout', 'relations.json'), JSON.stringify(['P26']));
  const profile = parts.profile();
  const { detector, encoder, memory } = parts;
  context = {
    ...{ data: join(folder, 'data'), encoders, workers: 1, shippedEncoder, schema },
    withProduct: (use) =>
      use({
        bench: {
          ...{ extractor: parts.pipeline(), schema, labels: encoder.labels, profile },
          ...{ identity: [detector.modelHash, encoder.modelHash], pronouns: detector.pronouns },
        },
        profile,
        memory: () => Promise.resolve(memory),
      }),
    cache: new PairCache(join(folder, 'cache')),
    onProgress: (what) => encoded.add(what),
  };
});
afterAll(async () => {
  await parts.close();
  await rm(folder, { recursive: true, force: true });
});

const made = new Map<string, Promise<StudyTable>>();

/** A study as it is when it is made for the first time. */
function study(name: string): Promise<StudyTable> {
  const known = made.get(name) ?? runStudy(name, context);
  made.set(name, known);
  return known;
}

/** Cells of a column by the first cell of their row. */
function column({ tables }: StudyTable, table: number, head: string): Record<string, unknown> {
  const { head: heads, rows } = tables[table]!;
  const at = heads.indexOf(head);
  expect(at).toBeGreaterThan(0);
  return Object.fromEntries(rows.map((row) => [String(row[0]), row[at]]));
}

describe('a study', () => {
  it('of SciERC has a row for each way of scoring, over seeds and by seed', async () => {
    const table = await study('scierc');
    expect(table.encoders).toHaveLength(3);
    const [over, contrast, plain, first, second] = table.tables;
    expect(over!.title).toBe('over 2 seeds');
    expect(contrast!.title).toContain('contrastive loss (weight .2) beside cross entropy, one seed');
    // What was trained otherwise is one encoder with the plain one here: it gains nothing as a classifier.
    expect(plain!.rows.map((row) => row.slice(1, 4))).toContainEqual(['classifier', 1, 0]);
    // Both seeds are one encoder here: the same rows, and no spread.
    expect(first!.rows).toEqual(second!.rows);
    expect(Object.values(column(table, 0, 'sd'))).toEqual(over!.rows.map(() => 0));
    const f1 = column(table, 3, 'test F1');
    expect(Object.keys(f1).slice(0, 3)).toEqual([
      'classifier',
      'kNN only: train memory',
      'kNN-RE: train memory',
    ]);
    expect(column(table, 3, 'entries')['kNN only: train memory']).toBe(80);
    expect(Object.values(column(table, 5, 'entries'))).toContain(32);
    // The sentences of each relation have the same words.
    expect(f1['kNN only: train memory']).toBeGreaterThan(80);
  }, 60_000);

  it('takes the settings that are best on dev, whatever test says of them', async () => {
    const table = await study('scierc');
    const dev = column(table, 3, 'dev F1') as Record<string, number>;
    expect(dev['kNN-RE: train memory']).toBeGreaterThanOrEqual(dev['classifier']!);
    expect(dev['kNN-RE: train memory']).toBeGreaterThanOrEqual(dev['kNN only: train memory']!);
  }, 60_000);

  it('of Wiki80 sets the memories of train and of distant supervision side by side, by their size', async () => {
    const table = await study('wiki80-10');
    const entries = column(table, 0, 'entries');
    const train = entries['kNN-RE: train memory'] as number;
    const distant = entries['kNN-RE: DS memory'] as number;
    expect(train).toBe(32);
    expect(distant).toBeGreaterThan(0);
    expect(entries['kNN-RE: combined memory']).toBe(train + distant);
    expect(table.tables.map(({ title }) => title)).toContain(
      'representation of the last two layers, over 2 seeds',
    );
    const [alone] = table.plots[0]!.series;
    expect(alone!.points.at(-1)![0]).toBe(32);
  }, 60_000);

  it('of the long tail lists relations by their training examples, fewest first', async () => {
    const { tables } = await study('long-tail');
    const support = tables[0]!.rows.map((row) => row[1] as number);
    expect(support).toEqual([...support].sort((a, b) => a - b));
    expect(tables[0]!.rows.map(([label]) => label)).toEqual(
      expect.arrayContaining(['P19', 'P20', 'P26', 'P69']),
    );
  }, 60_000);

  it('of new relations teaches one by examples alone', async () => {
    const table = await study('new-relation');
    const fresh = column(table, 0, 'F1 of the ten');
    expect(Object.keys(fresh)).toEqual(['0', '5', '10', '50']);
    expect(fresh['5']).toBeGreaterThanOrEqual(fresh['0'] as number);
    expect(column(table, 0, 'loss of the others')['0']).toBe(0);
  }, 60_000);

  it('of wording divides the facts of the test set in two, and knows the words of each relation', async () => {
    const { tables } = await study('wording');
    const [byWording, words] = tables;
    const rows = byWording!.rows.filter(([data]) => data === 'SciERC');
    expect(rows.map(([, wording]) => wording)).toEqual(['usual words', 'no usual word']);
    const facts = rows.map((row) => row[2] as number);
    // Every sentence of a relation has the same words.
    expect(facts[0]).toBeGreaterThan(0);
    expect(facts[1]).toBe(0);
    expect(Object.fromEntries(words!.rows)['P19']).toContain('born');
  }, 60_000);

  it('of a new domain lets the memory alone decide', async () => {
    const table = await study('new-domain');
    const settings = column(table, 0, 'settings (tuned on dev)');
    const entries = column(table, 0, 'entries');
    expect(entries['classifier: it has none of the labels']).toBeNull();
    expect(settings['kNN only: 80 entries']).toContain('λ 1');
  }, 60_000);

  it('of KnowledgeNet sets classifier, memories and the shipped profile side by side', async () => {
    const table = await study('knowledgenet');
    const gold = column(table, 0, 'F1, gold mentions') as Record<string, number>;
    expect(Object.keys(gold)).toEqual([
      'classifier',
      'kNN only: train memory',
      'kNN-RE: train memory',
      'kNN only: tiny memory',
      'kNN-RE: tiny memory',
      'kNN-RE: combined',
      'the shipped profile test@1',
    ]);
    expect(gold['kNN-RE: train memory']).toBeGreaterThan(50);
  }, 60_000);

  it('that was made before needs no encoder, and says the same', async () => {
    const before = await study('long-tail');
    encoded.clear();
    expect(await runStudy('long-tail', context)).toEqual(before);
    expect([...encoded]).toEqual([]);
  }, 60_000);

  it('is rendered as Markdown with a row for each row', async () => {
    const table = await study('new-relation');
    const page = resultsPage([table]);
    for (const row of table.tables[0]!.rows) expect(page).toContain(`| ${row[0]} | ${row[1]} |`);
    expect(page).toContain('(results/new-relation.svg)');
  }, 60_000);

  it('that nobody knows, or whose encoders are not there, is refused', async () => {
    expect(() => runStudy('nonsense', context)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', path: ['study'] }),
    );
    await expect(runStudy('scierc', { ...context, encoders: folder })).rejects.toMatchObject({
      code: 'MODEL_MISSING',
      path: ['encoders', 'scierc'],
    });
  });
});
