import type { EntityType } from '../domain/mention-types.js';
import { spanText, type Span } from '../domain/offsets.js';
import type { PronounClass } from '../domain/pronouns.js';
import type { FoundMention } from './mentions.js';
import type { NameCluster } from './name-clusters.js';
import { isRelativeOf } from './relatives.js';

/** How far before a relative pronoun its antecedent may end, UTF-16 units. */
const REACH = 120;
/** The same for a sentence's first person: what stands between is their description. */
const SUBJECT_REACH = 400;

type RelativeClass = Extract<PronounClass, `${string}-relative`>;

interface Context {
  readonly text: string;
  readonly sentences: readonly Span[];
  readonly mentions: readonly FoundMention[];
}

interface Candidate {
  readonly cluster: NameCluster;
  readonly index: number;
  /** Text between it and the pronoun. */
  readonly between: string;
}

/** Types that a relative pronoun may stand for: right before it, and farther away. */
const TYPES: Readonly<
  Record<RelativeClass, { readonly adjacent: readonly EntityType[]; readonly near: readonly EntityType[] }>
> = {
  'personal-relative': { adjacent: ['PER'], near: ['PER'] },
  'possessive-relative': { adjacent: ['PER', 'ORG', 'LOC', 'MISC'], near: ['PER', 'ORG'] },
  'other-relative': { adjacent: ['ORG', 'LOC', 'MISC', 'PER'], near: ['ORG', 'MISC', 'LOC'] },
  'place-relative': { adjacent: ['ORG', 'LOC', 'MISC'], near: ['ORG', 'LOC'] },
  // Anywhere but right behind a name it is a conjunction or points at something.
  'that-relative': { adjacent: ['ORG', 'LOC', 'MISC', 'PER'], near: [] },
};

const ADJACENT = /^[\s,(–—-]*(?:(?:of|in|to|for|with|from|by|at|on|through|under)\s+)?$/i;

/**
 * What "who", "whose", "which", "where" or "that" stands for: the nearest fitting mention before it in its sentence. Null where
 * the pronoun asks a question or belongs to a noun that is no mention ("his wife, who").
 */
export function relativeAntecedent(
  context: Context,
  clusterOf: readonly (NameCluster | null)[],
  index: number,
  kind: RelativeClass,
): NameCluster | null {
  const { adjacent, near } = TYPES[kind];
  const before = candidates(context, clusterOf, index);
  if (before === null) return null;
  const nearest = before.find(({ cluster, between }) =>
    ADJACENT.test(between)
      ? adjacent.includes(cluster.type)
      : between.length <= REACH && near.includes(cluster.type),
  );
  if (nearest)
    return kind === 'personal-relative' ? nearest.cluster : headOf(context, before, nearest).cluster;
  const first = before.findLast(({ cluster }) => near.includes(cluster.type));
  if (first) return first.cluster;
  // "The committee, who": only where no person could be meant.
  const group = before[0];
  return group?.cluster.type === 'ORG' && ADJACENT.test(group.between) ? group.cluster : null;
}

/** Resolved mentions of the sentence before the pronoun, nearest first; null where a noun comes between. */
function candidates(
  { text, mentions }: Context,
  clusterOf: readonly (NameCluster | null)[],
  index: number,
): Candidate[] | null {
  const pronoun = mentions[index] as FoundMention;
  const found: Candidate[] = [];
  for (let i = index - 1; i >= 0; i--) {
    const mention = mentions[i] as FoundMention;
    if (mention.sentence !== pronoun.sentence || pronoun.start - mention.end > SUBJECT_REACH) break;
    const between = text.slice(mention.end, pronoun.start);
    if (mention.type === 'PRON') {
      const surface = spanText(text, mention);
      if (isPossessive(surface) && isRelativeOf(between)) return null;
      if (!isPersonal(surface)) continue;
    } else {
      // "Anna Weiss, Keller's wife, who": whoever stands before the possessor is described.
      const possessive = /^['’]s?(?=\s)/u.exec(between);
      if (possessive && isRelativeOf(between.slice(possessive[0].length))) {
        const previous = mentions[i - 1];
        const described = previous && /^,\s+$/.test(text.slice(previous.end, mention.start));
        if (!described) return null;
        continue;
      }
    }
    const cluster = clusterOf[i];
    if (cluster) found.push({ cluster, index: i, between });
  }
  return found;
}

/** Of "the museum in Graz, which" the museum; only over a comma, as "the town in Styria which" needs none. */
function headOf({ text, mentions }: Context, before: readonly Candidate[], nearest: Candidate): Candidate {
  if (nearest.cluster.type !== 'LOC' || !/^\s*,/.test(nearest.between)) return nearest;
  const head = before[before.indexOf(nearest) + 1];
  if (!head || (head.cluster.type !== 'ORG' && head.cluster.type !== 'LOC')) return nearest;
  const [from, to] = [mentions[head.index] as FoundMention, mentions[nearest.index] as FoundMention];
  return /^\s+(?:of|in|at|near)\s+(?:the\s+)?$/i.test(text.slice(from.end, to.start)) ? head : nearest;
}

function isPersonal(surface: string): boolean {
  return /^(?:he|she|him|her|they|them|it)$/i.test(surface);
}

function isPossessive(surface: string): boolean {
  return /^(?:his|her|its|their|my|our|whose)$/i.test(surface);
}
