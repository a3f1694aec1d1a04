/** Words for people by what they are to someone: "his wife", "Keller's former assistant". */
const NOUNS =
  'father|mother|parents?|son|daughter|child|children|brother|sister|wife|husband|spouse|partner|friend|colleague|' +
  'uncle|aunt|nephew|niece|cousin|grandfather|grandmother|grandson|granddaughter|widow|widower|fianc[eé]e?|teacher|' +
  'student|pupil|mentor|rival|successor|predecessor|assistant|boss|girlfriend|boyfriend|co-?founder|ex-wife|' +
  'ex-husband|stepfather|stepmother|half-brother|half-sister|(?:father|mother|son|daughter|brother|sister)-in-law|' +
  'twin|heir|lover|companion|consort';
const ENDS_WITH_NOUN = new RegExp(`^\\s+(?:[\\p{L}-]+\\s+){0,3}?(?:${NOUNS})s?,?\\s*$`, 'iu');

/** Whether the text after a possessive is nothing but the word for somebody else: " younger sister, ". */
export function isRelativeOf(afterPossessive: string): boolean {
  return afterPossessive.length < 80 && ENDS_WITH_NOUN.test(afterPossessive);
}

const POSSESSIVE = /(?:\b(?:his|her|its|their|my|our|whose)|['’]s?)(?=\s)/giu;

/** Whether a name that follows this text is told as somebody's relative: "her father, ", "Keller's wife ". */
export function introducesRelative(before: string): boolean {
  const possessive = [...before.slice(-80).matchAll(POSSESSIVE)].at(-1);
  return (
    possessive !== undefined && isRelativeOf(before.slice(-80).slice(possessive.index + possessive[0].length))
  );
}
