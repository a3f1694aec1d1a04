import type { Span } from '../domain/offsets.js';
import { documentFiles, type DocumentFiles } from './document-files.js';
import type { AnnotatedMention, AnnotatedRelation, LabelledText } from './ports.js';
import {
  invalidAt,
  type Place,
  type PlacedLine,
  type ReaderOptions,
  textLinesOf,
  wholeText,
} from './reading.js';

/*
 * i2b2/VA 2010: `.txt` with a sentence a line and spaces between words, `.con` with concepts, `.rel` with relations;
 * files of a record share their name, wherever below the folder they lie (`txt/`, `concept/`, `rel/`). A place is
 * line:word, lines from 1, words from 0, the last word included:
 *
 *     c="fever" 12:3 12:3||t="problem"
 *     c="aspirin" 12:0 12:0||r="TrAP"||c="fever" 12:3 12:3
 */

/** @throws NeighborKbError INVALID_FILE naming file, line and field */
export async function* readI2b2(folder: string, options: ReaderOptions): AsyncGenerator<LabelledText> {
  const records = await documentFiles(folder, ['.txt', '.con', '.rel'], false);
  for (const record of records) {
    const { '.txt': text, '.con': concepts } = record.paths;
    // Texts without concepts lie beside the annotated ones in the release.
    if (concepts === undefined) continue;
    if (text === undefined)
      throw invalidAt({ file: concepts }, [], `there is no ${record.name}.txt beside it`);
    yield await labelledText(record, text, concepts, options);
  }
}

async function labelledText(
  { name, paths }: DocumentFiles,
  textPath: string,
  conceptsPath: string,
  options: ReaderOptions,
): Promise<LabelledText> {
  const text = await wholeText(textPath, options);
  const lines = new WordLines(text);
  const mentions: AnnotatedMention[] = [];
  const byPlace = new Map<string, number>();
  for await (const line of filledLines(conceptsPath, options)) {
    const { concept, type } = conceptOf(line);
    const key = placeKey(concept);
    const span = lines.spanOf(concept);
    if (typeof span === 'string') throw invalidAt(line.place, ['c'], span);
    if (byPlace.has(key)) continue;
    byPlace.set(key, mentions.length);
    mentions.push({ ...span, type });
  }
  const relationsPath = paths['.rel'];
  return {
    id: name,
    origin: textPath,
    text,
    sentences: lines.sentences,
    mentions,
    relations: relationsPath === undefined ? [] : await relationsOf(relationsPath, byPlace, options),
    judged: relationsPath === undefined ? [] : 'all-in-sentence',
  };
}

async function relationsOf(
  path: string,
  byPlace: ReadonlyMap<string, number>,
  options: ReaderOptions,
): Promise<AnnotatedRelation[]> {
  const relations = new Map<string, AnnotatedRelation>();
  for await (const line of filledLines(path, options)) {
    const { first, label, second } = relationOf(line);
    const [subject, object] = [first, second].map((words) => {
      const mention = byPlace.get(placeKey(words));
      if (mention !== undefined) return mention;
      throw invalidAt(line.place, ['c'], `no concept stands at ${placeKey(words)}`);
    }) as [number, number];
    relations.set(`${subject} ${object} ${label}`, { subject, object, label });
  }
  return [...relations.values()];
}

async function* filledLines(path: string, options: ReaderOptions): AsyncGenerator<PlacedLine> {
  for await (const line of textLinesOf(path, options)) if (line.text.trim() !== '') yield line;
}

/** Words from one place to another, both included. */
interface WordRange {
  readonly fromLine: number;
  readonly fromWord: number;
  readonly toLine: number;
  readonly toWord: number;
}

const CONCEPT = String.raw`c=".*" (\d+):(\d+) (\d+):(\d+)`;
const CONCEPT_LINE = new RegExp(String.raw`^${CONCEPT}\|\|t="([^"]+)"$`);
const RELATION_LINE = new RegExp(String.raw`^${CONCEPT}\|\|r="([^"]+)"\|\|${CONCEPT}$`);

function conceptOf({ text, place }: PlacedLine): { readonly concept: WordRange; readonly type: string } {
  const found = matched(CONCEPT_LINE, text, place, 'c="..." LINE:WORD LINE:WORD||t="..."');
  return { concept: rangeOf(found, 1), type: found[5] as string };
}

function relationOf({ text, place }: PlacedLine) {
  const expected = 'c="..." LINE:WORD LINE:WORD||r="..."||c="..." LINE:WORD LINE:WORD';
  const found = matched(RELATION_LINE, text, place, expected);
  return { first: rangeOf(found, 1), label: found[5] as string, second: rangeOf(found, 6) };
}

function matched(pattern: RegExp, text: string, place: Place, expected: string): RegExpExecArray {
  const found = pattern.exec(text.trim());
  if (found) return found;
  throw invalidAt(place, [], `expected ${expected}`);
}

function rangeOf(found: RegExpExecArray, group: number): WordRange {
  const [fromLine, fromWord, toLine, toWord] = found.slice(group, group + 4).map(Number) as [
    number,
    number,
    number,
    number,
  ];
  return { fromLine, fromWord, toLine, toWord };
}

function placeKey({ fromLine, fromWord, toLine, toWord }: WordRange): string {
  return `${fromLine}:${fromWord} ${toLine}:${toWord}`;
}

/** Where the words of each line of a text lie: runs without white space. */
class WordLines {
  /** The lines that hold a word, from its first to its last. */
  readonly sentences: readonly Span[];
  private readonly words: readonly (readonly Span[])[];

  constructor(text: string) {
    let start = 0;
    this.words = text.split('\n').map((line) => {
      const words = [...line.matchAll(/\S+/g)].map(({ index, 0: word }) => ({
        start: start + index,
        end: start + index + word.length,
      }));
      start += line.length + 1;
      return words;
    });
    this.sentences = this.words.flatMap((words) => {
      const [first, last] = [words[0], words.at(-1)];
      return first && last ? [{ start: first.start, end: last.end }] : [];
    });
  }

  /** The span of the words, or what is wrong with them. */
  spanOf(range: WordRange): Span | string {
    const start = this.words[range.fromLine - 1]?.[range.fromWord]?.start;
    const end = this.words[range.toLine - 1]?.[range.toWord]?.end;
    if (start === undefined || end === undefined) return `${placeKey(range)} lies outside the text`;
    return start < end ? { start, end } : `${placeKey(range)} ends before it begins`;
  }
}
