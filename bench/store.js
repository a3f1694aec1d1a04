// How fast the embedded store writes: documents of 10 pieces of evidence with 16 neighbours each and 30 pairs
// without a relation, representations of 768 float16 components.
//
//   npm run build && node bench/store.js [documents, default 500]
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { SqliteGraphStore } from '../dist/store/sqlite/sqlite-graph-store.js';
import { documentWithVoters } from './lib/made-documents.js';
import { shippedPath } from './lib/shipped.js';

const DOCUMENTS = Number(process.argv[2] ?? 500);
const SIZES = { facts: 10, nilPairs: 3, neighbours: 16 };

async function timed(name, count, unit, body) {
  const begun = performance.now();
  const result = await body();
  const seconds = (performance.now() - begun) / 1000;
  console.log(`${name}: ${(count / seconds).toFixed(0)} ${unit}/s (${seconds.toFixed(2)} s)`);
  return result;
}

const folder = await mkdtemp(path.join(tmpdir(), 'neighborkb-bench-'));
try {
  const file = path.join(folder, 'graph.db');
  const store = new SqliteGraphStore({ file, migrationsDir: shippedPath('migrations') });
  await store.open();
  let build = 0;
  const save = async () => {
    for (let number = 0; number < DOCUMENTS; number++) {
      const begun = performance.now();
      const extracted = documentWithVoters(`bench-${number}`, SIZES);
      build += performance.now() - begun;
      await store.saveDocument(extracted);
    }
  };
  await timed('saved, making the documents included', DOCUMENTS, 'documents', save);
  console.log(`  of which making them: ${(build / 1000).toFixed(2)} s`);
  const { evidence, triples, entities } = await store.counts();
  console.log(`${triples} triples, ${evidence} pieces of evidence, ${entities} entities`);
  console.log(
    `file: ${((await stat(file)).size / 2 ** 20).toFixed(1)} MiB, RSS: ${(process.memoryUsage.rss() / 2 ** 20).toFixed(0)} MiB`,
  );

  const page = await timed('first page of 50 triples by confidence', 1, 'pages', () =>
    store.triples({ first: 50 }),
  );
  const ids = page.items.map(({ node }) => node.id);
  const pieces = await timed('their evidence', 1, 'pages', () => store.evidenceOfTriples(ids));
  await timed('their neighbours', 1, 'pages', () =>
    store.neighboursOfPredictions(pieces.flat().map(({ id }) => id)),
  );
  await timed('search of entities', 1, 'pages', () =>
    store.entities({ first: 50, filter: { search: 'son 12' } }),
  );
  const first = page.items[0].node.subjectId;
  await timed('neighbourhood of depth 3', 1, 'neighbourhoods', () => store.neighbourhood(first, 3, 200));
  await timed('counts by predicate', 1, 'counts', () => store.countTriples('predicate', {}));
  await timed('evidence by confidence', 1, 'pages', () => store.evidence({ first: 50 }));
  await timed('retracted', Math.min(100, DOCUMENTS), 'documents', async () => {
    for (let number = 0; number < Math.min(100, DOCUMENTS); number++)
      await store.retractDocument(`bench-${number}`);
  });
  await store.close();
} finally {
  await rm(folder, { recursive: true, force: true });
}
