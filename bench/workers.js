// What a second worker adds: `neighborkb worker` processes on a queue in Redis, writing to one Neo4j.
//
// Documents that cost the encoder nothing bring a mention a sentence along: nothing is to be detected and no pair is
// to be scored, what remains is queue and store. With `encoder` the same texts come without mentions.
//
// Where workers and servers share few cores, a second worker finds none left. Held to a share of a core each, workers are
// what they would be on machines of their own beside servers with room: what is measured is whether they hinder each
// other in the queue or in the graph.
//
// Both servers must be NeighborKB's own and worth nothing: jobs and documents stay there.
//
//   npm run build && NEIGHBORKB_NEO4J_PASSWORD=… node bench/workers.js redis://localhost:6379 neo4j://localhost:7687 \
//     [free | encoder, default free] [documents, default 1000] [workers, default 1,2] [cores of a worker, default all]
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { RedisJobQueue } from '../dist/jobs/redis/redis-job-queue.js';
import { CpuShare } from './lib/cpu-share.js';
import { freeDocument } from './lib/free-documents.js';
import { coresBusy } from './lib/measure.js';
import { shippedPath, shippedSentences } from './lib/shipped.js';

const [, , redis, neo4j, kind = 'free', documents = '1000', counts = '1,2', cores = ''] = process.argv;
if (neo4j === undefined) throw new Error('expected the URLs of a Redis and of a Neo4j server');
const DOCUMENTS = Number(documents);
const SENTENCES = 6;
/** Documents of each worker beforehand: until then it is its compiler that is measured. */
const WARM_UP = kind === 'encoder' ? 40 : 500;
const folder = await mkdtemp(path.join(tmpdir(), 'neighborkb-bench-'));
const queue = new RedisJobQueue({
  url: redis,
  capacity: 10 * (DOCUMENTS + WARM_UP),
  limits: { maxTextLength: 1_000_000 },
  ingest: null,
});
await queue.start();
try {
  const sentences = (await shippedSentences()).filter(({ firstMention }) => firstMention);
  console.log(
    `${availableParallelism()} cores, load before ${loadavg()[0].toFixed(1)}; ${DOCUMENTS} documents (${kind})` +
      (cores === '' ? '' : `, each worker on ${cores} of a core`),
  );
  let single;
  for (const [round, count] of counts.split(',').map(Number).entries()) {
    const workers = await Promise.all(Array.from({ length: count }, (_, index) => startWorker(index)));
    try {
      await timed(sentences, `warm-${round}`, WARM_UP * count);
      const { result: seconds, busy } = await coresBusy(() => timed(sentences, `run-${round}`, DOCUMENTS));
      // The servers get faster as they warm up: a comparison is with the one worker that came last before it.
      if (count === 1) single = seconds;
      const rate = (DOCUMENTS / seconds).toFixed(1);
      const times = single === undefined ? '' : `${(single / seconds).toFixed(2)} x one, `;
      console.log(`${count} worker(s)  ${rate} documents/s  ${times}${busy.toFixed(2)} cores busy`);
    } finally {
      await Promise.all(workers.map(stopWorker));
    }
  }
} finally {
  await queue.stop();
  await rm(folder, { recursive: true, force: true });
}

/**
 * Submits documents and waits.
 *
 * @param name another one each time: documents that are stored already would only be looked up
 * @returns seconds from the first document that was begun
 */
async function timed(sentences, name, count) {
  const inputs = Array.from({ length: count }, (_, index) =>
    documentOf(sentences, `${name}-${process.pid}`, index),
  );
  // Accepted while nothing is begun: what is measured is work alone.
  const { id } = await queue.submit([], { open: true });
  await queue.pause(id);
  for (let start = 0; start < count; start += 200) await queue.append(id, inputs.slice(start, start + 200));
  await queue.seal(id);
  const started = performance.now();
  await queue.resume(id);
  const job = await queue.finished(id);
  if (job.failed > 0) throw new Error(`${job.failed} documents failed: ${JSON.stringify(job.failures[0])}`);
  return (performance.now() - started) / 1000;
}

function documentOf(sentences, name, index) {
  const { externalId, text, mentions } = freeDocument(sentences, `${name}-${index}`, index, SENTENCES);
  return kind === 'encoder' ? { externalId, text } : { externalId, text, mentions };
}

/** A worker that is ready, and what holds it to its share. */
async function startWorker(index) {
  const share =
    cores === '' ? null : await CpuShare.of(Number(cores), `neighborkb-bench-${process.pid}-${index}`);
  const child = spawn(process.execPath, [shippedPath('bin/neighborkb.js'), 'worker'], {
    cwd: folder,
    env: {
      ...process.env,
      NEIGHBORKB_QUEUE: redis,
      NEIGHBORKB_STORE: neo4j,
      NEIGHBORKB_DATA_DIR: path.join(folder, String(index)),
      // Each worker as on a machine with one core.
      NEIGHBORKB_INFERENCE_WORKERS: '1',
      NEIGHBORKB_LOG_LEVEL: 'error',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await Promise.race([
    once(child.stdout, 'data'),
    once(child, 'exit').then(() => Promise.reject(new Error('a worker ended before it was ready'))),
  ]);
  await share?.add(child.pid);
  return { child, share };
}

async function stopWorker({ child, share }) {
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
  await share?.remove();
}
