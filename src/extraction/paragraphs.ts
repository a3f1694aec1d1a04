import type { Span } from '../domain/offsets.js';

interface Line extends Span {
  readonly text: string;
}

/**
 * The blocks of a text in which a line break is only wrapping: paragraphs, separated by blank lines; headings
 * and list items stand alone. Ascending, disjoint; every visible character is in one of them.
 *
 * @yields spans in UTF-16 units of the text
 */
export function* paragraphs(text: string): Generator<Span> {
  let block: Line[] = [];
  for (const line of lines(text)) {
    if (line.text.trim() === '') {
      yield* blocks(block);
      block = [];
    } else block.push(line);
  }
  yield* blocks(block);
}

function* lines(text: string): Generator<Line> {
  let start = 0;
  for (const { index, 0: lineBreak } of text.matchAll(/\r\n|[\r\n\v\f\u0085\u2028\u2029]/g)) {
    yield { start, end: index, text: text.slice(start, index) };
    // A paragraph separator is a line break and a blank line in one.
    if (lineBreak === '\u2029' || lineBreak === '\f') yield { start: index, end: index, text: '' };
    start = index + lineBreak.length;
  }
  yield { start, end: text.length, text: text.slice(start) };
}

/** Divides consecutive lines where a heading ends or a list item begins. */
function* blocks(block: readonly Line[]): Generator<Span> {
  const width = block.reduce((widest, line) => Math.max(widest, line.text.trimEnd().length), 0);
  let start = 0;
  for (let i = 1; i <= block.length; i++) {
    const before = block[i - 1] as Line;
    const line = block[i];
    if (line && !isHeading(before.text, line.text, width) && !beginsItem(line.text, before.text)) continue;
    yield { start: (block[start] as Line).start, end: before.end };
    start = i;
  }
}

const BULLET = /^\s*[-*•‣◦▪·–—]\s/;
const NUMBERED = /^\s*\(?\d{1,3}[.)]\s/;

function beginsItem(line: string, before: string): boolean {
  if (BULLET.test(line)) return true;
  // "14. " at the start of a line may be a wrapped date: an item's number follows something that ended.
  return NUMBERED.test(line) && (NUMBERED.test(before) || /[.:!?]["”')\]]*\s*$/.test(before));
}

/** Words after which a line cannot end but by wrapping. */
const UNFINISHED =
  /\b(?:a|an|the|of|in|on|at|to|by|for|from|with|and|or|but|as|is|was|were|are|his|her|its|their|near|who|that|which|into|after|before|between|under|over|de|la|von|van)\s*$/i;

const MAX_HEADING_LENGTH = 80;

/**
 * Whether a line stands alone: Markdown's or underlined headings, or a short line without end punctuation that
 * was not wrapped, since the next word would have found room in it.
 */
function isHeading(line: string, next: string, width: number): boolean {
  const content = line.trim();
  if (content.length > MAX_HEADING_LENGTH) return false;
  if (/^(?:#{1,6}\s|={2,}.*={2,}$)/.test(content) || /^(?:[-=*_#~]\s?){3,}$/.test(content)) return true;
  if (/^[-=]{3,}$/.test(next.trim())) return true;
  if (/[.,;!?…"”)\]–—-]$/.test(content) || UNFINISHED.test(content)) return false;
  const nextWord = /^\s*(\S+)/.exec(next)?.[1] ?? '';
  return /^[\p{Lu}\p{N}"“(]/u.test(nextWord) && content.length + 1 + nextWord.length <= width;
}
