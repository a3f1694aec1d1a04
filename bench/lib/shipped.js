// What the repository ships, for the measurements.
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { PredicateSchema } from '../../dist/domain/predicates.js';

const MARKED_MENTION = /\[\[(.+?)\|[A-Z]+\]\]/;

/** @param name a path from the top of the repository */
export function shippedPath(name) {
  return fileURLToPath(new URL(`../../${name}`, import.meta.url));
}

export async function shippedPredicates() {
  return PredicateSchema.parse(JSON.parse(await readFile(shippedPath('models/predicates.json'), 'utf8')));
}

/**
 * The sentences that the general memory was made of, in the order of its source files.
 *
 * @returns text without the marks, and the span of the first marked mention, null where there is none
 */
export async function shippedSentences() {
  const source = shippedPath('memories/general/source');
  const sentences = [];
  for (const file of (await readdir(source)).sort())
    for (const line of (await readFile(path.join(source, file), 'utf8')).split('\n'))
      if (line) sentences.push(withoutMarks(JSON.parse(line).text));
  return sentences;
}

function withoutMarks(marked) {
  const first = MARKED_MENTION.exec(marked);
  return {
    text: marked.replaceAll(new RegExp(MARKED_MENTION, 'g'), '$1'),
    firstMention: first && { start: first.index, end: first.index + first[1].length },
  };
}
