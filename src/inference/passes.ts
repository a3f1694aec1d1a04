import { NeighborKbError } from '../domain/errors.js';
import type { PairsOfSentence } from './ports.js';
import { Int64Tensor, type Feeds } from './tensors.js';
import type { SpecialTokens, TokenisedText } from './tokenizer.js';
import { excerptFor, type Excerpt } from './excerpts.js';

/** Tokens that a pair adds behind the text: subject start and end, object start and end. */
const MARKERS_PER_PAIR = 4;

/** Token ids of the markers that begin and end a mention of a type in a role, by type. */
export type MarkerIds = Readonly<
  Record<'subject' | 'object', ReadonlyMap<string, readonly [number, number]>>
>;

/** First and last piece of a mention, counted in the pass's excerpt. */
interface MentionPieces {
  readonly first: number;
  readonly last: number;
}

interface PairOfPass {
  /** Position of the pair in its sentence's `pairs`. */
  readonly pair: number;
  readonly subject: MentionPieces & { readonly type: string };
  readonly object: MentionPieces & { readonly type: string };
}

/**
 * One row of the encoder: `[CLS] pieces [SEP]`, then four markers a pair at the positions of its mentions' first
 * and last pieces. The text sees the text alone; a pair's markers see the text and one another.
 */
export interface Pass {
  readonly sentence: number;
  readonly text: TokenisedText;
  readonly excerpt: Excerpt;
  readonly pairs: readonly PairOfPass[];
  /** Tokens of the row. */
  readonly length: number;
}

export interface PassLimits {
  /** Most pieces of a text beside [CLS] and [SEP]. */
  readonly capacity: number;
  readonly maxPairs: number;
  /** Types that the encoder has markers for. */
  readonly mentionTypes: readonly string[];
}

/** @throws NeighborKbError MODEL_CORRUPT naming a marker that the card lacks */
export function markerIds(
  markers: Readonly<Record<string, number>>,
  mentionTypes: readonly string[],
): MarkerIds {
  const id = (name: string): number => {
    const found = markers[name];
    if (found === undefined)
      throw new NeighborKbError('MODEL_CORRUPT', `the card has no marker ${name}`, [
        'card.json',
        'markers',
        name,
      ]);
    return found;
  };
  const ofRole = (role: string) =>
    new Map(
      mentionTypes.map((type) => [type, [id(`${role}:${type}:start`), id(`${role}:${type}:end`)] as const]),
    );
  return { subject: ofRole('S'), object: ofRole('O') };
}

/**
 * The passes of one sentence. Pairs are dealt out evenly over as few passes as hold them; a text that is too long
 * is cut to an excerpt around each pair, and pairs of one excerpt share passes.
 *
 * @throws NeighborKbError INVALID_MENTION for a mention of a pair that covers no word or has an unknown type, INVALID_ARGUMENT for a pair
 * of a mention that there is not; both with a path inside the sentence
 */
export function passesOf(
  sentence: number,
  { mentions, pairs }: PairsOfSentence,
  text: TokenisedText,
  { capacity, maxPairs, mentionTypes }: PassLimits,
): Pass[] {
  const endOf = placedEnds(mentions, pairs, text, mentionTypes);
  const byExcerpt = new Map<string, { excerpt: Excerpt; pairs: PairOfPass[] }>();
  for (let pair = 0; pair < pairs.length; pair++) {
    const subject = endOf(pair, 'subject');
    const object = endOf(pair, 'object');
    const excerpt = excerptFor(text.length, capacity, subject, object);
    const group = byExcerpt.get(excerpt.key) ?? { excerpt, pairs: [] };
    byExcerpt.set(excerpt.key, group);
    group.pairs.push({
      pair,
      subject: { ...excerpt.place(subject), type: subject.type },
      object: { ...excerpt.place(object), type: object.type },
    });
  }
  return [...byExcerpt.values()].flatMap((group) => {
    const count = Math.ceil(group.pairs.length / maxPairs);
    return Array.from({ length: count }, (_, part) => {
      const own = group.pairs.filter((_, index) => index % count === part);
      const length = group.excerpt.length + 2 + MARKERS_PER_PAIR * own.length;
      return { sentence, text, excerpt: group.excerpt, pairs: own, length };
    });
  });
}

