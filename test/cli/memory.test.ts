import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { linesOf, Workshop } from './workshop.js';

let workshop: Workshop;
beforeAll(async () => {
  workshop = await Workshop.open();
});
afterAll(() => workshop.close());

test('a memory is built from facts and text, audited, changed, exported and imported', async () => {
  const run = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await workshop.run(['memory', ...args]);
    expect(stderr).not.toContain('error');
    expect(code).toBe(0);
    return stdout;
  };
  await writeFile(
    workshop.path('facts.csv'),
    'subject,predicate,object,subject_type,object_type\nKaty Novak,employer or member of,Contoso,PER,ORG\n',
  );
  await writeFile(
    workshop.path('notes.txt'),
    'Katy Novak joined Contoso as an engineer. Years later Katy Novak left Contoso.',
  );
  const build = ['--facts', workshop.path('facts.csv'), '--corpus', `text:${workshop.path('notes.txt')}`];
  const built = JSON.parse(
    await run('build', 'ours', ...build, '--nil-share', '0', '--trusted', 'tiny', '--json'),
  ) as object;
  expect(built).toMatchObject({ memory: 'ours@1.0.0', countsByLabel: { P108: 2 }, facts: 1 });

  const findings = workshop.path('findings.jsonl');
  await run('audit', 'ours', '--out', findings);
  const uncovered = linesOf<{ kind: string }>(await readFile(findings, 'utf8'));
  expect(uncovered.every(({ kind }) => kind === 'uncovered')).toBe(true);

  const [first] = linesOf<{ id: string }>(await run('show', 'ours', '--json'));
  await writeFile(findings, JSON.stringify({ kind: 'hub', entry: first?.id, action: 'drop' }));
  expect(await run('apply', 'ours', findings)).toContain('ours@1.0.1: 1 entries; 1 kept');
  expect(await run('compare', 'ours@1.0.0', 'ours')).toContain('1 shared, 0 added, 1 removed, 0 relabelled');
  expect(linesOf(await run('versions', 'ours', '--json'))).toHaveLength(2);

  await run('export', 'ours@1.0.0', workshop.path('ours.jsonl'));
  expect(await run('import', 'copy', workshop.path('ours.jsonl'))).toContain('copy@1.0.0: 2 entries');
  expect(await run('merge', 'all', 'tiny', 'ours')).toContain('all@1.0.0: 6 entries');
  expect(await run('stats', 'all')).toContain('PER>ORG');
  expect((await run('project', 'all')).trim().split('\n')).toHaveLength(7);
});

test.each([
  [['build', 'x', '--facts', 'none.csv'], 'INVALID_ARGUMENT'],
  [['build', 'x', '--facts', 'none.csv', '--corpus', 'text:none.txt'], 'NOT_FOUND'],
  [['drop', 'tiny'], 'INVALID_ARGUMENT'],
  [['drop', 'tiny', '--entry', 'mem_none'], 'NOT_FOUND'],
  [['audit', 'none', '--out', 'x'], 'MEMORY_MISSING'],
  [['versions', 'none'], 'has no memory none'],
  [['versions', 'none', '--json'], 'MEMORY_MISSING'],
])('memory %j is refused with %s', async (args, code) => {
  const { code: status, stderr } = await workshop.run(['memory', ...args]);
  expect(status).not.toBe(0);
  expect(stderr).toContain(code);
});
