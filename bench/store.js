// How fast the embedded store writes: documents of 10 pieces of evidence with 16 neighbours each and 30 pairs
// without a relation, representations of 768 float16 components.
//
//   npm run build && node bench/store.js [documents, default 500]
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { documentId, entityId, mentionId, predictionId, sentenceId } from '../dist/domain/identity.js';
import { SqliteGraphStore } from '../dist/store/sqlite/sqlite-graph-store.js';

const DOCUMENTS = Number(process.argv[2] ?? 500);
const SENTENCES = 10;
const PAIRS_PER_SENTENCE = 4;
const NEIGHBOURS = 16;
const ENTITIES = 2_000;
const VOTERS = 5_000;

let seed = 7;
/** Pseudo-random integer in 0..below-1, the same in every run. */
function random(below) {
  seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
  return Math.floor((seed / 2 ** 32) * below);
}

function neighbours() {
  return Array.from({ length: NEIGHBOURS }, (_, index) => {
    const entry = random(VOTERS);
    return {
      memory: 'general',
      memoryVersion: '1.0.0',
      entry: `entry-${entry}`,
      rank: index + 1,
      squaredDistance: 0.1 + index / 100,
      weight: 1 / NEIGHBOURS,
      label: 'P19',
      text: `Someone number ${entry} was born in a town that has a name and a river.`,
      subject: { start: 0, end: 7 },
      object: { start: 40, end: 44 },
    };
  });
}

function documentOf(number) {
  const id = documentId(`bench-${number}`);
  const revision = String(number);
  const sentences = [];
  const mentions = [];
  const entities = new Map();
  const predictions = [];
  let text = '';
  for (let index = 0; index < SENTENCES; index++) {
    const start = text.length;
    const ofSentence = Array.from({ length: PAIRS_PER_SENTENCE + 1 }, (_, place) => {
      const name = `${place === 0 ? 'Person' : 'Place'} ${random(ENTITIES)}`;
      const type = place === 0 ? 'PER' : 'LOC';
      const entity = { id: entityId(type, name), type, name, date: null };
      entities.set(entity.id, entity);
      const span = { start: text.length, end: text.length + name.length };
      text += `${name} and `;
      return { ...span, id: mentionId(id, revision, span), text: name, type, entityId: entity.id };
    });
    const sentence = {
      id: sentenceId(id, revision, index),
      documentId: id,
      index,
      start,
      end: text.length - 1,
    };
    sentences.push(sentence);
    const parts = { documentId: id, sentenceId: sentence.id };
    mentions.push(...ofSentence.map((mention) => ({ ...mention, ...parts, score: 0.9, origin: 'detector' })));
    const [subject, ...objects] = ofSentence;
    predictions.push(
      ...objects.map((object, place) => ({
        ...parts,
        id: predictionId(subject.id, object.id),
        subjectMentionId: subject.id,
        objectMentionId: object.id,
        label: place === 0 ? 'P19' : 'NIL',
        p: 0.8,
        pRe: 0.7,
        pKnn: 0.9,
        confidence: place === 0 ? 0.8 : null,
        profile: 'general@1',
        model: 'bench@1',
        neighbours: neighbours(),
        representation: new Uint8Array(768 * 2).fill(random(256)),
        classifier: new Uint8Array(41 * 4),
      })),
    );
  }
  const document = {
    id,
    externalId: `bench-${number}`,
    revision,
    text,
    title: null,
    source: null,
    metadata: null,
  };
  return { document, sentences, mentions, entities: [...entities.values()], predictions };
}

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
  const migrationsDir = fileURLToPath(new URL('../migrations', import.meta.url));
  const store = new SqliteGraphStore({ file, migrationsDir });
  await store.open();
  let build = 0;
  const save = async () => {
    for (let number = 0; number < DOCUMENTS; number++) {
      const begun = performance.now();
      const extracted = documentOf(number);
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
