import { expect, it } from 'vitest';
import { joinTokens } from '../../src/datasets/token-joining.js';

it.each([
  [['He', 'said', '"', 'no', '"', ',', 'then', 'left', '.'], 'He said "no", then left.'],
  [['the', 'Anglo', '-', 'Irish', 'poet'], 'the Anglo-Irish poet'],
  [['1890', '–', '1894'], '1890–1894'],
  [['12', 'May', '1890', '–', '3', 'June'], '12 May 1890–3 June'],
  [['4', 'May', '–', '6', 'June'], '4 May – 6 June'],
  [['$', '5', 'million', '(', 'about', '3', '%', ')'], '$5 million (about 3%)'],
])('tokens are joined as people write: %j', (tokens, text) => {
  const joined = joinTokens(tokens, 'natural');
  expect(joined.text).toBe(text);
  expect(joined.spans.map(({ start, end }) => joined.text.slice(start, end))).toEqual(tokens);
});
