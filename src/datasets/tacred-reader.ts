import { z } from 'zod';
import { jsonArrayOf } from './json-array.js';
import type { LabelledText } from './ports.js';
import { invalidAt, parseAt, type Place, placeName, type ReaderOptions } from './reading.js';
import { TokenText } from './token-text.js';

/*
 * TACRED's JSON (https://nlp.stanford.edu/projects/tacred/), which Re-TACRED and TACREV share: an array of pairs,
 * token indices inclusive.
 */

const index = z.number().int().min(0);
const exampleShape = z.object({
  id: z.string().min(1),
  docid: z.string().nullish(),
  relation: z.string().min(1),
  token: z.array(z.string()).min(1),
  subj_start: index,
  subj_end: index,
  obj_start: index,
  obj_end: index,
  subj_type: z.string().min(1),
  obj_type: z.string().min(1),
});
type RawExample = z.infer<typeof exampleShape>;

const NO_RELATION = 'no_relation';
const SUBJECT = 0;
const OBJECT = 1;

/** @throws NeighborKbError INVALID_FILE naming file, line of the example and field */
export async function* readTacred(path: string, options: ReaderOptions): AsyncGenerator<LabelledText> {
  for await (const { place, value } of jsonArrayOf(path, options))
    yield labelledText(parseAt(exampleShape, value, place), place, options);
}

function labelledText(raw: RawExample, place: Place, options: ReaderOptions): LabelledText {
  const tokens = new TokenText([raw.token], options.tokens);
  const mention = (role: 'subj' | 'obj') => {
    const span = tokens.spanOf(raw[`${role}_start`], raw[`${role}_end`]);
    if (typeof span === 'string') throw invalidAt(place, [`${role}_start`], span);
    return { ...span, type: raw[`${role}_type`] };
  };
  return {
    id: raw.id,
    ...(raw.docid ? { document: raw.docid } : {}),
    origin: placeName(place),
    text: tokens.text,
    sentences: tokens.sentences,
    mentions: [mention('subj'), mention('obj')],
    relations:
      raw.relation === NO_RELATION ? [] : [{ subject: SUBJECT, object: OBJECT, label: raw.relation }],
    judged: [{ subject: SUBJECT, object: OBJECT }],
  };
}
