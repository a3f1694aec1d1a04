// How much memory a job takes, whatever its size: `neighborkb jobs submit` streams documents into the embedded queue
// while `neighborkb worker` works them off into an empty embedded store. The documents cost the encoder nothing: each
// sentence brings one mention along, so nothing is detected and no pair is scored. Prints documents/s and the resident
// memory of both processes for each size.
//
//   npm run build && node bench/queue-memory.js [sizes, default 2000,20000] [sentences a document, default 3]
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { freeDocument } from './lib/free-documents.js';
import { residentMebibytes } from './lib/measure.js';
import { shippedPath, shippedSentences } from './lib/shipped.js';

const SIZES = (process.argv[2] ?? '2000,20000').split(',').map(Number);
const SENTENCES = Number(process.argv[3] ?? 3);
const SAMPLE_MILLISECONDS = 250;

const sentences = (await shippedSentences()).filter(({ firstMention }) => firstMention);
console.log(`${availableParallelism()} cores, load before ${loadavg()[0].toFixed(1)}; MiB resident`);
console.log(
  'documents   documents/s   worker: ready, 25 %, 50 %, 75 %, 100 % of the time, peak   submit: peak',
);
for (const size of SIZES) {
  const folder = await mkdtemp(path.join(tmpdir(), 'neighborkb-bench-'));
  try {
    await measure(folder, size);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(folder, size) {
  const input = path.join(folder, 'documents.jsonl');
  await pipeline(Readable.from(linesOf(size)), createWriteStream(input));
  const worker = start(folder, ['worker'], ['ignore', 'pipe', 'inherit']);
  await Promise.race([
    once(worker.stdout, 'data'),
    once(worker, 'exit').then(() => Promise.reject(new Error('the worker ended before it was ready'))),
  ]);
  const ready = await residentMebibytes(worker.pid);
  const started = performance.now();
  const submit = start(folder, ['jobs', 'submit', input, '--follow'], 'ignore');
  const [ofWorker, ofSubmit] = [sampled(worker), sampled(submit)];
  const [code] = await once(submit, 'exit');
  const seconds = (performance.now() - started) / 1000;
  const [samples, submitSamples] = [ofWorker.end(), ofSubmit.end()];
  const ended = once(worker, 'exit');
  worker.kill('SIGTERM');
  await ended;
  if (code !== 0) throw new Error(`jobs submit ended with ${code}`);
  const at = (share) => samples[Math.min(samples.length - 1, Math.floor(share * samples.length))] ?? 0;
  const course = [ready, at(0.25), at(0.5), at(0.75), at(1), Math.max(...samples)];
  console.log(
    `${size}   ${(size / seconds).toFixed(0)}   ${course.map((value) => value.toFixed(0)).join(', ')}   ` +
      Math.max(...submitSamples).toFixed(0),
  );
}

function* linesOf(size) {
  for (let index = 0; index < size; index++)
    yield `${JSON.stringify(freeDocument(sentences, `document-${index}`, index, SENTENCES))}\n`;
}

function start(folder, args, stdio) {
  return spawn(process.execPath, [shippedPath('bin/neighborkb.js'), ...args], {
    cwd: folder,
    env: {
      ...process.env,
      NEIGHBORKB_DATA_DIR: path.join(folder, 'data'),
      NEIGHBORKB_INFERENCE_WORKERS: '1',
      NEIGHBORKB_LOG_LEVEL: 'error',
    },
    stdio,
  });
}

/** Looks at a process's memory until it is told to end. */
function sampled(child) {
  const samples = [];
  const timer = setInterval(async () => {
    const mebibytes = await residentMebibytes(child.pid);
    if (mebibytes !== null) samples.push(mebibytes);
  }, SAMPLE_MILLISECONDS);
  return {
    end: () => {
      clearInterval(timer);
      return samples;
    },
  };
}
