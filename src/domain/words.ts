/** Characters of which the models see nothing: white space, controls, invisible marks, accents on their own. */
const VISIBLE = /[^\s\p{C}\p{Mn}\ufffd]/u;

/**
 * Whether a piece of text holds something that the models can read. A mention of zero-width characters or of
 * white space alone covers no word, and no pair can be made of it. Never true where the models see nothing; false
 * also for characters that Unicode has not assigned.
 */
export function holdsWord(text: string): boolean {
  return VISIBLE.test(text);
}
