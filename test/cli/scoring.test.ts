import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EvaluationReport } from '../../src/evaluation/comparison.js';
import type { TuneReport } from '../../src/evaluation/tune.js';
import type { ScoringProfile } from '../../src/domain/profile.js';
import { SAMPLE_FACTS, SAMPLE_LABELS, SAMPLE_MAPPING, pureSample } from '../evaluation/pure-sample.js';
import { Workshop, writeJson } from './workshop.js';

let workshop: Workshop;
let data: readonly string[];
beforeAll(async () => {
  workshop = await Workshop.open();
  await writeFile(workshop.path('sample.json'), pureSample());
  await writeJson(workshop.path('mapping.json'), SAMPLE_MAPPING);
  await writeFile(workshop.path('empty.json'), '');
  await writeJson(workshop.path('factless.json'), { documentId: '1', text: 'x', properties: [], facts: [] });
  await writeJson(workshop.path('no documents.json'), []);
  data = [`pure:${workshop.path('sample.json')}`, '--mapping', workshop.path('mapping.json')];
});
afterAll(() => workshop.close());

async function jsonOf<Content>(...path: string[]): Promise<Content> {
  return JSON.parse(await readFile(workshop.path(...path), 'utf8')) as Content;
}

async function run(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await workshop.run(args);
  expect(stderr).not.toContain('error');
  expect(code).toBe(0);
  return stdout;
}

