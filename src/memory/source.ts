import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { NeighborKbError, type FieldPath } from '../domain/errors.js';
import { MENTION_TYPES } from '../domain/mention-types.js';
import type { PredicateSchema } from '../domain/predicates.js';
import type { MarkedMention } from '../inference/ports.js';

/** A labelled sentence of a source file. */
export interface LabelledSentence {
  readonly text: string;
  readonly mentions: readonly MarkedMention[];
  readonly facts: readonly {
    readonly subject: number;
    readonly predicate: string;
    readonly object: number;
  }[];
  /** Ordered pairs that look related and are not. */
  readonly nil: readonly { readonly subject: number; readonly object: number }[];
  /** `people.jsonl:12`. */
  readonly origin: string;
}

const index = z.number().int().min(0);
const lineShape = z.object({
  text: z.string().min(1),
  facts: z.array(z.tuple([index, z.string(), index])),
  nil: z.array(z.tuple([index, index])),
});

/** `[[surface|TYPE]]` around every mention; the text is what is left without the marks. */
const MARK = /\[\[([^[\]|]+)\|([A-Z]+)\]\]/g;

/**
 * Reads a source file: JSON lines `{"text","facts":[[subject,predicate,object]],"nil":[[subject,object]]}` with
 * mentions marked in the text and counted in order of appearance, from 0. Empty lines are skipped.
 *
 * @throws NeighborKbError INVALID_FILE naming file, line and field
 */
export async function readSource(path: string, schema: PredicateSchema): Promise<LabelledSentence[]> {
  const sentences: LabelledSentence[] = [];
  let number = 0;
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    number++;
    if (line.trim() !== '') sentences.push(parseLine(line, basename(path), number, schema));
  }
  return sentences;
}

/** @throws NeighborKbError INVALID_FILE with the path [file, number, field, ...] */
export function parseLine(
  line: string,
  file: string,
  number: number,
  schema: PredicateSchema,
): LabelledSentence {
  const fail: Fail = (message, field) => {
    throw new NeighborKbError('INVALID_FILE', `${file}:${number}: ${field.join('.') || 'line'}: ${message}`, [
      file,
      number,
      ...field,
    ]);
  };
  const parsed = parseShape(line, fail);
  const { text, mentions } = parseMarkup(parsed.text, (message) => fail(message, ['text']));
  const checkPair = (subject: number, object: number, field: FieldPath): void => {
    for (const end of [subject, object])
      if (end >= mentions.length)
        fail(`there is no mention ${end}, the text marks ${mentions.length}`, field);
    if (subject === object) fail('subject and object are one mention', field);
  };
  const related = new Set<string>();
  const facts = parsed.facts.map(([subject, predicate, object], i) => {
    checkPair(subject, object, ['facts', i]);
    if (!schema.has(predicate)) fail(`${predicate} is no predicate of the schema`, ['facts', i, 1]);
    const types = [mentions[subject]?.type, mentions[object]?.type] as const;
    const [from, to] = types;
    if (from === undefined || to === undefined || !schema.permitted(from, to).has(predicate))
      fail(`${predicate} does not hold between ${types.join(' and ')}`, ['facts', i]);
    related.add(`${subject}>${object}`);
    return { subject, predicate, object };
  });
  const nil = parsed.nil.map(([subject, object], i) => {
    checkPair(subject, object, ['nil', i]);
    if (related.has(`${subject}>${object}`)) fail('the pair is a fact', ['nil', i]);
    return { subject, object };
  });
  return { text, mentions, facts, nil, origin: `${file}:${number}` };
}

type Fail = (message: string, field: FieldPath) => never;

function parseShape(line: string, fail: Fail): z.infer<typeof lineShape> {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch (error) {
    return fail(`is no JSON: ${(error as Error).message}`, []);
  }
  const parsed = lineShape.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = (issue?.path ?? []).map((part) => (typeof part === 'symbol' ? String(part) : part));
  return fail(issue?.message ?? 'malformed', field);
}

/** Text without marks, and its mentions with offsets in UTF-16 units. */
function parseMarkup(
  marked: string,
  fail: (message: string) => never,
): { text: string; mentions: MarkedMention[] } {
  const mentions: MarkedMention[] = [];
  let text = '';
  let position = 0;
  for (const match of marked.matchAll(MARK)) {
    const [mark, surface = '', name = ''] = match;
    const type = MENTION_TYPES.find((candidate) => candidate === name);
    if (!type) return fail(`${name} is no mention type`);
    text += marked.slice(position, match.index);
    mentions.push({ start: text.length, end: text.length + surface.length, type });
    text += surface;
    position = match.index + mark.length;
  }
  text += marked.slice(position);
  if (text.includes('[[') || text.includes(']]')) fail('a mark is not of the form [[surface|TYPE]]');
  return { text, mentions };
}
