import { access, mkdir, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { linesOf, Workshop } from './workshop.js';

let workshop: Workshop;
beforeAll(async () => {
  workshop = await Workshop.open();
  await mkdir(workshop.path('pages'));
  await writeFile(
    workshop.path('pages', 'curie.txt'),
    'Marie Curie was born in Warsaw on 7 November 1867.\n',
  );
  await writeFile(workshop.path('pages', 'empty.txt'), ' \n');
  await writeFile(workshop.path('pages', 'latin.txt'), Buffer.from([0x41, 0xe9, 0x42]));
  await writeFile(
    workshop.path('pages', 'two.jsonl'),
    '{"externalId":"schumann","text":"Clara Wieck married Robert Schumann."}\nno json\n',
  );
});
afterAll(() => workshop.close());

interface Exported {
  subject: { name: string };
  predicate: { id: string; iri: string };
  object: { name: string };
  evidence: { document: string; sentence: { text: string }; neighbours: { text: string }[] }[];
}

describe('the commands around the store', () => {
  it('ingest what is good, name what is not, and change nothing when it comes again', async () => {
    const first = await workshop.run(['ingest', workshop.path('pages'), '--json']);
    expect(first.code).toBe(3);
    const [summary] = linesOf<{ failures: { externalId: string | null; place: string; code: string }[] }>(
      first.stdout,
    );
    expect(summary).toMatchObject({ created: 2, replaced: 0, unchanged: 0 });
    expect(summary?.failures.map(({ externalId, place, code }) => [externalId, place, code])).toEqual([
      ['latin.txt', workshop.path('pages', 'latin.txt'), 'MALFORMED_TEXT'],
      [null, workshop.path('pages', 'two.jsonl:2'), 'INVALID_FILE'],
      ['empty.txt', workshop.path('pages', 'empty.txt'), 'EMPTY_TEXT'],
    ]);
    const again = await workshop.run([
      'ingest',
      workshop.path('pages', 'curie.txt'),
      workshop.path('pages', 'two.jsonl'),
    ]);
    expect(again.stdout).toContain('1 new, 0 replaced, 1 unchanged');
    expect(again.stderr).toContain(`refused ${workshop.path('pages', 'two.jsonl')}:2: INVALID_FILE (line.2)`);
  });

  it('name the place of what is refused once it was read, too', async () => {
    const lines = [
      { externalId: 'a', text: ' ' },
      { externalId: '', text: 'Ada.' },
      { externalId: 'a', text: 'B.' },
    ];
    const input = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
    await writeFile(workshop.path('refused.jsonl'), input);
    const file = workshop.path('refused.jsonl');
    const { code, stderr } = await workshop.run(['ingest', file, workshop.path('pages', 'empty.txt')]);
    expect(code).toBe(3);
    for (const line of [
      `refused ${file}:1 a: EMPTY_TEXT (text): `,
      `refused ${file}:2: INVALID_DOCUMENT (externalId): `,
      `refused ${file}:3 a: DUPLICATE_EXTERNAL_ID (externalId): `,
      `refused ${workshop.path('pages', 'empty.txt')}: EMPTY_TEXT (text): `,
    ])
      expect(stderr).toContain(line);
    expect((await workshop.run(['ingest', '-'], input)).stderr).toContain('refused stdin:1 a: EMPTY_TEXT');
  });

  it('ingest a text from standard input under a name, and replace it', async () => {
    const ingest = ['ingest', '--external-id', 'note', '-'];
    const first = await workshop.run(ingest, 'Ada Lovelace was born in London.');
    expect(first.stdout).toContain('1 new');
    const second = await workshop.run(ingest, 'Ada Lovelace was born in London in 1815.');
    expect(second.stdout).toContain('1 replaced');
  });

  it('export triples with their evidence in every format', async () => {
    await workshop.run(['ingest', workshop.path('pages', 'curie.txt')]);
    const jsonl = await workshop.run(['export', '--predicate', 'P19']);
    expect(jsonl.code).toBe(0);
    const triples = linesOf<Exported>(jsonl.stdout);
    const curie = triples.find(({ subject }) => subject.name === 'Marie Curie');
    expect(curie).toMatchObject({
      predicate: { id: 'P19', iri: 'http://www.wikidata.org/prop/direct/P19' },
      object: { name: 'Warsaw' },
    });
    expect(curie?.evidence[0]?.sentence.text).toBe('Marie Curie was born in Warsaw on 7 November 1867.');
    expect(curie?.evidence[0]?.neighbours).toHaveLength(3);

    const nt = await workshop.run(['export', '--format', 'nt']);
    for (const line of nt.stdout.trimEnd().split('\n')) expect(line).toMatch(/^<\S+> <\S+> .+ \.$/);
    expect(nt.stdout).toContain('<http://www.wikidata.org/prop/direct/P19>');
    const csv = await workshop.run(['export', '--format', 'csv']);
    expect(csv.stdout.split('\r\n')[0]).toMatch(/^id,subject_id,subject,/);
  });

  it('export no predicate that is none, and name the ones that are', async () => {
    await workshop.run(['ingest', workshop.path('pages', 'curie.txt')]);
    const { code, stdout, stderr } = await workshop.run([
      'export',
      '--predicate',
      'P19',
      '--predicate',
      'foo',
    ]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/--predicate foo is no predicate, expected one of P\d+, .*\bP19\b/);
    const none = await workshop.run(['export', '--predicate', 'P26', '--min-confidence', '1']);
    expect(none).toMatchObject({ code: 0, stdout: '' });
  });

  it('retract a document, and say which is not there', async () => {
    await workshop.run(['ingest', '--external-id', 'gone', '-'], 'Alan Turing was born in London.');
    const { code, stdout, stderr } = await workshop.run(['retract', 'gone', 'never-there']);
    expect(code).toBe(3);
    expect(stdout).toMatch(/^gone: removed \d+ triples, \d+ entities\n$/);
    expect(stderr).toContain('NOT_FOUND');
    expect((await workshop.run(['retract', 'gone'])).code).toBe(3);
  });

  it('end with 5 where the store is no store', async () => {
    await mkdir(workshop.path('broken'));
    await writeFile(
      workshop.path('broken', 'graph.db'),
      'this is no database, and long enough to be read as one'.repeat(40),
    );
    const { code, stderr } = await workshop.run(['export', '--data-dir', workshop.path('broken')]);
    expect(code).toBe(5);
    expect(stderr).toContain('STORE_UNAVAILABLE');
  });

  it('make no store where they were to read one', async () => {
    for (const command of [['export'], ['retract', 'x']]) {
      const { code, stderr } = await workshop.run([...command, '--data-dir', workshop.path('nowhere')]);
      expect(code).toBe(5);
      expect(stderr).toContain('there is no store at');
    }
    await expect(access(workshop.path('nowhere'))).rejects.toThrow();
  });
});

describe('the commands around memories', () => {
  it('list and show what was built', async () => {
    const list = await workshop.run(['memory', 'list', '--json']);
    expect(linesOf(list.stdout)).toMatchObject([
      { name: 'tiny', entries: 5, countsByLabel: { P26: 1, NIL: 1 } },
    ]);
    const show = await workshop.run(['memory', 'show', 'tiny', '--label', 'P26', '--json']);
    expect(linesOf(show.stdout)).toMatchObject([
      { label: 'P26', text: 'Fanny Hensel married the painter Wilhelm Hensel.' },
    ]);
    const table = await workshop.run(['memory', 'show', 'tiny', '--text', 'VIENNA']);
    expect(table.stdout).toContain('University of Vienna');
    expect((await workshop.run(['memory', 'show', 'other'])).code).toBe(4);
  });
});

describe('explain', () => {
  it('shows mentions, pairs and votes of a text', async () => {
    const { code, stdout } = await workshop.run(['explain', '-'], 'Marie Curie was born in Warsaw.');
    expect(code).toBe(0);
    expect(stdout).toMatch(/Marie Curie {2}→ {2}place of birth P19 {2}→ {2}Warsaw/);
    expect(stdout).toContain('Fanny Hensel was born in Hamburg');
  });

  it('refuses an empty text', async () => {
    const { code, stderr } = await workshop.run(['explain', ' ']);
    expect(code).toBe(3);
    expect(stderr).toContain('EMPTY_TEXT');
  });
});
