// Passages of KnowledgeNet, prepared as extraction prepares documents, up to the pairs.
import { readFile } from 'node:fs/promises';
import { pronounClass } from '../../dist/domain/pronouns.js';
import { prepareDocument, splitDocument } from '../../dist/extraction/prepare.js';

const MAX_PAIRS_PER_SENTENCE = 1_000;

/**
 * @param file JSON lines in the layout of this project's data
 * @param schema the predicates, for the types of a property's subject and object
 * @returns of each passage an id, the text and the annotated mentions
 */
export async function annotatedPassages(file, schema) {
  const predicates = new Map(schema.predicates.map((predicate) => [predicate.knowledgeNet, predicate]));
  const lines = (await readFile(file, 'utf8')).trim().split('\n');
  return lines.map((line, place) => {
    const passage = JSON.parse(line);
    return { id: `passage-${place}`, text: passage.text, gold: goldMentions(passage, predicates) };
  });
}

/**
 * @param detector finds the mentions; null: they are the annotated ones
 * @returns the document with mentions that are resolved to entities
 */
export async function preparedPassage({ id, text, gold }, detector, schema) {
  const given = detector ? {} : { mentions: withoutOverlaps(gold) };
  const split = splitDocument({ externalId: id, text, ...given });
  const sentences = detector
    ? await detector.detect(split.spans.map(({ start, end }) => text.slice(start, end)))
    : [];
  const pronouns = detector?.pronouns ?? new Set();
  return prepareDocument(split, { sentences, title: [] }, pronouns, schema, MAX_PAIRS_PER_SENTENCE);
}

/** Mentions in UTF-16 units, longest first; pronouns have the type `PRON`. */
function goldMentions(passage, predicates) {
  const offsets = [0];
  for (const point of passage.text) offsets.push(offsets.at(-1) + point.length);
  const mentions = new Map();
  for (const fact of passage.facts)
    for (const role of ['subject', 'object']) {
      const [start, end] = fact[role].map((offset) => offsets[offset]);
      const text = passage.text.slice(start, end);
      const isPronoun = pronounClass(text) !== null;
      const type = isPronoun ? 'PRON' : predicates.get(fact.property)[`${role}Types`][0];
      mentions.set(`${start}-${end}`, { start, end, text, type, isPronoun, uri: fact[`${role}Uri`] });
    }
  return [...mentions.values()].sort((a, b) => b.end - b.start - (a.end - a.start));
}

function withoutOverlaps(mentions) {
  const spans = [];
  for (const { start, end, type } of mentions)
    if (!spans.some((span) => span.start < end && start < span.end)) spans.push({ start, end, type });
  return spans;
}
