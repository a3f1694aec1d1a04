// How fast a Neo4j server takes documents in: each with triples, a piece of evidence for each with 64 neighbours,
// pairs without a relation, representations of 768 float16 components. Prints triples a second, round by round, since
// a server that was just started takes some ten thousand triples to warm up; what the time of the last round went into;
// and beside it what UNWIND alone does on the same server with bare nodes and relationships.
//
// The server must be empty, or NeighborKB's own and worth nothing: the documents stay there.
//
//   npm run build && NEIGHBORKB_NEO4J_PASSWORD=… node bench/neo4j-store.js neo4j://localhost:7687 \
//     [documents a round, default 400] [documents a transaction, default 1] [writers at once, default 1] [rounds, default 3]
import { loadConfig } from '../dist/config.js';
import { neo4jOptions } from '../dist/open-store.js';
import { Neo4jGraphStore } from '../dist/store/neo4j/neo4j-graph-store.js';
import { BareNeo4j } from './lib/bare-neo4j.js';
import { documentWithVoters, startRandom } from './lib/made-documents.js';
import { shippedPath, shippedPredicates } from './lib/shipped.js';

const [, , url, ...counts] = process.argv;
const [DOCUMENTS = 400, BATCH = 1, WRITERS = 1, ROUNDS = 3] = counts.map(Number);
if (url === undefined) throw new Error('expected the URL of a Neo4j server');
const FACTS = 10;
const NIL_PAIRS = Number(process.env.BENCH_NIL_PAIRS ?? 10);
const NEIGHBOURS = Number(process.env.BENCH_NEIGHBOURS ?? 64);
const SIZES = { facts: FACTS, nilPairs: NIL_PAIRS / FACTS, neighbours: NEIGHBOURS };

const UNWOUND = 50_000;

const time = new Map();
const server = neo4jOptions(loadConfig({ store: url }));
const store = new Neo4jGraphStore({
  ...server,
  migrationsDir: shippedPath('migrations'),
  schema: await shippedPredicates(),
  onStatement: ({ statement, milliseconds }) => {
    const known = time.get(statement) ?? { calls: 0, milliseconds: 0 };
    time.set(statement, { calls: known.calls + 1, milliseconds: known.milliseconds + milliseconds });
  },
});
await store.open();
const bare = new BareNeo4j(server);
const run = Date.now();
startRandom(run);

async function save(first, count) {
  // Made before the clock runs: that is the extractor's work.
  const documents = Array.from({ length: count }, (_, place) =>
    documentWithVoters(`bench-${run}-${first + place}`, SIZES),
  );
  let next = first;
  const writer = async () => {
    while (next < first + count) {
      const from = next;
      next = Math.min(from + BATCH, first + count);
      await store.saveDocuments(documents.slice(from - first, next - first));
    }
  };
  const [begun, before] = [performance.now(), process.cpuUsage()];
  await Promise.all(Array.from({ length: WRITERS }, writer));
  const { user, system } = process.cpuUsage(before);
  return { seconds: (performance.now() - begun) / 1000, computed: (user + system) / 1e6 };
}

try {
  const triples = DOCUMENTS * FACTS;
  console.log(
    `${DOCUMENTS} documents a round, ${BATCH} a transaction, ${WRITERS} writers; triples with their evidence and ` +
      `${NEIGHBOURS} neighbours, ${NIL_PAIRS / FACTS} other pairs for each`,
  );
  const before = await bare.counts();
  let seconds;
  let computed;
  for (let round = 0; round < ROUNDS; round++) {
    time.clear();
    ({ seconds, computed } = await save(round * DOCUMENTS, DOCUMENTS));
    console.log(
      `round ${round + 1}: ${(triples / seconds).toFixed(0)} triples/s (${seconds.toFixed(2)} s, of which this ` +
        `process computed ${computed.toFixed(2)} s)`,
    );
  }
  const after = await bare.counts();
  const alone = await bare.unwindAlone(UNWOUND);
  const nodes = (after.nodes - before.nodes) / (ROUNDS * triples);
  const relationships = (after.relationships - before.relationships) / (ROUNDS * triples);
  const share = (nodes / alone.nodes + relationships / alone.relationships) / (seconds / triples);
  console.log(
    `a triple brings ${nodes.toFixed(1)} nodes and ${relationships.toFixed(1)} relationships; UNWIND alone makes ` +
      `${alone.nodes.toFixed(0)} bare nodes or ${alone.relationships.toFixed(0)} bare relationships a second, so as ` +
      `many would take it ${(share * 100).toFixed(0)} % of the time of the last round`,
  );
  const total = [...time.values()].reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  console.log(`server: ${(total / 1000).toFixed(2)} s in statements`);
  for (const [statement, { calls, milliseconds }] of [...time]
    .sort(([, a], [, b]) => b.milliseconds - a.milliseconds)
    .slice(0, 14))
    console.log(
      `${((100 * milliseconds) / total).toFixed(1).padStart(5)}% ${String(calls).padStart(5)} calls  ` +
        statement.replace(/\s+/g, ' ').trim().slice(0, 110),
    );
} finally {
  await bare.close();
  await store.close();
}
