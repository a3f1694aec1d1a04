import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { parseExternalId } from '../dist/domain/external-id.js';
import { knownEntityId } from '../dist/domain/identity.js';
import { OnnxMentionDetector } from '../dist/inference/onnx-mention-detector.js';
import { SqliteGraphStore } from '../dist/store/sqlite/sqlite-graph-store.js';
import { annotatedPassages, preparedPassage } from './lib/knowledge-net.js';
import { shippedPath, shippedPredicates } from './lib/shipped.js';

/*
 * How well mentions find their entities on KnowledgeNet, over a real store, without and with a dictionary of the names
 * that the train passages give their Wikidata URIs:
 *   - of the pronouns with a URI that a name in the same passage has, the share that ends at that name's entity;
 *   - of names under a URI, pairwise precision and recall over passages: of the pairs of (passage, URI, entity) from two
 *     passages, those of one entity that have one URI, and those of one URI that have one entity.
 * Every passage is a document. Mentions are the annotated spans, or what the detector finds (--detector DIRECTORY).
 *   npm run build && node bench/identity.js --train train.jsonl --dev dev.jsonl [--wrong 20] [--missed 20]
 */
const { values: options } = parseArgs({
  options: {
    train: { type: 'string' },
    dev: { type: 'string' },
    detector: { type: 'string' },
    wrong: { type: 'string', default: '0' },
    missed: { type: 'string', default: '0' },
  },
});
if (!options.train || !options.dev) throw new Error('--train FILE and --dev FILE are required');

const schema = await shippedPredicates();
const detector = options.detector && (await OnnxMentionDetector.open(options.detector, { workers: 2 }));
const splits = {
  train: await annotatedPassages(options.train, schema),
  dev: await annotatedPassages(options.dev, schema),
};
const folder = await mkdtemp(path.join(tmpdir(), 'neighborkb-'));
try {
  for (const [name, passages] of Object.entries(splits)) await report(name, passages);
} finally {
  if (detector) await detector.close();
  await rm(folder, { recursive: true, force: true });
}

async function report(name, passages) {
  const store = new SqliteGraphStore({
    file: path.join(folder, `${name}.db`),
    migrationsDir: shippedPath('migrations'),
  });
  await store.open();
  try {
    for (const passage of passages) {
      const prepared = await preparedPassage(passage, detector, schema);
      await store.saveDocument({ ...prepared, predictions: [] });
    }
    await measure(`${name}, no dictionary`, store, passages);
    const entries = dictionaryOf(splits.train);
    const begun = performance.now();
    const { dictionary, changes } = await store.identity.importDictionary('train', batch(entries));
    const seconds = ((performance.now() - begun) / 1000).toFixed(2);
    console.log(
      `  dictionary of train: ${dictionary.entities} entities, ${dictionary.names} names, ` +
        `${dictionary.ambiguousNames} of them ambiguous; ${changes.mentions} mentions moved in ${seconds} s`,
    );
    await measure(`${name}, with the dictionary`, store, passages);
  } finally {
    await store.close();
  }
}

async function measure(title, store, passages) {
  const pronouns = { total: 0, right: 0, personal: 0, personalRight: 0 };
  const units = new Map();
  for (const passage of passages) {
    const [[document]] = [(await store.documents({ first: 1, filter: { externalIds: [passage.id] } })).items];
    const [mentions] = await store.mentionsOfDocuments([document.node.id]);
    const entityOf = (span) =>
      mentions.find((mention) => mention.start < span.end && span.start < mention.end)?.entityId ?? null;
    const names = passage.gold.filter(({ uri, isPronoun }) => uri && !isPronoun);
    for (const pronoun of passage.gold.filter(({ uri, isPronoun }) => uri && isPronoun)) {
      const wanted = names.filter(({ uri }) => uri === pronoun.uri).map(entityOf);
      if (wanted.length === 0) continue;
      const found = entityOf(pronoun);
      const isRight = found !== null && wanted.includes(found);
      pronouns.total++;
      if (isRight) pronouns.right++;
      if (/^(?:where|that)$/i.test(pronoun.text)) continue;
      pronouns.personal++;
      if (isRight) pronouns.personalRight++;
    }
    for (const { uri, text, ...span } of names) {
      const entity = entityOf(span);
      if (entity) units.set(`${passage.id} ${uri} ${entity}`, { passage: passage.id, uri, entity, text });
    }
  }
  const all = [...units.values()];
  const right = pairs(groups(all, ({ uri, entity }) => `${uri} ${entity}`));
  const found = pairs(groups(all, ({ entity }) => entity));
  const wanted = pairs(groups(all, ({ uri }) => uri));
  console.log(
    `${title}: pronouns ${pronouns.right} of ${pronouns.total} = ${(pronouns.right / pronouns.total).toFixed(3)}, ` +
      `without "where" and "that" ${pronouns.personalRight} of ${pronouns.personal} = ` +
      `${(pronouns.personalRight / pronouns.personal).toFixed(3)}; ` +
      `names P ${(right / found).toFixed(3)} (${right} of ${found}) R ${(right / wanted).toFixed(3)} (${right} of ${wanted})`,
  );
  list(
    'wrong',
    Number(options.wrong),
    groups(all, ({ entity }) => entity),
    ({ uri }) => uri,
  );
  list(
    'missed',
    Number(options.missed),
    groups(all, ({ uri }) => uri),
    ({ entity }) => entity,
  );
}

/** The groups with most pairs that are not one by the other measure. */
function list(what, count, grouped, keyOf) {
  const rows = [...grouped.values()].map((units) => ({
    pairs: pairsOf(units) - pairs(groups(units, keyOf)),
    uri: units[0].uri,
    names: [...new Set(units.map(({ text }) => text))].slice(0, 6),
  }));
  rows.sort((a, b) => b.pairs - a.pairs);
  for (const row of rows.slice(0, count))
    console.log(`  ${what} ${row.pairs}: ${row.uri} ${row.names.join('; ')}`);
}

function groups(units, keyOf) {
  const grouped = new Map();
  for (const unit of units) {
    const group = grouped.get(keyOf(unit));
    if (group) group.push(unit);
    else grouped.set(keyOf(unit), [unit]);
  }
  return grouped;
}

function pairs(grouped) {
  return [...grouped.values()].reduce((sum, units) => sum + pairsOf(units), 0);
}

/** Pairs of units of different passages. */
function pairsOf(units) {
  const within = [...groups(units, ({ passage }) => passage).values()];
  return within.reduce(
    (sum, { length }) => sum - (length * (length - 1)) / 2,
    (units.length * (units.length - 1)) / 2,
  );
}

/** An entry for each URI and type, by its names in the passages: the most frequent one first. */
function dictionaryOf(passages) {
  const named = passages.flatMap(({ gold }) => gold.filter(({ uri, isPronoun }) => uri && !isPronoun));
  return [...groups(named, ({ uri, type }) => `${type} ${uri}`).values()].map((mentions) => {
    const counted = [...groups(mentions, ({ text }) => text.replace(/\s+/g, ' ')).entries()];
    counted.sort(([a, one], [b, other]) => other.length - one.length || (a < b ? -1 : 1));
    const [name, ...aliases] = counted.map(([text]) => text);
    const { type, uri } = mentions[0];
    const externalIds = [parseExternalId(uri)];
    return { id: knownEntityId(type, name, externalIds), type, name, aliases, externalIds };
  });
}

async function* batch(entries) {
  yield entries;
}
