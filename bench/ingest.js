// What ingestion costs on this machine: documents made of the sentences in memories/general/source, through the
// command line into an empty embedded store. Prints documents/s, pairs/s and the resident memory as it goes.
//
//   npm run build && node bench/ingest.js [documents, default 2000] [sentences a document, default 6]
import { spawn } from 'node:child_process';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { allPages } from '../dist/store/all-pages.js';
import { SqliteGraphStore } from '../dist/store/sqlite/sqlite-graph-store.js';
import { residentMebibytes } from './lib/measure.js';
import { shippedPath, shippedSentences } from './lib/shipped.js';

const DOCUMENTS = Number(process.argv[2] ?? 2_000);
const SENTENCES = Number(process.argv[3] ?? 6);
const SAMPLE_MILLISECONDS = 500;

const folder = await mkdtemp(path.join(tmpdir(), 'neighborkb-bench-'));
try {
  const input = path.join(folder, 'documents.jsonl');
  await writeFile(input, await documents());
  const { seconds, samples } = await ingest(input);
  const pairs = await pairsStored();
  console.log(`${availableParallelism()} cores, ${DOCUMENTS} documents of ${SENTENCES} sentences`);
  console.log(`documents/s  ${(DOCUMENTS / seconds).toFixed(1)}   (${seconds.toFixed(1)} s, start included)`);
  console.log(`pairs/s      ${(pairs / seconds).toFixed(0)}   (${pairs} pairs scored and stored)`);
  console.log(`RSS MiB at 25 %, 50 %, 75 %, 100 % of the time, and at its peak`);
  const at = (share) => samples[Math.min(samples.length - 1, Math.floor(share * samples.length))] ?? 0;
  console.log(
    `             ${[0.25, 0.5, 0.75, 1].map((share) => at(share).toFixed(0)).join('  ')}  peak ${Math.max(...samples).toFixed(0)}`,
  );
  console.log(
    `store        ${((await stat(path.join(folder, 'data', 'graph.db'))).size / 2 ** 20).toFixed(0)} MiB`,
  );
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** JSON lines: every document takes the next sentences, so that no two are alike. */
async function documents() {
  const sentences = await shippedSentences();
  let next = 0;
  const take = () => sentences[(next++ * 7) % sentences.length].text;
  return Array.from({ length: DOCUMENTS }, (_, index) =>
    JSON.stringify({
      externalId: `document-${index}`,
      text: Array.from({ length: SENTENCES }, take).join(' '),
    }),
  ).join('\n');
}

async function ingest(input) {
  const started = performance.now();
  const child = spawn(
    process.execPath,
    [shippedPath('bin/neighborkb.js'), 'ingest', '--data-dir', path.join(folder, 'data'), input],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const samples = [];
  const timer = setInterval(async () => {
    const mebibytes = await residentMebibytes(child.pid);
    if (mebibytes !== null) samples.push(mebibytes);
  }, SAMPLE_MILLISECONDS);
  const code = await new Promise((resolve) => child.once('exit', resolve));
  clearInterval(timer);
  if (code !== 0) throw new Error(`ingest ended with ${code}`);
  return { seconds: (performance.now() - started) / 1000, samples };
}

async function pairsStored() {
  const store = new SqliteGraphStore({
    file: path.join(folder, 'data', 'graph.db'),
    migrationsDir: shippedPath('migrations'),
  });
  await store.open();
  let pairs = 0;
  for await (const page of allPages((request) => store.documents(request), 200)) {
    const predictions = await store.predictionsOfDocuments(page.items.map(({ node }) => node.id));
    pairs += predictions.reduce((sum, ofDocument) => sum + ofDocument.length, 0);
  }
  await store.close();
  return pairs;
}
