import { normaliseName } from './identity.js';
import type { EntityType } from './mention-types.js';
import { isPersonTitle } from './name-forms.js';
import { writtenPlaceName } from './place-names.js';

/** What of a name is compared. */
export interface NameShape {
  /** Normalised words; a person's without titles. At least one. */
  readonly words: readonly string[];
  /** Whether a title was left out of the words: "Queen Victoria". */
  readonly isTitled: boolean;
}

/**
 * "Curie", "Marie" and "M. Curie" shorten "Marie Curie"; "van Gogh" shortens "Vincent van Gogh"; "Victoria"
 * shortens "Queen Victoria".
 */
export function shortensPerson(
  { words: short, isTitled }: NameShape,
  { words: full, isTitled: toTitled }: NameShape,
): boolean {
  if (short.length > full.length) return false;
  if (short.join(' ') === full.join(' ')) return toTitled && !isTitled;
  if (short.length === 1) return short[0] === full[0] || short[0] === full.at(-1);
  if (short.every((word, i) => word === full[full.length - short.length + i])) return true;
  if (short.at(-1) !== full.at(-1)) return false;
  // Given names in order, each whole or as its initial.
  let next = 0;
  for (const word of short.slice(0, -1)) {
    const found = full.findIndex(
      (other, i) => i >= next && i < full.length - 1 && (other === word || isInitial(word, other)),
    );
    if (found < 0 || (next === 0 && found > 0)) return false;
    next = found + 1;
  }
  return true;
}

function isInitial(short: string, full: string): boolean {
  return short.length === 1 && full.startsWith(short);
}

/** Words that a company's or school's name may lose: "Harvard" for "Harvard University". */
const ORGANISATION_NOUNS = new Set(
  (
    'university college institute academy school bank pictures records motors motor airlines airways industries ' +
    'technologies technology systems computer computers software entertainment group holdings holding club fc ' +
    'orchestra foundation party corporation company incorporated international press publishing publications ' +
    'pharmaceuticals laboratories studios stores energy electronics communications insurance financial capital ' +
    'partners associates brothers sons and the of'
  ).split(' '),
);

export function shortensOrganisation(short: readonly string[], full: readonly string[]): boolean {
  if (short.length >= full.length || short.every((word) => ORGANISATION_NOUNS.has(word))) return false;
  const isPrefix = short.every((word, i) => word === full[i]);
  return isPrefix && full.slice(short.length).every((word) => ORGANISATION_NOUNS.has(word));
}

const SMALL_WORDS = new Set('of the and for in on to de la'.split(' '));

/** "who" for World Health Organization; with and without the small words. */
export function initialsOf(words: readonly string[]): Set<string> {
  const all = words.map((word) => word[0]).join('');
  const large = words.flatMap((word) => (SMALL_WORDS.has(word) ? [] : word[0])).join('');
  return new Set([all, large].filter((initials) => initials.length >= 2));
}

/** A person's words without titles and generational suffixes; all of them if nothing else is there. */
export function personWords(words: readonly string[]): readonly string[] {
  let first = 0;
  while (first < words.length - 1 && isPersonTitle(words[first] as string)) first++;
  let end = words.length;
  while (end > first + 1 && /^(?:jr|sr|ii|iii|iv)$/.test(words[end - 1] as string)) end--;
  return words.slice(first, end);
}

/** The longest name; a person's full name without titles where there is one. */
export function fullestName(type: EntityType, surfaces: readonly string[]): string {
  const names = [...new Set(surfaces.map((surface) => surface.replace(/\s+/gu, ' ').trim()))].map((name) => {
    const words = normaliseName(name).split(' ');
    const own = type === 'PER' ? personWords(words).length : words.length;
    // Of full names the plainest: "Marie Curie", not "Madame Marie Curie"; but "Queen Victoria".
    return { name, own, extra: own > 1 ? own - words.length : words.length };
  });
  names.sort(
    (a, b) =>
      b.own - a.own || b.extra - a.extra || b.name.length - a.name.length || (a.name < b.name ? -1 : 1),
  );
  const name = names[0]?.name ?? '';
  // A country goes by its name, not by an adjective or letters.
  return (type === 'LOC' ? writtenPlaceName(normaliseName(name).replace(/^the /, '')) : undefined) ?? name;
}