/** Where an end of a pair stands among the text's pieces. It throws what `passesOf` throws. */
function placedEnds(
  mentions: PairsOfSentence['mentions'],
  pairs: PairsOfSentence['pairs'],
  text: TokenisedText,
  mentionTypes: readonly string[],
): (pair: number, role: 'subject' | 'object') => PairOfPass['subject'] {
  const pieces = mentions.map((mention) => text.piecesOf(mention));
  return (pair, role) => {
    const index = pairs[pair]?.[role] ?? -1;
    const mention = mentions[index];
    if (!mention)
      throw new NeighborKbError('INVALID_ARGUMENT', `pair ${pair} has no mention ${index}`, [
        'pairs',
        pair,
        role,
      ]);
    const covered = pieces[index];
    if (!covered)
      throw new NeighborKbError(
        'INVALID_MENTION',
        `the mention at ${mention.start}..${mention.end} covers no word`,
        ['mentions', index],
      );
    if (!mentionTypes.includes(mention.type))
      throw new NeighborKbError(
        'INVALID_MENTION',
        `${mention.type} is no mention type of the encoder; it knows ${mentionTypes.join(', ')}`,
        ['mentions', index, 'type'],
      );
    return { ...covered, type: mention.type };
  };
}

/** The graph's inputs for some passes: rows x length of the longest, the rest padding (segment -1). */
export function feedsOf(passes: readonly Pass[], markers: MarkerIds, special: SpecialTokens): Feeds {
  const width = Math.max(...passes.map(({ length }) => length));
  const count = passes.reduce((total, { pairs }) => total + pairs.length, 0);
  const [ids, casing, positions, segments] = Array.from(
    { length: 4 },
    () => new Int64Tensor([passes.length, width]),
  ) as [Int64Tensor, Int64Tensor, Int64Tensor, Int64Tensor];
  const [batch, subjects, objects] = Array.from({ length: 3 }, () => new Int64Tensor([count])) as [
    Int64Tensor,
    Int64Tensor,
    Int64Tensor,
  ];
  let pairIndex = 0;
  for (const [row, pass] of passes.entries()) {
    const offset = row * width;
    writeText(pass, offset, special, { ids, casing, positions });
    let token = pass.excerpt.length + 2;
    for (const [group, { subject, object }] of pass.pairs.entries()) {
      batch.set(pairIndex, row);
      subjects.set(pairIndex, token);
      objects.set(pairIndex, token + 2);
      pairIndex++;
      for (const [role, mention] of [
        ['subject', subject],
        ['object', object],
      ] as const)
        for (const [side, piece] of [mention.first, mention.last].entries()) {
          ids.set(offset + token, markers[role].get(mention.type)?.[side] as number);
          // +1: [CLS] stands at position 0.
          positions.set(offset + token, piece + 1);
          segments.set(offset + token, group + 1);
          token++;
        }
    }
    for (; token < width; token++) {
      ids.set(offset + token, special.pad);
      segments.set(offset + token, -1);
    }
  }
  return {
    input_ids: ids.message(),
    casing_ids: casing.message(),
    position_ids: positions.message(),
    segments: segments.message(),
    pair_batch: batch.message(),
    pair_subject: subjects.message(),
    pair_object: objects.message(),
  };
}

function writeText(
  { text, excerpt }: Pass,
  offset: number,
  special: SpecialTokens,
  { ids, casing, positions }: { ids: Int64Tensor; casing: Int64Tensor; positions: Int64Tensor },
): void {
  ids.set(offset, special.cls);
  let token = 1;
  for (const { first, last } of excerpt.ranges)
    for (let piece = first; piece <= last; piece++, token++) {
      ids.set(offset + token, text.ids[piece] as number);
      casing.set(offset + token, text.casing[piece] as number);
      positions.set(offset + token, token);
    }
  ids.set(offset + token, special.sep);
  positions.set(offset + token, token);
}
