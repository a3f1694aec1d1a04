import { parseArgs } from 'node:util';
import { OnnxMentionDetector } from '../dist/inference/onnx-mention-detector.js';
import { annotatedPassages, preparedPassage } from './lib/knowledge-net.js';
import { shippedPredicates } from './lib/shipped.js';

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

const schema = await shippedPredicates();
const detector = options.detector && (await OnnxMentionDetector.open(options.detector, { workers: 2 }));

const tally = { total: 0, right: 0, wrong: 0, unresolved: 0, missed: 0 };
const byForm = new Map();
const errors = [];
try {
  for (const passage of await annotatedPassages(options.data, schema)) await measure(passage);
} finally {
  if (detector) await detector.close();
}
console.log(`${tally.right} of ${tally.total} = ${(tally.right / tally.total).toFixed(3)}`, tally);
console.log([...byForm].map(([form, [right, total]]) => `${form} ${right}/${total}`).join(', '));
for (const error of errors.slice(0, Number(options.errors))) console.log(error);

async function measure(passage) {
  const namesByUri = new Map();
  for (const mention of passage.gold)
    if (mention.uri && !mention.isPronoun)
      namesByUri.set(mention.uri, [...(namesByUri.get(mention.uri) ?? []), mention]);
  const pronouns = passage.gold.filter(({ isPronoun, uri }) => isPronoun && namesByUri.has(uri));
  if (pronouns.length === 0) return;
  const { mentions, entities } = await preparedPassage(passage, detector, schema);
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
    const form = pronoun.text.toLowerCase();
    const counts = byForm.get(form) ?? [0, 0];
    byForm.set(form, [counts[0] + (verdict === 'right'), counts[1] + 1]);
    if (verdict !== 'right')
      errors.push({
        verdict,
        pronoun: pronoun.text,
        at: pronoun.start,
        found: nameOf.get(found),
        wanted: wanted.map((id) => nameOf.get(id)),
        text: passage.text,
      });
  }
}