/** Everything that a page could have a browser load. */
function loadedBy(html: string): string[] {
  const addresses = html.replaceAll('xmlns="http://www.w3.org/2000/svg"', '');
  return addresses.match(/https?:|<link|<script|<img|<iframe|@import|url\(|\bsrc=|\bhref=/gi) ?? [];
}

describe('from labelled data of one’s own to a profile and a report', () => {
  it('`tune data` writes a profile, its report as JSON, and a page that loads nothing', async () => {
    const output = ['--json', workshop.path('tune.json'), '--html', workshop.path('tune.html')];
    const searched = ['--mentions', 'gold', '--memory', 'tiny', '--name', 'sample', '--search', 'greedy'];
    const cache = ['--cache', workshop.path('cache')];
    const table = await run('tune', 'data', ...data, ...searched, ...output, ...cache);
    expect(table).toContain('neighbours only (λ = 1)');

    const report = await jsonOf<TuneReport & { profile: ScoringProfile }>('tune.json');
    const profile = JSON.parse(await run('profile', 'show', 'sample')) as ScoringProfile;
    expect(profile).toEqual(report.profile);
    expect(profile).toMatchObject({ name: 'sample', version: 1, tunedOn: 'sample.json' });
    expect(report).toMatchObject({
      tunedOn: 'sample.json',
      search: 'greedy',
      passages: 12,
      mixture: null,
      match: 'exact',
    });
    const { found, missed } = report.score.exact;
    expect(found + missed).toBe(SAMPLE_FACTS);
    expect(report.memories.map(({ memory, entries }) => [memory, entries])).toEqual([['tiny', 5]]);
    expect(report.grid.both[0]!.f1).toBeGreaterThanOrEqual(report.grid.classifierOnly.f1);

    const html = await readFile(workshop.path('tune.html'), 'utf8');
    expect(loadedBy(html)).toEqual([]);
    expect(html).toMatch(/^<!doctype html>[\s\S]*<\/html>\n$/);
    expect(html).toContain('Profile sample@1, tuned on sample.json');
    expect(html.match(/<svg /g)!.length).toBeGreaterThan(2);
  });

  it('`evaluate data` sets the profile beside its parts, as tables, JSON and a page that loads nothing', async () => {
    const output = ['--json', workshop.path('scores.json'), '--html', workshop.path('scores.html')];
    const scored = ['--profile', 'sample@1', '--mentions', 'gold', '--cache', workshop.path('cache')];
    const table = await run('evaluate', 'data', ...data, ...scored, ...output);
    expect(table).toContain('both (the profile)');

    const report = await jsonOf<EvaluationReport>('scores.json');
    expect(report).toMatchObject({
      data: 'sample.json',
      mentions: 'gold',
      passages: 12,
      facts: SAMPLE_FACTS,
    });
    expect(report.systems.map(({ system }) => system)).toEqual([
      'classifier (λ = 0)',
      'neighbours only (λ = 1)',
      'both (the profile)',
    ]);
    for (const { micro } of report.systems) expect(micro.found + micro.missed).toBe(SAMPLE_FACTS);
    expect(report.relations.map(({ label }) => label)).toEqual(expect.arrayContaining(SAMPLE_LABELS));
    const tuned = await jsonOf<TuneReport>('tune.json');
    expect(report.systems.at(-1)!.micro).toEqual(tuned.score.exact);

    const html = await readFile(workshop.path('scores.html'), 'utf8');
    expect(loadedBy(html)).toEqual([]);
    expect(html).toContain('<h1>Evaluation on sample.json</h1>');
  });

  it('a second run takes its encodings from the cache and gives the same report', async () => {
    const again = workshop.path('again.json');
    const scored = ['--profile', 'sample@1', '--mentions', 'gold', '--cache', workshop.path('cache')];
    await run('evaluate', 'data', ...data, ...scored, '--json', again);
    expect(await jsonOf('again.json')).toEqual(await jsonOf('scores.json'));
  });

  it('a mixture of memories is tuned, and its shares sum to 1', async () => {
    await run('memory', 'build', 'own', '--from', data[0]!, ...data.slice(1), '--nil-share', '0.5');
    const both = ['--memory', 'tiny', '--memory', 'own', '--name', 'both', '--search', 'greedy'];
    await run('tune', 'data', ...data, ...both, '--mentions', 'gold', '--json', workshop.path('both.json'));
    const { profile, mixture, memories } = await jsonOf<TuneReport & { profile: ScoringProfile }>(
      'both.json',
    );
    expect(mixture!.alphas).toHaveLength(2);
    expect(profile.memories.reduce((sum, { alpha }) => sum + alpha, 0)).toBeCloseTo(1, 9);
    const alone = Math.max(...memories.map(({ grid }) => grid.both[0]!.f1));
    expect(mixture!.f1).toBeGreaterThanOrEqual(alone);
  });

  it('a coarse search tries a few votes far apart, under all thresholds', async () => {
    const coarse = ['--memory', 'tiny', '--name', 'coarse', '--search', 'coarse', '--mentions', 'gold'];
    await run('tune', 'data', ...data, ...coarse, '--json', workshop.path('coarse.json'));
    const { grid, search } = await jsonOf<TuneReport>('coarse.json');
    expect(search).toBe('coarse');
    expect(new Set(grid.cells.map(({ settings: { k } }) => k))).toEqual(new Set([8, 64]));
    expect(new Set(grid.cells.map(({ settings: { lambda } }) => lambda))).toEqual(new Set([0.3, 0.6, 1]));
    expect(grid.both.length).toBeGreaterThan(grid.cells.length);
  });

  it('`--facts-from-store` builds a memory of what the knowledge base says', async () => {
    await writeFile(workshop.path('ada.txt'), 'Otto Hahn was born in Frankfurt.');
    await run('ingest', workshop.path('ada.txt'));
    await writeFile(workshop.path('corpus.txt'), 'They say that Otto Hahn comes from Frankfurt. It rained.');
    const build = ['memory', 'build', 'known', '--facts-from-store', '--nil-share', '0', '--json'];
    const corpus = ['--corpus', `text:${workshop.path('corpus.txt')}`];
    // Nobody has accepted the triple yet: it is a fact only where undecided ones count.
    const none = await workshop.run([...build, ...corpus]);
    expect(none).toMatchObject({ code: 2, stdout: '' });
    const built = JSON.parse(await run(...build, ...corpus, '--min-confidence', '0')) as object;
    expect(built).toMatchObject({ memory: 'known@1.0.0', entries: 1, countsByLabel: { P19: 1 } });
  });
});

describe('bad input of `tune` and `evaluate` is told by its field and leaves no profile behind', () => {
  it.each([
    [['tune', 'data', 'pure:none.json', '--memory', 'tiny'], 'NOT_FOUND'],
    [['tune', 'data', '{sample}', '--memory', 'none'], 'MEMORY_MISSING'],
    // Without a mapping the labels are the data set's own: none of them is judged.
    [
      ['tune', 'data', '{sample}', '--mentions', 'gold', '--memory', 'tiny'],
      'holds no relation that is judged',
    ],
    [['evaluate', 'data', '{sample}', '--profile', 'none'], 'there is no scoring profile none'],
    [['evaluate', 'data', '{sample}', '--mapping', '{sample}'], 'INVALID_FILE'],
    [
      ['evaluate', 'data', 'pure:{empty}'],
      '{empty} holds no text, expected annotated text of the format pure',
    ],
    [['tune', 'knowledgenet', '{empty}', '--memory', 'tiny'], '{empty} holds no text'],
    [['evaluate', 'knowledgenet', '{empty}'], '{empty} holds no text, expected KnowledgeNet passages'],
    [['evaluate', 'knowledgenet', '{factless}'], '{factless} holds no relation that is judged'],
    [
      ['evaluate', 'redocred', '{no documents}'],
      '{no documents} holds no text, expected Re-DocRED documents',
    ],
  ])('%j: %s', async (args, reason) => {
    const filled = (text: string): string =>
      text.replace(/\{(.+)\}/, (_, name: string) => workshop.path(`${name}.json`));
    const given = args.map(filled);
    const named = given[0] === 'tune' ? ['--name', 'broken'] : [];
    const { code, stderr } = await workshop.run([...given, ...named]);
    expect(code).not.toBe(0);
    expect(stderr).toContain(filled(reason));
    expect((await workshop.run(['profile', 'show', 'broken'])).code).not.toBe(0);
  });
});
