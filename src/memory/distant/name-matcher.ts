import type { Span } from '../../domain/offsets.js';

/*
 * Finds known names in text: a trie over words, read once from left to right, the longest name at each place. Words
 * are compared without letter case and accents; what has a capital in the name must have one in the text ("Apple" is
 * not found in "an apple", "US" not in "us"; "the Hague" is found in "The Hague" and "THE HAGUE"). Between the words of
 * a name there may be white space, full stops, commas, apostrophes and dashes, whatever the name has there.
 */

const WORD = /[\p{L}\p{M}\p{N}]+|[&+#@%$]/gu;
const GAP = /^[\s.,'’‘\-–—/]*$/u;
/** A name of one word with fewer letters than this must have a capital: "of" is no name. */
const SHORTEST_PLAIN_WORD = 3;

/** A place where a name stands, and whose name it is. */
export interface NameMatch extends Span {
  /** Numbers of the entities with this name, ascending; more than one: the name is ambiguous. */
  readonly entities: readonly number[];
}

interface Word extends Span {
  /** Compared: no case, no accents. */
  readonly key: string;
  /** With its capitals, without accents. */
  readonly shape: string;
}

interface Node {
  readonly next: Map<string, Node>;
  /** Names that end here, by their shapes. */
  readonly names: { readonly shapes: readonly string[]; readonly entities: Set<number> }[];
}

export class NameMatcher {
  private readonly root: Node = { next: new Map(), names: [] };
  /** Names that were too short to be told from other words. */
  readonly ignored: string[] = [];

  /** @param entities the names of each, by its number */
  constructor(entities: readonly { readonly names: Iterable<string> }[]) {
    for (const [number, { names }] of entities.entries()) for (const name of names) this.add(name, number);
  }

  /** The names in a text: ascending, disjoint. Linear in the text's length times the longest name. */
  find(text: string): NameMatch[] {
    const words = wordsOf(text);
    const matches: NameMatch[] = [];
    for (let from = 0; from < words.length;) {
      const found = this.longestAt(text, words, from);
      if (found) {
        matches.push({
          start: (words[from] as Word).start,
          end: (words[from + found.length - 1] as Word).end,
          entities: found.entities,
        });
        from += found.length;
      } else from++;
    }
    return matches;
  }

  private add(name: string, entity: number): void {
    const words = wordsOf(name);
    const [first] = words;
    if (
      !first ||
      (words.length === 1 && first.key === first.shape && first.key.length < SHORTEST_PLAIN_WORD)
    ) {
      this.ignored.push(name);
      return;
    }
    let node = this.root;
    for (const { key } of words) {
      const next = node.next.get(key) ?? { next: new Map(), names: [] };
      node.next.set(key, next);
      node = next;
    }
    const shapes = words.map(({ shape }) => shape);
    const same = node.names.find((known) => known.shapes.every((shape, i) => shape === shapes[i]));
    if (same) same.entities.add(entity);
    else node.names.push({ shapes, entities: new Set([entity]) });
  }

  private longestAt(text: string, words: readonly Word[], from: number) {
    let node: Node | undefined = this.root;
    let best: { readonly length: number; readonly entities: readonly number[] } | null = null;
    for (let at = from; at < words.length; at++) {
      const word = words[at] as Word;
      if (at > from && !GAP.test(text.slice((words[at - 1] as Word).end, word.start))) break;
      node = node.next.get(word.key);
      if (!node) break;
      const entities = namedBy(node, words, from);
      if (entities.length > 0) best = { length: at - from + 1, entities };
    }
    return best;
  }
}

function namedBy({ names }: Node, words: readonly Word[], from: number): number[] {
  const entities = new Set<number>();
  for (const name of names)
    if (name.shapes.every((shape, i) => hasCapitalsOf(shape, (words[from + i] as Word).shape)))
      for (const entity of name.entities) entities.add(entity);
  return [...entities].sort((a, b) => a - b);
}

/** Both have the same letters; every capital of the name is one in the text. */
function hasCapitalsOf(name: string, text: string): boolean {
  for (let i = 0; i < name.length; i++) {
    const letter = name.charAt(i);
    if (letter !== letter.toLowerCase() && letter !== text.charAt(i)) return false;
  }
  return true;
}

function wordsOf(text: string): Word[] {
  return Array.from(text.matchAll(WORD), ({ 0: word, index }) => {
    const shape = word === '&' ? 'and' : word.normalize('NFKD').replace(/\p{M}+/gu, '');
    return { start: index, end: index + word.length, shape, key: shape.toLowerCase() };
  }).filter(({ key }) => key !== '');
}
