import type { AnnotatedMention, AnnotatedRelation, LabelledText } from './ports.js';
import {
  invalidAt,
  type Place,
  type PlacedLine,
  placeName,
  type ReaderOptions,
  textLinesOf,
} from './reading.js';
import { TokenText } from './token-text.js';

/*
 * CoNLL04 in the form of https://github.com/bekou/multihead_joint_entity_relation_extraction: `#doc ID` begins a
 * sentence; then a line a token with its index, the token, a BIO tag, a list of relations and a list of heads, tabs
 * between. Relations stand at the subject's last token; the head is the object's last token.
 */

interface Row {
  readonly place: Place;
  readonly token: string;
  readonly tag: string;
  readonly relations: readonly string[];
  /** Indices of rows, as many as relations. */
  readonly heads: readonly number[];
}

interface Sentence {
  readonly id: string;
  readonly place: Place;
  readonly rows: Row[];
}

const NO_RELATION = 'N';
const COLUMNS = ['index', 'token', 'tag', 'relations', 'heads'];

/** @throws NeighborKbError INVALID_FILE naming file, line and column */
export async function* readConll04(path: string, options: ReaderOptions): AsyncGenerator<LabelledText> {
  let sentence: Sentence | undefined;
  for await (const line of textLinesOf(path, options)) {
    if (line.text.trim() === '') continue;
    if (line.text.startsWith('#doc')) {
      if (sentence) yield labelledText(sentence, options);
      const id = line.text.slice('#doc'.length).trim();
      sentence = { id: id === '' ? placeName(line.place) : id, place: line.place, rows: [] };
    } else {
      if (!sentence) throw invalidAt(line.place, [], 'expected a line with #doc before the first token');
      sentence.rows.push(rowOf(line, sentence.rows.length));
    }
  }
  if (sentence) yield labelledText(sentence, options);
}

function rowOf({ text, place }: PlacedLine, index: number): Row {
  const columns = text.split('\t');
  const [number = '', token = '', tag = '', relations = '', heads = ''] = columns;
  if (columns.length !== COLUMNS.length)
    throw invalidAt(
      place,
      [],
      `has ${columns.length} columns, expected ${COLUMNS.join(', ')} with tabs between`,
    );
  if (number !== String(index)) throw invalidAt(place, ['index'], `is ${number}, expected ${index}`);
  if (!/^(?:O|[BI]-\S+)$/.test(tag)) throw invalidAt(place, ['tag'], `${tag} is no BIO tag`);
  const row = {
    place,
    token,
    tag,
    relations: listOf(relations, /^'([^']*)'$/, place, 'relations'),
    heads: listOf(heads, /^(\d+)$/, place, 'heads').map(Number),
  };
  if (row.relations.length !== row.heads.length)
    throw invalidAt(
      place,
      ['heads'],
      `holds ${row.heads.length} heads for ${row.relations.length} relations`,
    );
  return row;
}

/** Items of a list as Python prints it. */
function listOf(text: string, item: RegExp, place: Place, column: string): string[] {
  const inside = /^\[(.*)\]$/.exec(text.trim())?.[1]?.trim();
  if (inside === undefined) throw invalidAt(place, [column], `${text} is no list`);
  if (inside === '') return [];
  return inside.split(',').map((part) => {
    const found = item.exec(part.trim())?.[1];
    if (found === undefined) throw invalidAt(place, [column], `${part.trim()} is not expected in it`);
    return found;
  });
}

function labelledText({ id, place, rows }: Sentence, options: ReaderOptions): LabelledText {
  if (rows.length === 0) throw invalidAt(place, [], 'a sentence without tokens');
  const tokens = new TokenText([rows.map(({ token }) => token)], options.tokens);
  const { mentions, byLastToken } = mentionsOf(rows, tokens);
  return {
    id,
    origin: placeName(place),
    text: tokens.text,
    sentences: tokens.sentences,
    mentions,
    relations: relationsOf(rows, byLastToken),
    judged: 'all-in-sentence',
  };
}

interface Mentions {
  readonly mentions: readonly AnnotatedMention[];
  readonly byLastToken: ReadonlyMap<number, number>;
}

/** An I without its B begins a mention, as in the CoNLL evaluation. */
function mentionsOf(rows: readonly Row[], tokens: TokenText): Mentions {
  const mentions: AnnotatedMention[] = [];
  const byLastToken = new Map<number, number>();
  let first = 0;
  for (const [index, { tag, place }] of rows.entries()) {
    const type = tag.slice(2);
    const before = rows[index - 1]?.tag ?? 'O';
    if (tag.startsWith('B') || before.slice(2) !== type) first = index;
    const isLast = rows[index + 1]?.tag !== `I-${type}`;
    if (tag === 'O' || !isLast) continue;
    const span = tokens.spanOf(first, index);
    if (typeof span === 'string') throw invalidAt(place, ['tag'], span);
    byLastToken.set(index, mentions.length);
    mentions.push({ ...span, type });
  }
  return { mentions, byLastToken };
}

function relationsOf(rows: readonly Row[], byLastToken: ReadonlyMap<number, number>): AnnotatedRelation[] {
  const relations: AnnotatedRelation[] = [];
  for (const [index, row] of rows.entries())
    for (const [position, label] of row.relations.entries()) {
      if (label === NO_RELATION) continue;
      const subject = byLastToken.get(index);
      if (subject === undefined)
        throw invalidAt(row.place, ['relations'], `${label} stands at a token that ends no mention`);
      const head = row.heads[position] as number; // as many heads as relations: checked when the row was read
      const object = byLastToken.get(head);
      if (object === undefined) throw invalidAt(row.place, ['heads'], `token ${head} ends no mention`);
      relations.push({ subject, object, label });
    }
  return relations;
}
