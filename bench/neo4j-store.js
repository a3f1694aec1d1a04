// How fast a Neo4j server takes documents in: each with triples, a piece of evidence for each with 64 neighbours,
// pairs without a relation, representations of 768 float16 components. Prints triples a second, and what the
// server's time goes into.
//
// The server must be empty, or NeighborKB's own and worth nothing: the documents stay there.
//
//   npm run build && NEIGHBORKB_NEO4J_PASSWORD=… node bench/neo4j-store.js neo4j://localhost:7687 \
//     [documents, default 400] [documents a transaction, default 1] [writers at once, default 1]
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { loadConfig } from '../dist/config.js';
import { documentId, entityId, mentionId, predictionId, sentenceId } from '../dist/domain/identity.js';
import { PredicateSchema } from '../dist/domain/predicates.js';
import { neo4jOptions } from '../dist/open-store.js';
import { Neo4jGraphStore } from '../dist/store/neo4j/neo4j-graph-store.js';

const [, , url, ...counts] = process.argv;
const [DOCUMENTS = 400, BATCH = 1, WRITERS = 1] = counts.map(Number);
if (url === undefined) throw new Error('expected the URL of a Neo4j server');
const FACTS = 10;
const NIL_PAIRS = Number(process.env.BENCH_NIL_PAIRS ?? 10);
const NEIGHBOURS = Number(process.env.BENCH_NEIGHBOURS ?? 64);
const ENTITIES = 2_000;
const VOTERS = 5_000;

let seed = 7;
/** Pseudo-random integer in 0..below-1, the same in every run. */
function random(below) {
  seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
  return Math.floor((seed / 2 ** 32) * below);
}

function neighbours() {
  const entries = new Set();
  while (entries.size < NEIGHBOURS) entries.add(random(VOTERS));
  return [...entries].map((entry, index) => ({
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
  }));
}

function documentOf(externalId) {
  const id = documentId(externalId);
  const revision = externalId;
  const sentences = [];
  const mentions = [];
  const entities = new Map();
  const predictions = [];
  let text = '';
  const mentionOf = (name, type, sentence) => {
    const entity = { id: entityId(type, name), type, name, date: null };
    entities.set(entity.id, entity);
    const span = { start: text.length, end: text.length + name.length };
    text += `${name} and `;
    const mention = {
      ...{ ...span, id: mentionId(id, revision, span), documentId: id, sentenceId: sentence },
      ...{ text: name, type, score: 0.9, origin: 'detector', entityId: entity.id },
    };
    mentions.push(mention);
    return mention;
  };
  for (let index = 0; index < FACTS; index++) {
    const start = text.length;
    const sentence = sentenceId(id, revision, index);
    const person = mentionOf(`Person ${random(ENTITIES)}`, 'PER', sentence);
    for (let place = 0; place < 1 + NIL_PAIRS / FACTS; place++) {
      const object = mentionOf(`Place ${random(ENTITIES)}`, 'LOC', sentence);
      const nil = place > 0;
      predictions.push({
        ...{ id: predictionId(person.id, object.id), documentId: id, sentenceId: sentence },
        ...{ subjectMentionId: person.id, objectMentionId: object.id, label: nil ? 'NIL' : 'P19' },
        ...{ p: 0.8, pRe: 0.7, pKnn: 0.9, confidence: nil ? null : 0.8 },
        ...{ profile: 'general@1', model: 'bench@1', neighbours: nil ? [] : neighbours() },
        representation: new Uint8Array(768 * 2).fill(random(256)),
        classifier: new Uint8Array(48 * 4),
      });
    }
    sentences.push({ id: sentence, documentId: id, index, start, end: text.length - 1 });
  }
  const document = { id, externalId, revision, text, title: null, source: null, metadata: null };
  return { document, sentences, mentions, entities: [...entities.values()], predictions };
}

const time = new Map();
const shipped = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const store = new Neo4jGraphStore({
  ...neo4jOptions(loadConfig({ store: url })),
  migrationsDir: shipped('migrations'),
  schema: PredicateSchema.parse(JSON.parse(await readFile(shipped('models/predicates.json'), 'utf8'))),
  onStatement: ({ statement, milliseconds }) => {
    const known = time.get(statement) ?? { calls: 0, milliseconds: 0 };
    time.set(statement, { calls: known.calls + 1, milliseconds: known.milliseconds + milliseconds });
  },
});
await store.open();
const run = Date.now();

async function save(first, count) {
  let next = first;
  const writer = async () => {
    while (next < first + count) {
      const from = next;
      next = Math.min(from + BATCH, first + count);
      const documents = [];
      for (let number = from; number < next; number++) documents.push(documentOf(`bench-${run}-${number}`));
      await store.saveDocuments(documents);
    }
  };
  const begun = performance.now();
  await Promise.all(Array.from({ length: WRITERS }, writer));
  return (performance.now() - begun) / 1000;
}

try {
  const warmUp = Math.ceil(DOCUMENTS / 2);
  const cold = await save(0, warmUp);
  console.log(`warming up: ${((warmUp * FACTS) / cold).toFixed(0)} triples/s (${cold.toFixed(1)} s)`);
  time.clear();
  const before = process.cpuUsage();
  const seconds = await save(warmUp, DOCUMENTS);
  const client = process.cpuUsage(before);
  const triples = DOCUMENTS * FACTS;
  console.log(
    `${(triples / seconds).toFixed(0)} triples/s, each with its evidence and ${NEIGHBOURS} neighbours ` +
      `(${((triples * NEIGHBOURS) / seconds).toFixed(0)} VOTED_FOR/s), ${NIL_PAIRS / FACTS} other pairs for each; ` +
      `${DOCUMENTS} documents, ${BATCH} a transaction, ${WRITERS} writers: ${seconds.toFixed(2)} s, ` +
      `of which this process computed ${((client.user + client.system) / 1e6).toFixed(2)} s`,
  );
  const total = [...time.values()].reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  console.log(`server: ${(total / 1000).toFixed(2)} s in statements`);
  for (const [statement, { calls, milliseconds }] of [...time]
    .sort(([, a], [, b]) => b.milliseconds - a.milliseconds)
    .slice(0, 8))
    console.log(
      `${((100 * milliseconds) / total).toFixed(1).padStart(5)}% ${String(calls).padStart(5)} calls  ` +
        statement.replace(/\s+/g, ' ').trim().slice(0, 110),
    );
} finally {
  await store.close();
}
