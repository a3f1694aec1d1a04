import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, open, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { seededRandom } from '../dist/evaluation/bootstrap.js';
import { ExactSearch } from '../dist/memory/exact-search.js';
import { ApproximateSearch } from '../dist/memory/faiss/approximate-search.js';
import { FaissHelper } from '../dist/memory/faiss/helper.js';
import { decodeKeys, encodeKeys } from '../dist/memory/key-codec.js';
import { fastest, residentMebibytes } from './lib/measure.js';
import { shippedPath } from './lib/shipped.js';

/*
 * recall@32, latency and memory of the searches of a memory, each in a process of its own:
 *   npm run build && node bench/memory-search.js 45330 [exact-float32 exact-int8 ivf-flat ivf-sq8 ivf-pq]
 * Keys are synthetic: those of the shipped memory, drawn at random, plus noise of a third of their length. Queries are
 * drawn likewise. Latencies are the least of several runs. Results: bench/results/memory-search.json, by size.
 */
const DIMENSION = 768;
const K = 32;
const QUERIES = 64;
const BATCHES = [1, 8, 64];
const RUNS = 7;
const NOISE = 0.35;
const ROWS_AT_ONCE = 4096;
const KEY_TYPE = 'int8';
/** The first is what the others' recall is taken against. */
const METHODS = ['exact-float32', 'exact-int8', 'ivf-flat', 'ivf-sq8', 'ivf-pq'];
const RESULTS = shippedPath('bench/results/memory-search.json');
const SHIPPED = shippedPath('memories/general/keys.bin');

const [first, ...rest] = process.argv.slice(2);
if (first === '--one') console.log(JSON.stringify(await measure(rest[0], Number(rest[1]), rest[2])));
else await compare(Number(first), rest.length > 0 ? rest : METHODS);

async function compare(entries, methods) {
  const folder = await mkdtemp(join(tmpdir(), 'neighborkb-bench-'));
  try {
    await writeKeys(folder, entries);
    const rows = [];
    for (const method of methods) {
      const command = [fileURLToPath(import.meta.url), '--one', folder, String(entries), method];
      const { stdout } = await promisify(execFile)(process.execPath, command);
      rows.push(JSON.parse(stdout.trim().split('\n').at(-1)));
      console.log(rows.at(-1));
    }
    await mkdir(join(RESULTS, '..'), { recursive: true });
    const before = await readFile(RESULTS, 'utf8').then(JSON.parse, () => ({}));
    await writeFile(RESULTS, `${JSON.stringify({ ...before, [entries]: rows }, null, 2)}\n`);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function measure(folder, entries, method) {
  const keys = {
    keysPath: join(folder, 'keys.bin'),
    keyType: KEY_TYPE,
    dimension: DIMENSION,
    entries,
    normalised: true,
  };
  const queries = decodeKeys(await readFile(join(folder, 'queries.bin')), DIMENSION, 'float32');
  const { search, facts } = await opened(method, keys, folder);
  const found = await search.search(queries, QUERIES, K);
  const truth = join(folder, 'truth.json');
  if (method === 'exact-float32') await writeFile(truth, JSON.stringify([...found.indices]));
  const gold = JSON.parse(await readFile(truth, 'utf8'));
  const milliseconds = {};
  for (const batch of BATCHES) {
    const run = () => search.search(queries.subarray(0, batch * DIMENSION), batch, K);
    milliseconds[batch] = Number((await fastest(run, RUNS)).toFixed(1));
  }
  const pid = method.startsWith('exact') ? 'self' : await search.processId();
  const megabytes = Math.round(await residentMebibytes(pid));
  await search.close();
  return { method, recall: recallOf(found.indices, gold), milliseconds, megabytes, ...facts };
}

async function opened(method, keys, folder) {
  if (method.startsWith('exact')) {
    const compact = method === 'exact-int8';
    return { search: await ExactSearch.open({ memory: 'bench', ...keys, compact }), facts: {} };
  }
  const indexPath = join(folder, 'index.faiss');
  const helper = new FaissHelper();
  const begin = performance.now();
  const facts = await helper.ask({
    do: 'build',
    keys,
    indexPath,
    kind: method,
    lists: undefined,
    recall: method === 'ivf-pq' ? 0.9 : 0.995,
    threads: 2,
  });
  await helper.close();
  const { lists, probes, candidatesPerNeighbour } = facts;
  const buildSeconds = Math.round((performance.now() - begin) / 1000);
  const indexMegabytes = Math.round((await stat(indexPath)).size / 2 ** 20);
  const search = await ApproximateSearch.open({
    memory: 'bench',
    keys,
    indexPath,
    candidatesPerNeighbour,
    threads: 2,
  });
  return {
    search,
    facts: { lists, probes, recallWhenBuilt: facts.recall, buildSeconds, indexMegabytes },
  };
}

async function writeKeys(folder, entries) {
  const shipped = decodeKeys(await readFile(SHIPPED), DIMENSION, 'int8');
  const file = await open(join(folder, 'keys.bin'), 'w');
  const random = seededRandom(1);
  for (let row = 0; row < entries; row += ROWS_AT_ONCE) {
    const keys = drawn(shipped, Math.min(ROWS_AT_ONCE, entries - row), random);
    await file.appendFile(encodeKeys(keys, DIMENSION, KEY_TYPE));
  }
  await file.close();
  await writeFile(
    join(folder, 'queries.bin'),
    encodeKeys(drawn(shipped, QUERIES, seededRandom(2)), DIMENSION, 'float32'),
  );
}

/** Keys of length about 1: a shipped one, scaled to length 1, and noise. */
function drawn(shipped, count, random) {
  const keys = new Float32Array(count * DIMENSION);
  const deviation = NOISE / Math.sqrt(DIMENSION);
  for (let row = 0; row < count; row++) {
    const from = Math.floor(random() * (shipped.length / DIMENSION)) * DIMENSION;
    let norm = 0;
    for (let i = 0; i < DIMENSION; i++) norm += shipped[from + i] ** 2;
    const scale = 1 / Math.sqrt(norm);
    for (let i = 0; i < DIMENSION; i += 2) {
      // Box-Muller gives two normal numbers at once; the least step keeps 0 from the logarithm.
      const radius = deviation * Math.sqrt(-2 * Math.log(random() + 2 ** -32));
      const angle = 2 * Math.PI * random();
      keys[row * DIMENSION + i] = shipped[from + i] * scale + radius * Math.cos(angle);
      keys[row * DIMENSION + i + 1] = shipped[from + i + 1] * scale + radius * Math.sin(angle);
    }
  }
  return keys;
}

function recallOf(indices, gold) {
  let found = 0;
  for (let query = 0; query < QUERIES; query++) {
    const own = new Set(gold.slice(query * K, (query + 1) * K));
    for (const row of indices.subarray(query * K, (query + 1) * K)) if (own.has(row)) found++;
  }
  return Number((found / gold.length).toFixed(4));
}
