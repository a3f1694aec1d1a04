import { spanText } from '../domain/offsets.js';
import type { FoundMention } from './mentions.js';

/** "It is known that", "it was raining", "it took": stands for nothing. */
export function isPleonastic(text: string, mention: FoundMention): boolean {
  if (!/^it$/i.test(spanText(text, mention))) return false;
  return PLEONASTIC.test(text.slice(mention.end, mention.end + 80));
}

const PLEONASTIC =
  /^(?:\s+(?:is|was|has been|had been|will be|would be|seems|seemed|appears|appeared|turns out|turned out)(?:\s+(?:also|not|widely|generally|often|now|then|only))*\s+(?:(?:said|known|believed|thought|reported|rumou?red|estimated|announced|revealed|clear|likely|possible|impossible|important|difficult|hard|easy|necessary|true|unclear|unknown|time|not until)\b|(?:raining|snowing|cold|hot|late|dark)\b)|\s+(?:took|takes|seems|seemed|appears|appeared)\b)/i;
