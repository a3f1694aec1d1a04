import { mkdir, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { ExtractedTriple } from '../../src/cli/formats/extract-contract.js';
import { ended, linesOf, Workshop } from './workshop.js';

interface Line {
  externalId: string | null;
  triples: ExtractedTriple[];
  error?: { code: string; message: string; path: (string | number)[] };
}

let workshop: Workshop;
beforeAll(async () => {
  workshop = await Workshop.open();
});
afterAll(() => workshop.close());

const TEXT = 'Marie Curie was born in Warsaw. In 1895 she married Pierre Curie.';

function documents(...values: unknown[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join('');
}

function triple(line: Line | undefined, predicate: string): ExtractedTriple | undefined {
  return line?.triples.find((one) => one.predicate.id === predicate);
}

describe('extract', () => {
  it('finds facts in raw text, a pronoun as it stands with the person it stands for, and who voted', async () => {
    const { code, stdout, stderr } = await workshop.run(
      ['extract'],
      documents({ externalId: 'a', text: TEXT }),
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const [line] = linesOf<Line>(stdout);
    expect(triple(line, 'P19')).toMatchObject({
      subject: { text: 'Marie Curie', type: 'PER', entity: 'Marie Curie' },
      predicate: { id: 'P19', name: 'place of birth' },
      object: { text: 'Warsaw', type: 'LOC', entity: 'Warsaw' },
    });
    const spouse = triple(line, 'P26');
    expect(TEXT.slice(spouse?.subject.start, spouse?.subject.end)).toBe(spouse?.subject.text);
    expect([spouse?.subject, spouse?.object].find((mention) => mention?.text === 'she')?.entity).toBe(
      'Marie Curie',
    );
    expect(spouse?.neighbours).toHaveLength(3);
    const weights = spouse?.neighbours.reduce((sum, { weight }) => sum + weight, 0);
    expect(weights).toBeCloseTo(1, 6);
    for (const { memory, text } of spouse?.neighbours ?? [])
      expect([memory, text.length > 0]).toEqual(['tiny', true]);
  });

  it('answers for every line in its order, names what is bad, and ends with 3', async () => {
    const input =
      documents({ externalId: 'one', text: TEXT }, { externalId: 'two', text: '   ' }) +
      '{"externalId": "three", "text":\n' +
      documents(
        { externalId: 'four', text: 'x', mentions: [{ start: 0, end: 9, type: 'PER' }] },
        { externalId: 'five', text: 'Ada', mentions: [{ start: 0, end: 3, type: 'KING' }] },
        { externalId: 'one', text: TEXT },
        { externalId: 'six', text: 'a\u0000b' },
        { externalId: 'seven', text: 'half a pair \ud83d here' },
        { externalId: 'eight', text: 'Word' },
      );
    const { code, stdout } = await workshop.run(['extract'], input);
    expect(code).toBe(3);
    const lines = linesOf<Line>(stdout);
    expect(
      lines.map(({ externalId, error }) => [externalId, error?.code ?? 'ok', error?.path ?? []]),
    ).toEqual([
      ['one', 'ok', []],
      ['two', 'EMPTY_TEXT', ['text']],
      [null, 'INVALID_FILE', ['line', 3]],
      ['four', 'INVALID_MENTION', ['mentions', 0, 'end']],
      ['five', 'UNKNOWN_MENTION_TYPE', ['mentions', 0, 'type']],
      ['one', 'DUPLICATE_EXTERNAL_ID', ['externalId']],
      ['six', 'MALFORMED_TEXT', ['text']],
      ['seven', 'MALFORMED_TEXT', ['text']],
      ['eight', 'ok', []],
    ]);
  });

  it('counts offsets of given mentions and of its output in the unit that is asked for', async () => {
    const text = '🎻🎻 Clara Wieck married Robert Schumann.';
    const span = (surface: string) => {
      const start = [...text.slice(0, text.indexOf(surface))].length;
      return { start, end: start + [...surface].length, type: 'PER' };
    };
    const mentions = [span('Clara Wieck'), span('Robert Schumann')];
    const input = documents({ externalId: '1', text, mentions });
    const { code, stdout } = await workshop.run(
      ['extract', '--offsets', 'code-points', '--lambda', '0'],
      input,
    );
    expect(code).toBe(0);
    const spouse = triple(linesOf<Line>(stdout)[0], 'P26');
    const ends = [spouse?.subject, spouse?.object].map(
      (mention) => mention && [mention.start, mention.end, mention.text],
    );
    expect(ends.sort()).toEqual(
      [
        [3, 14, 'Clara Wieck'],
        [23, 38, 'Robert Schumann'],
      ].sort(),
    );
  });

  it('writes pairs without a relation if asked, and takes overrides of the profile', async () => {
    const input = documents({ externalId: '1', text: TEXT });
    const { stdout } = await workshop.run(['extract', '--all-pairs', '--k', '2', '--memory', 'tiny'], input);
    const [line] = linesOf<Line>(stdout);
    const nil = triple(line, 'NIL');
    expect(nil).toMatchObject({ predicate: { id: 'NIL', name: 'no relation' }, confidence: null });
    for (const one of line?.triples ?? []) expect(one.neighbours).toHaveLength(2);
  });

  it('reads files and folders too', async () => {
    await mkdir(workshop.path('texts', 'below'), { recursive: true });
    await writeFile(workshop.path('texts', 'b.jsonl'), documents({ externalId: 'line', text: 'One.' }));
    await writeFile(
      workshop.path('texts', 'below', 'c.md'),
      '# Title\n\nMarie Curie was born in *Warsaw*.\n',
    );
    await writeFile(workshop.path('texts', 'left-out.pdf'), 'x');
    const { code, stdout } = await workshop.run(['extract', workshop.path('texts')]);
    expect(code).toBe(0);
    expect(linesOf<Line>(stdout).map(({ externalId }) => externalId)).toEqual(['line', 'below/c.md']);
  });

  it('streams: early lines come out while later ones are awaited', async () => {
    const child = workshop.start(['extract']);
    onTestFinished(() => void child.kill('SIGKILL'));
    const first = new Promise<string>((resolve) => {
      child.stdout.once('data', (chunk: Buffer) => {
        resolve(chunk.toString('utf8'));
      });
    });
    const many = Array.from({ length: 64 }, (_, index) => ({ externalId: `${index}`, text: 'Short.' }));
    child.stdin.write(documents(...many));
    expect(await first).toContain('"externalId":"0"');
    child.stdin.end();
    await new Promise((resolve) => child.once('close', resolve));
  });

  it('ends in peace when nobody reads on', async () => {
    const many = Array.from({ length: 3000 }, (_, index) => ({ externalId: `${index}`, text: 'Short.' }));
    const child = workshop.start(['extract']);
    onTestFinished(() => void child.kill('SIGKILL'));
    child.stdin.on('error', () => undefined);
    child.stdin.end(documents(...many));
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString('utf8')));
    child.stdout.once('data', () => {
      child.stdout.destroy();
    });
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  it('ends with 130 when it is interrupted while it waits for input', async () => {
    const child = workshop.start(['extract']);
    onTestFinished(() => void child.kill('SIGKILL'));
    child.stdin.write(documents({ externalId: 'a', text: 'Short.' }));
    child.stdin.write('not yet');
    // The models are open when the first chunk is awaited; to be stopped before that must be as clean.
    setTimeout(() => child.kill('SIGINT'), 1500);
    const { code, stderr } = await ended(child);
    expect({ code, stderr }).toEqual({ code: 130, stderr: '' });
  });

  it.each([
    ['a folder without models', { NEIGHBORKB_MODELS_DIR: '/nonexistent' }, 4, 'MODEL_MISSING'],
    ['a memory that is not there', { NEIGHBORKB_MEMORIES_DIR: '/nonexistent' }, 4, 'MEMORY_MISSING'],
    ['a profile that is not there', { NEIGHBORKB_PROFILE: 'none' }, 2, 'INVALID_ARGUMENT'],
    ['a setting that is none', { NEIGHBORKB_PORT: 'many' }, 2, 'NEIGHBORKB_PORT'],
  ])('ends with the code of its cause: %s', async (_, environment, expected, message) => {
    const { code, stdout, stderr } = await workshop.run(['extract'], '', environment);
    expect({ code, stdout }).toEqual({ code: expected, stdout: '' });
    expect(stderr).toContain(message);
  });

  it('ends with 3 for a file that is not there', async () => {
    const { code, stderr } = await workshop.run(['extract', 'nowhere.jsonl']);
    expect(code).toBe(3);
    expect(stderr).toContain('NOT_FOUND');
  });
});
