// A worker to be killed: works on jobs with documents whose extraction is known beforehand.
// Arguments: the folder of the compiled sources, and a file with what `WorkerSpec` of job-worker.ts says.
import { readFile } from 'node:fs/promises';
import { writeSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { deserialize } from 'node:v8';

// A write past a limit on the size of files is to fail instead of ending the process.
process.on('SIGXFSZ', () => undefined);

const [dist, specFile] = process.argv.slice(2);
const load = (file) => import(pathToFileURL(path.join(dist, file)).href);
const { store: storeSpec, queue: queueSpec, profile, documents } = deserialize(await readFile(specFile));

const { DocumentIngester } = await load('jobs/document-ingester.js');
const limits = { maxTextLength: 1_000_000 };

async function openStore() {
  if (storeSpec.kind === 'neo4j') {
    const { Neo4jGraphStore } = await load('store/neo4j/neo4j-graph-store.js');
    return new Neo4jGraphStore(storeSpec.options);
  }
  const { SqliteGraphStore } = await load('store/sqlite/sqlite-graph-store.js');
  return new SqliteGraphStore(storeSpec.options);
}

async function openQueue(options) {
  if (queueSpec.kind === 'redis') {
    const { RedisJobQueue } = await load('jobs/redis/redis-job-queue.js');
    return new RedisJobQueue({ ...queueSpec.options, ...options });
  }
  const { SqliteJobQueue } = await load('jobs/sqlite-job-queue.js');
  return new SqliteJobQueue({ ...queueSpec.options, ...options });
}

const extractor = {
  extract: async (batch) =>
    batch.map(({ externalId }) => ({ ok: true, extracted: documents.get(externalId) })),
};
const store = await openStore();
await store.open();
const ingester = new DocumentIngester({ store, extractor, profile, limits });
const queue = await openQueue({
  limits,
  capacity: 10_000,
  ingest: (batch, onOutcome) => ingester.ingest(batch, onOutcome),
  storeAnswers: () =>
    store.health().then(
      () => true,
      () => false,
    ),
  onError: (error) => writeSync(2, `${error.stack ?? error}\n`),
});
await queue.start();
writeSync(1, 'working\n');
