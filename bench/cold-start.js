// From the start of the server to its first answer: `scoreText` on one sentence, over HTTP, empty store.
//
//   npm run build && node bench/cold-start.js [runs, default 5]
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { shippedPath } from './lib/shipped.js';

const RUNS = Number(process.argv[2] ?? 5);
const QUERY =
  '{ scoreText(text: "Marie Curie was born in Warsaw.") { predictions { predicate { id } confidence } } }';

const seconds = [];
for (let run = 0; run < RUNS; run++) seconds.push(await once(21_000 + Math.floor(Math.random() * 20_000)));
seconds.sort((a, b) => a - b);
console.log(`cold start to first answer, ${RUNS} runs: median ${seconds[RUNS >> 1].toFixed(2)} s,`);
console.log(`smallest ${seconds[0].toFixed(2)} s, largest ${seconds.at(-1).toFixed(2)} s`);

async function once(port) {
  const folder = await mkdtemp(path.join(tmpdir(), 'neighborkb-bench-'));
  const started = performance.now();
  const child = spawn(
    process.execPath,
    [shippedPath('bin/neighborkb.js'), 'serve', '--port', String(port), '--data-dir', folder],
    { stdio: ['ignore', 'ignore', 'ignore'] },
  );
  try {
    for (;;) {
      const answer = await fetch(`http://127.0.0.1:${port}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: QUERY }),
      }).then(
        (response) => response.json(),
        () => null,
      );
      if (answer?.data?.scoreText) return (performance.now() - started) / 1000;
      if (answer?.errors) throw new Error(JSON.stringify(answer.errors));
      if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}`);
      await sleep(20);
    }
  } finally {
    child.kill('SIGTERM');
    await new Promise((resolve) => (child.exitCode === null ? child.once('exit', resolve) : resolve()));
    await rm(folder, { recursive: true, force: true });
  }
}
