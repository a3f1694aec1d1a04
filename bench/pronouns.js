import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { OnnxMentionDetector } from '../dist/inference/onnx-mention-detector.js';
import { PredicateSchema } from '../dist/domain/predicates.js';
import { pronounClass } from '../dist/domain/pronouns.js';
import { prepareDocument, splitDocument } from '../dist/extraction/prepare.js';

/*
 * Share of the pronouns with a KnowledgeNet URI that end at the entity of a name with the same URI in the same
 * passage. Mentions are the annotated spans, or what the detector finds (--detector MODEL_DIRECTORY).
 *   npm run build && node bench/pronouns.js --data dev.jsonl [--detector models/mention-detector] [--errors 20]
 */
const { values: options } = parseArgs({
  options: {
    data: { type: 'string' },
    detector: { type: 'string' },
    errors: { type: 'string', default: '0' },
  },
});
if (!options.data) throw new Error('--data FILE is required');

const schema = PredicateSchema.parse(JSON.parse(await readFile('models/predicates.json', 'utf8')));
const byKnowledgeNet = new Map(schema.predicates.map((predicate) => [predicate.knowledgeNet, predicate]));
const detector = options.detector && (await OnnxMentionDetector.open(options.detector, { workers: 2 }));

const passages = (await readFile(options.data, 'utf8'))
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));
const tally = { total: 0, right: 0, wrong: 0, unresolved: 0, missed: 0 };
const byForm = new Map();
const errors = [];
try {
  for (const passage of passages) await measure(passage);
} finally {
  if (detector) await detector.close();
}
console.log(`${tally.right} of ${tally.total} = ${(tally.right / tally.total).toFixed(3)}`, tally);
console.log([...byForm].map(([form, [right, total]]) => `${form} ${right}/${total}`).join(', '));
for (const error of errors.slice(0, Number(options.errors))) console.log(error);

async function measure(passage) {
  const gold = goldMentions(passage);
  const namesByUri = new Map();
  for (const mention of gold)
    if (mention.uri && !mention.form)
      namesByUri.set(mention.uri, [...(namesByUri.get(mention.uri) ?? []), mention]);
  const pronouns = gold.filter((mention) => mention.form && namesByUri.has(mention.uri));
  if (pronouns.length === 0) return;
  const { mentions, entities } = await prepared(passage, gold);
  const nameOf = new Map(entities.map((entity) => [entity.id, entity.name]));
  const find = (span) =>
    mentions.find((mention) => mention.start < span.end && span.start < mention.end)?.entityId;
  for (const pronoun of pronouns) {
    const found = find(pronoun);
    const wanted = namesByUri.get(pronoun.uri).map(find);
    const verdict =
      found === undefined
        ? 'missed'
        : found === null
          ? 'unresolved'
          : wanted.includes(found)
            ? 'right'
            : 'wrong';
    tally.total++;
    tally[verdict]++;
    const counts = byForm.get(pronoun.form) ?? [0, 0];
    byForm.set(pronoun.form, [counts[0] + (verdict === 'right'), counts[1] + 1]);
    if (verdict !== 'right')
      errors.push({
        verdict,
        pronoun: passage.text.slice(pronoun.start, pronoun.end),
        at: pronoun.start,
        found: nameOf.get(found),
        wanted: wanted.map((id) => nameOf.get(id)),
        text: passage.text,
      });
  }
}

async function prepared(passage, gold) {
  const spans = [];
  for (const { start, end, type } of gold)
    if (!spans.some((span) => span.start < end && start < span.end)) spans.push({ start, end, type });
  const input = { externalId: 'passage', text: passage.text, ...(detector ? {} : { mentions: spans }) };
  const split = splitDocument(input);
  const sentences = detector
    ? await detector.detect(split.spans.map(({ start, end }) => passage.text.slice(start, end)))
    : [];
  return prepareDocument(split, { sentences, title: [] }, detector?.pronouns ?? new Set(), schema, 1_000);
}

/** Annotated spans, longest first, in UTF-16 units. */
function goldMentions(passage) {
  const points = Array.from(passage.text);
  const offsets = [0];
  for (const point of points) offsets.push(offsets.at(-1) + point.length);
  const mentions = new Map();
  for (const fact of passage.facts)
    for (const role of ['subject', 'object']) {
      const [start, end] = fact[role].map((offset) => offsets[offset]);
      const text = passage.text.slice(start, end);
      const form = pronounClass(text) ? text.toLowerCase() : null;
      const predicate = byKnowledgeNet.get(fact.property);
      const type = form ? 'PRON' : predicate[`${role}Types`][0];
      mentions.set(`${start}-${end}`, { start, end, type, form, uri: fact[`${role}Uri`] });
    }
  return [...mentions.values()].sort((a, b) => b.end - b.start - (a.end - a.start));
}
