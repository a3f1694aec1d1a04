import type { Span } from '../domain/offsets.js';
import type { FoundMention } from './mentions.js';

/** What weighing a mention looks at. */
interface Context {
  readonly text: string;
  readonly sentences: readonly Span[];
  readonly mentions: readonly FoundMention[];
}

const WEIGHTS = { mention: 100, subject: 90, object: 40, possessor: 20, pronoun: 40 };

/** How much a mention raises its entity, by what it does in its sentence. */
export function mentionWeight({ text, sentences, mentions }: Context, index: number): number {
  const mention = mentions[index] as FoundMention; // callers walk over the mentions
  const sentence = sentences[mention.sentence] as Span; // every mention stands in a sentence
  const before = text.slice(Math.max(sentence.start, mention.start - 40), mention.start);
  const after = text.slice(mention.end, Math.min(sentence.end, mention.end + 30));
  const weight = mention.type === 'PRON' ? WEIGHTS.pronoun + WEIGHTS.mention : WEIGHTS.mention;
  if (/^['’]s/.test(after)) return weight + WEIGHTS.possessor;
  if (AFTER_PREPOSITION.test(before)) return weight;
  const isFirst = mentions[index - 1]?.sentence !== mention.sentence;
  const isSubject = isFirst || (BEGINS_CLAUSE.test(before) && VERB_FOLLOWS.test(after));
  return weight + (isSubject ? WEIGHTS.subject : WEIGHTS.object);
}

const AFTER_PREPOSITION =
  /\b(?:of|in|on|at|to|by|for|from|with|into|after|before|between|under|over|against|near|about|through|during|than|like|as)\s+(?:the\s+|an?\s+)?$/i;
const BEGINS_CLAUSE =
  /(?:^|[,;:(]\s*|\b(?:and|but|or|that|when|while|because|although|where|whom|which|as|if|since|until|so)\s+)(?:the\s+)?$/i;
const VERB_FOLLOWS =
  /^\s+(?:\w+ly\s+)?(?:is|was|are|were|has|had|have|will|would|can|could|may|did|does|became|began|made|took|went|left|won|met|wrote|said|led|ran|\w{2,}(?:ed|es|s))\b/i;
