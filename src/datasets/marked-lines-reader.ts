import type { Span } from '../domain/offsets.js';
import type { AnnotatedPair, LabelledText } from './ports.js';
import {
  invalidAt,
  type Place,
  type PlacedLine,
  placeName,
  type ReaderOptions,
  textLinesOf,
} from './reading.js';

/*
 * SemEval-2010 task 8 and KBP37 (https://github.com/zhangdongxu/kbp37): a line with a number, a tab and the quoted
 * sentence, the mentions in <e1></e1> and <e2></e2>; below it the relation with its direction, `Label(e1,e2)` or
 * `Label(e2,e1)`, or the name for none; perhaps a comment; an empty line. SemEval's test file without answers lacks
 * the relations: its pairs are not judged. Sentences of KBP37 that mark nothing (`<e1> </e1>`, 119 of its train and
 * dev files) are left out.
 */

/** @param noRelation the data set's name for a pair without relation */
export function markedLinesReader(noRelation: string) {
  return async function* (path: string, options: ReaderOptions): AsyncGenerator<LabelledText> {
    let sentence: PlacedLine | undefined;
    const give = function* (relation?: PlacedLine): Generator<LabelledText> {
      if (!sentence) return;
      const { place } = sentence;
      if (EMPTY.test(sentence.text)) options.onSkipped?.(place, 'a mention without text');
      else yield labelledText(sentence, relation, noRelation);
      sentence = undefined;
    };
    for await (const line of textLinesOf(path, options)) {
      const text = line.text.trim();
      if (text === '' || /^Comment\s*:/i.test(text)) continue;
      if (SENTENCE.test(text)) {
        yield* give();
        sentence = { place: line.place, text };
      } else if (sentence) yield* give({ place: line.place, text });
      else
        throw invalidAt(
          line.place,
          [],
          `expected a number, a tab and a sentence, found: ${text.slice(0, 60)}`,
        );
    }
    yield* give();
  };
}

const SENTENCE = /^(\d+)\t(.*)$/s;
const EMPTY = /<e([12])>\s*<\/e\1>/;
/** Mentions' indices. */
const E1 = 0;
const E2 = 1;

function labelledText(
  sentence: PlacedLine,
  relation: PlacedLine | undefined,
  noRelation: string,
): LabelledText {
  const [, id = '', quoted = ''] = SENTENCE.exec(sentence.text) ?? [];
  const { text, spans } = unmarked(quoted.replace(/^"\s*|\s*"$/g, ''), sentence.place);
  return {
    id,
    origin: placeName(sentence.place),
    text,
    sentences: [{ start: 0, end: text.length }],
    mentions: spans.map((span) => ({ ...span, type: 'ENTITY' })),
    ...(relation === undefined ? { relations: [], judged: [] } : annotationOf(relation, noRelation)),
  };
}

/**
 * The relation judges the pair in its own direction: a label may hold in the other, too. No relation judges both.
 */
function annotationOf(
  { text, place }: PlacedLine,
  noRelation: string,
): Pick<LabelledText, 'relations'> & { readonly judged: readonly AnnotatedPair[] } {
  const forward = { subject: E1, object: E2 };
  const backward = { subject: E2, object: E1 };
  if (text === noRelation) return { relations: [], judged: [forward, backward] };
  const [, label, from] = /^(\S+)\((e[12]),\s*e[12]\)$/.exec(text) ?? [];
  if (label === undefined)
    throw invalidAt(
      place,
      ['relation'],
      `${text.slice(0, 60)}: expected Label(e1,e2), Label(e2,e1) or ${noRelation}`,
    );
  const pair = from === 'e1' ? forward : backward;
  return { relations: [{ ...pair, label }], judged: [pair] };
}

const MARKER = /<(\/?)e([12])>/g;

/** The sentence without its markers, and the spans between them; spaces inside a marker's pair fall away. */
function unmarked(marked: string, place: Place): { readonly text: string; readonly spans: [Span, Span] } {
  const starts: (number | undefined)[] = [];
  const ends: (number | undefined)[] = [];
  let text = '';
  let from = 0;
  for (const found of marked.matchAll(MARKER)) {
    const closes = found[1] === '/';
    const before = marked.slice(from, found.index);
    text += closes ? before.trimEnd() : before;
    (closes ? ends : starts)[Number(found[2]) - 1] = text.length;
    from = found.index + found[0].length;
    if (!closes) from += /^\s*/.exec(marked.slice(from))?.[0].length ?? 0;
  }
  text += marked.slice(from);
  const [first, second] = [0, 1].map((mention) => {
    const [start, end] = [starts[mention], ends[mention]];
    if (start === undefined || end === undefined || start >= end)
      throw invalidAt(
        place,
        [`e${mention + 1}`],
        `expected text between <e${mention + 1}> and </e${mention + 1}>`,
      );
    return { start, end };
  }) as [Span, Span];
  return { text, spans: [first, second] };
}
