// How long questions to the whole graph take, on some 50,000 triples: half of the people were born in one of 50
// cities, so that ways and patterns run through busy entities.
//
//   npm run build && node bench/queries.js [documents, default 2500] [neo4j://host:port, an empty database]
//
// Each question is asked with other entities or words every time; the figures are the median and the longest, and the
// longest time for which a timer had to wait meanwhile. "cpu" is this process's own time, which a busy machine does not
// lengthen.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Neo4jGraphStore } from '../dist/store/neo4j/neo4j-graph-store.js';
import { SqliteGraphStore } from '../dist/store/sqlite/sqlite-graph-store.js';
import { DocumentSketch } from './lib/document-sketch.js';
import { random } from './lib/made-documents.js';
import { shippedPath, shippedPredicates } from './lib/shipped.js';

const DOCUMENTS = Number(process.argv[2] ?? 2500);
const SERVER = process.argv[3];
const FACTS = 20;
const RUNS = 15;
const PEOPLE = DOCUMENTS * 4;
const CITIES = 1_000;
const SCHOOLS = 500;

const SYLLABLES = 'ba ce di fo gu ha je ki lo mu na pe ri so tu va we xi yo zu'.split(' ');
/** A name of its own for each number. */
function nameOf(number, ending) {
  let name = '';
  for (let rest = number + 20; rest > 0; rest = Math.floor(rest / 20)) name += SYLLABLES[rest % 20];
  return `${name[0].toUpperCase()}${name.slice(1)}${ending}`;
}
function person() {
  const number = random(PEOPLE);
  return { type: 'PER', name: `${nameOf(number % 300, '')} ${nameOf(number, 'son')}` };
}
const city = () => ({ type: 'LOC', name: nameOf(random(2) ? random(50) : random(CITIES), 'burg') });
const school = () => ({ type: 'ORG', name: `University of ${nameOf(random(SCHOOLS), 'ton')}` });
const KINDS = [
  () => [person(), 'P19', 'was born in', city()],
  () => [person(), 'P69', 'studied at the', school()],
  () => [person(), 'P26', 'married', person()],
  () => [school(), 'P159', 'has its seat in', city()],
];

function documentOf(number) {
  const sketch = new DocumentSketch(`bench-${number}`);
  for (let fact = 0; fact < FACTS; fact++)
    sketch.sentence(() => {
      const [subject, label, words, object] = KINDS[random(KINDS.length)]();
      const subjectMention = sketch.mention(subject);
      sketch.words(` ${words} `);
      const objectMention = sketch.mention(object);
      sketch.words('. ');
      const confidence = 0.3 + random(700) / 1000;
      const [representation, classifier] = [new Uint8Array(16), new Uint8Array(16)];
      const scored = { label, confidence, neighbours: [], representation, classifier };
      sketch.pair(subjectMention, objectMention, scored);
    });
  return sketch.extracted();
}

async function measure(what, ask) {
  const times = [];
  const cpu = [];
  let answers = 0;
  const delay = monitorEventLoopDelay({ resolution: 1 });
  for (let run = 0; run < RUNS; run++) {
    const arguments_ = ask.prepare?.();
    delay.enable();
    const begun = performance.now();
    const used = process.cpuUsage();
    answers += await ask.run(arguments_);
    times.push(performance.now() - begun);
    const { user, system } = process.cpuUsage(used);
    cpu.push((user + system) / 1000);
    delay.disable();
  }
  for (const list of [times, cpu]) list.sort((a, b) => a - b);
  const figures = [times[RUNS >> 1], times.at(-1), cpu[RUNS >> 1]].map((time) => time.toFixed(1).padStart(8));
  const blocked = (delay.max / 1e6).toFixed(0).padStart(5);
  console.log(`${what.padEnd(58)} ${figures.join(' ')} ${blocked}   ${(answers / RUNS).toFixed(1)}`);
}

