import { cp, mkdir } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { ended, Workshop } from './workshop.js';

let workshop: Workshop;
beforeAll(async () => {
  workshop = await Workshop.open();
  await mkdir(workshop.path('samples'));
  await cp('samples/marie-curie.md', workshop.path('samples', 'marie-curie.md'));
});
afterAll(() => workshop.close());

describe('serve --with-samples', () => {
  it('shows facts with their best neighbour, answers at the address that it prints, and stops cleanly', async () => {
    const child = workshop.start(['serve', '--with-samples', '--port', '0'], {
      NEIGHBORKB_SAMPLES_DIR: workshop.path('samples'),
      NEIGHBORKB_LOG_LEVEL: 'warn',
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    const end = ended(child);
    const printed = await new Promise<string>((resolve, reject) => {
      let text = '';
      child.stdout.on('data', (chunk: Buffer) => {
        text += chunk.toString('utf8');
        if (text.includes('/graphiql')) resolve(text);
      });
      void end.then(({ stderr }) => {
        reject(new Error(`the server ended: ${stderr}`));
      });
    });
    expect(printed).toMatch(/\n\S.* \d+%\n {2}because +\S.*\n(.*\n)*? {2}like +\S.*weight \d\.\d\d of 1\)/);
    expect(printed).toContain('Fanny Hensel');
    const address = /http:\/\/127\.0\.0\.1:\d+\/graphql/.exec(printed)?.[0] ?? '';
    const response = await fetch(address, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ triples(first: 1) { totalCount } }' }),
    });
    const answer = (await response.json()) as { data: { triples: { totalCount: number } } };
    expect(answer.data.triples.totalCount).toBeGreaterThan(5);
    child.kill('SIGTERM');
    expect(await end).toMatchObject({ code: 0 });
  });
});
