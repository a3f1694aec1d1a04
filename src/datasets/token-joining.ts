import type { Span } from '../domain/offsets.js';

/** How tokens become text: with a space between each two, or as people write. */
export const TOKEN_JOININGS = ['spaced', 'natural'] as const;
export type TokenJoining = (typeof TOKEN_JOININGS)[number];

const CLOSES = new Set([
  ...',.;:?!)]}%”’…',
  "'s",
  '’s',
  "n't",
  'n’t',
  "'re",
  "'ve",
  "'ll",
  "'d",
  "'m",
  '...',
]);
const OPENS = new Set([...'([{$£€#“‘', 'US$']);
const DASHES = new Set(['-', '–', '—', '/']);
const MONTHS = /^(january|february|march|april|may|june|july|august|september|october|november|december)$/i;

/** Text of a sentence's tokens, and the span of each in it (UTF-16 units). */
export function joinTokens(
  tokens: readonly string[],
  joining: TokenJoining,
): { readonly text: string; readonly spans: readonly Span[] } {
  const spaces = joining === 'natural' ? naturalSpaces(tokens) : tokens.map(() => true);
  let text = '';
  const spans: Span[] = [];
  tokens.forEach((token, index) => {
    if (index > 0 && spaces[index] === true) text += ' ';
    spans.push({ start: text.length, end: text.length + token.length });
    text += token;
  });
  return { text, spans };
}

/** Whether a space stands before each token. */
function naturalSpaces(tokens: readonly string[]): boolean[] {
  const spaces = tokens.map((token, index) => !CLOSES.has(token) && !OPENS.has(tokens[index - 1] ?? ''));
  let quoteIsOpen = false;
  tokens.forEach((token, index) => {
    if (token === '"') {
      // An opening quote clings to what follows, a closing one to what precedes.
      if (quoteIsOpen) spaces[index] = false;
      else spaces[index + 1] = false;
      quoteIsOpen = !quoteIsOpen;
    } else if (DASHES.has(token) && joinsWords(tokens[index - 1], tokens[index + 1])) {
      spaces[index] = false;
      spaces[index + 1] = false;
    }
  });
  return spaces.slice(0, tokens.length);
}

/** A dash between words is a hyphen; between dates and beside full years it stands apart. */
function joinsWords(before: string | undefined, after: string | undefined): boolean {
  if (before === undefined || after === undefined) return false;
  if (!/[\p{L}\p{N}]$/u.test(before) || !/^[\p{L}\p{N}]/u.test(after)) return false;
  if (MONTHS.test(before) || MONTHS.test(after)) return false;
  return /^\d{4}$/.test(before) ? /^\d+$/.test(after) : true;
}