async function questions(store) {
  const { queries } = store;
  const page = (await store.entities({ first: 500, filter: { types: ['PER'] } })).items.map(
    ({ node }) => node,
  );
  const anybody = () => page[random(page.length)];
  const ways = (maxLength) => ({
    prepare: () => ({ from: anybody().id, to: anybody().id, maxLength, maxPaths: 5 }),
    run: async (query) => (await queries.shortestPaths(query)).paths.length,
  });
  const variable = (name) => ({ variable: name });
  const match = (...patterns) => ({
    run: async () => (await queries.matchTriples({ patterns, first: 50 })).matches.length,
  });
  const born = { subject: variable('a'), predicates: ['P19'], object: variable('c') };
  const bornToo = { subject: variable('b'), predicates: ['P19'], object: variable('c') };
  const married = { subject: variable('a'), predicates: ['P26'], object: variable('b') };
  const studied = { subject: variable('a'), predicates: ['P69'], object: variable('s') };
  const words = (text, ...kinds) => ({
    prepare: () => (typeof text === 'function' ? text() : text),
    run: async (asked) => {
      const hits = await queries.search({ text: asked, kinds, first: 20 });
      return hits.entityCount + hits.sentenceCount;
    },
  });
  const counts = (by, filter = {}) => ({
    run: async () => (await store.countTriples(by, filter, 100)).length,
  });
  console.log(`${''.padEnd(58)}   median  longest      cpu blocked answers   (ms)`);
  await measure('ways between two people, at most 4 triples', ways(4));
  await measure('ways between two people, at most 6 triples', ways(6));
  await measure('pattern: born in one city and married (3 triples)', match(married, born, bornToo));
  await measure('pattern: born somewhere, studied somewhere (2 triples)', match(born, studied));
  await measure('pattern: the same with 4 triples', match(married, born, bornToo, studied));
  await measure('counts by predicate', counts('predicate'));
  await measure('counts by type of the object', counts('objectType'));
  await measure('counts by document, the first 100', counts('document'));
  await measure('counts by band of confidence', counts('confidenceBand'));
  await measure('counts by predicate of (P19 or P26) and not below 0.5', {
    ...counts('predicate', {
      or: [{ predicates: ['P19'] }, { predicates: ['P26'] }],
      not: { maxConfidence: 0.5 },
    }),
  });
  await measure(
    'search: a full name',
    words(() => anybody().name, 'entity', 'sentence'),
  );
  await measure('search: a word of every fourth sentence', words('married', 'entity', 'sentence'));
  await measure('search: two letters that begin many words', words('ba', 'entity', 'sentence'));
  const pages = (list) => ({
    run: async () => {
      const { items } = await list({ first: 50 });
      return items.length + (await list({ first: 50, after: items.at(-1)?.cursor })).items.length;
    },
  });
  await measure(
    'triples: a page of 50, and the next',
    pages((page) => store.triples(page)),
  );
  await measure(
    'the same of one predicate',
    pages((page) => store.triples({ ...page, filter: { predicates: ['P26'] } })),
  );
  await measure(
    'evidence: a page of 50, and the next',
    pages((page) => store.evidence(page)),
  );
  await measure(
    'entities named by two letters: a page of 50, and the next',
    pages((page) => store.entities({ ...page, filter: { search: 'ba' } })),
  );
  await measure('all triples of one predicate, in pages of 500', {
    run: async () => {
      let answers = 0;
      let after;
      do {
        const page = await store.triples({
          first: 500,
          filter: { predicates: ['P26'] },
          ...(after && { after }),
        });
        answers += page.items.length;
        after = page.hasNextPage ? page.items.at(-1).cursor : undefined;
      } while (after);
      return answers;
    },
  });
  let after;
  await measure('changes: the next 500', {
    run: async () => {
      const found = await queries.changes({ first: 500, ...(after && { after }) });
      after = found.endCursor;
      return found.changes.length;
    },
  });
  await measure('triples of 50 entities, 10 each', {
    prepare: () => Array.from({ length: 50 }, () => anybody().id),
    run: async (ids) => (await queries.triplesOf('subject', ids, { first: 10 })).length,
  });
  await measure('neighbourhood of depth 2, 100 triples', {
    prepare: () => anybody().id,
    run: async (id) => (await store.neighbourhood(id, 2, 100)).triples.length,
  });
}

const folder = await mkdtemp(path.join(tmpdir(), 'neighborkb-bench-'));
const options = { migrationsDir: shippedPath('migrations') };
const store = SERVER
  ? new Neo4jGraphStore({
      ...{ ...options, url: SERVER, user: 'neo4j', password: '' },
      schema: await shippedPredicates(),
    })
  : new SqliteGraphStore({ ...options, file: path.join(folder, 'graph.db') });
try {
  await store.open();
  const begun = performance.now();
  for (let number = 0; number < DOCUMENTS; number++) await store.saveDocument(documentOf(number));
  const seconds = (performance.now() - begun) / 1000;
  const { documents, triples, entities } = await store.counts();
  console.log(
    `${documents} documents, ${triples} triples, ${entities} entities, saved in ${seconds.toFixed(1)} s`,
  );
  await questions(store);
} finally {
  await store.close();
  await rm(folder, { recursive: true, force: true });
}
