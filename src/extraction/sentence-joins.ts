/*
 * Where the Unicode rules end a sentence and English does not: "Dr. Curie", "Apple Inc. said", "St. Louis".
 */

/** Always followed by the rest of a name. */
const BEFORE_NAME = words(
  'dr mr mrs ms mx prof rev revd gen sen rep gov lt col capt cpt sgt maj cmdr adm hon pres supt st ste sta mt ft fr ' +
    'msgr br bp abp amb atty insp messrs mme mlle vs v cf viz ca approx nee née b d r fl',
);
/** Followed by a number where they are abbreviations. */
const BEFORE_NUMBER = words(
  'no nos nr vol vols p pp fig figs op ch art sec par est c ca jan feb mar apr jun jul aug sep sept oct nov dec',
);
/** May end a sentence: joined unless the next word looks like the beginning of one. */
const AFTER_NAME = words(
  'inc corp ltd co cos bros llc plc jr sr esq univ dept inst assn dist ala ariz ark calif colo conn del fla ill ind ' +
    'kan ky la md mass mich minn miss mo mont neb nev okla ore pa penn tenn tex va vt wash wis wyo ave blvd rd ' +
    'jan feb mar apr jun jul aug sep sept oct nov dec etc al ed eds trans dir ext est ' +
    'ph.d b.a m.a b.s m.s b.sc m.sc m.d ll.b ll.m j.d d.c u.s u.k u.n e.u u.s.a u.s.s.r n.y l.a a.m p.m b.c a.d',
);
/** Those of AFTER_NAME that count in lower case too. */
const LOWER_CASE = words('jr sr etc al est inc co ltd corp eds trans a.m p.m b.c a.d');
/** Words that begin sentences far more often than they continue a name. */
const STARTERS = words(
  'he she it they we i you the a an this that these those his her its their our my in on at after before during ' +
    'when while since as from by for with however although but and so then there here who what where why how if ' +
    'born both many some most all one two another other according today later soon once until despite following',
);

/** How far behind a closing parenthesis may be that still belongs to the sentence before. */
const PARENTHESIS_REACH = 160;

/**
 * Whether the text goes on as the same sentence after `end`, where the segmenter ended one.
 *
 * @param flat a paragraph without line breaks
 * @param start beginning of the sentence so far
 */
export function joinsNext(flat: string, start: number, end: number): boolean {
  const tail = flat.slice(Math.max(start, end - 40), end).trimEnd();
  const next = /^\s*(\S{1,40})/.exec(flat.slice(end, end + 60))?.[1];
  if (next === undefined) return false;
  if (/^\p{Ll}/u.test(next)) return true;
  if (tail.endsWith('!') && /^(?:Inc|Corp|Ltd|LLC)\b/.test(next)) return true;
  if (!tail.endsWith('.')) return false;
  if (/\.\.$/.test(tail)) return false;
  // The number of a list item is no sentence.
  if (end - start < 8 && /^\s*\(?\d{1,3}\.$/.test(tail)) return true;
  return endsInAbbreviation(tail, next) || leavesParenthesisOpen(flat, start, end);
}

function endsInAbbreviation(tail: string, next: string): boolean {
  const word = /(?:^|[\s("“‘'[/–—-])([\p{L}.]+)\.$/u.exec(tail)?.[1];
  if (word === undefined) return false;
  const lower = word.toLowerCase();
  const nextIsNumber = /^[#(]?[\dIVX]/.test(next) && !/^I[A-Za-z]/.test(next);
  const nextStarts = STARTERS.has(next.toLowerCase().replace(/[^\p{L}].*$/u, ''));
  // One or more initials: "J.", "J.R.R."; "George W. Bush" goes on, "vitamin C. The" does not.
  if (/^(?:\p{Lu}\.)*\p{Lu}$/u.test(word)) return !nextStarts;
  if (BEFORE_NAME.has(lower) || (BEFORE_NUMBER.has(lower) && nextIsNumber)) return true;
  // "He fell ill." is no abbreviation of Illinois.
  const isAbbreviation = AFTER_NAME.has(lower) && (word !== lower || LOWER_CASE.has(lower));
  return isAbbreviation && /^[\p{L}\p{N}(]/u.test(next) && !nextStarts;
}

function leavesParenthesisOpen(flat: string, start: number, end: number): boolean {
  const behind = flat.slice(Math.max(start, end - PARENTHESIS_REACH), end);
  if (behind.lastIndexOf('(') <= behind.lastIndexOf(')')) return false;
  const ahead = flat.slice(end, end + PARENTHESIS_REACH);
  const close = ahead.indexOf(')');
  return close >= 0 && !ahead.slice(0, close).includes('(');
}

function words(list: string): ReadonlySet<string> {
  return new Set(list.split(' '));
}
