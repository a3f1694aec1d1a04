import { normaliseName } from '../../domain/identity.js';
import type { MemoryEntry } from '../ports.js';

/** What an example says, without letter case, accents, punctuation and white space: equal for near copies. */
export function foldedExample({
  text,
  subject,
  object,
}: Pick<MemoryEntry, 'text' | 'subject' | 'object'>): string {
  const name = ({ start, end, type }: MemoryEntry['subject']): string =>
    `${normaliseName(text.slice(start, end))}|${type}|${place(text, start)}`;
  return `${normaliseName(text)}\u0000${name(subject)}\u0000${name(object)}`;
}

/** Number of words before a place: tells apart equal names in one text. */
function place(text: string, start: number): number {
  const before = normaliseName(text.slice(0, start));
  return before === '' ? 0 : before.split(' ').length;
}

/** Words of a text, folded: what near copies share most of. */
export function wordsOf(text: string): ReadonlySet<string> {
  return new Set(normaliseName(text).split(' '));
}

/** Share of the words of either text that are in both, in [0, 1]. */
export function wordOverlap(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  let shared = 0;
  for (const word of one) if (other.has(word)) shared++;
  const all = one.size + other.size - shared;
  return all === 0 ? 1 : shared / all;
}
