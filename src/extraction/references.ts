import { entityId, type EntityId } from '../domain/identity.js';
import type { EntityType } from '../domain/mention-types.js';
import type { LocalEntity } from '../domain/model.js';
import { spanText, type Span } from '../domain/offsets.js';
import { genderOfContext } from './gender.js';
import type { FoundMention } from './mentions.js';
import { clusterNames, TITLE_POSITION, type NameCluster, type NameMention } from './name-clusters.js';
import { resolvePronouns } from './pronoun-resolution.js';
import { introducesRelative } from './relatives.js';

/** A name in the title of a document. */
export interface TitleMention extends Span {
  readonly type: EntityType;
}

export interface ReferenceInput {
  readonly text: string;
  readonly sentences: readonly Span[];
  /** Ascending, disjoint. */
  readonly mentions: readonly FoundMention[];
  readonly title: string | null;
  readonly titleMentions: readonly TitleMention[];
  /** By index of a pronoun: mentions that it cannot stand for, since a relation was found between the two. */
  readonly apart?: ReadonlyMap<number, ReadonlySet<number>>;
}

export interface References {
  readonly entities: readonly LocalEntity[];
  /** What each mention refers to; null for a pronoun that could not be resolved. */
  readonly entityOf: readonly (EntityId | null)[];
}

/**
 * Finds out which mentions of one document refer to the same entity: equal names, shortened names, acronyms and
 * pronouns. Entities come by their first mention; their ids depend on type and fullest name alone.
 */
export function resolveReferences(input: ReferenceInput): References {
  const names = nameMentions(input);
  const title = titleMention(input);
  const clusters = clusterNames(title ? [title, ...names.values()] : [...names.values()]);

  const clusterOfName = new Map(
    clusters.flatMap((cluster) => cluster.mentions.map((name) => [name, cluster])),
  );
  const clusterOf = input.mentions.map((_, index) => {
    const name = names.get(index);
    return name ? (clusterOfName.get(name) ?? null) : null;
  });
  const main = title ? (clusterOfName.get(title) ?? null) : null;
  const resolved = resolvePronouns(input, clusters, clusterOf, main);

  const entities = new Map<EntityId, LocalEntity>();
  const entityOf = resolved.map((cluster) => {
    if (!cluster) return null;
    const entity = entityOfCluster(cluster);
    if (!entities.has(entity.id)) entities.set(entity.id, entity);
    return entity.id;
  });
  return { entities: [...entities.values()], entityOf };
}

function entityOfCluster({ type, name, date }: NameCluster): LocalEntity {
  return { id: entityId(type, name), type, name, date };
}

/** The mentions that are names, by their index. */
function nameMentions({ text, sentences, mentions }: ReferenceInput): Map<number, NameMention> {
  const names = new Map<number, NameMention>();
  mentions.forEach((mention, index) => {
    if (mention.type === 'PRON') return;
    const sentence = sentences[mention.sentence] as Span; // every mention stands in a sentence
    const surface = spanText(text, mention);
    const previous = mentions[index - 1];
    const between = previous ? text.slice(previous.end, mention.start) : '';
    const inParentheses =
      /^\s*\(["“]?$/.test(between) && /^["”]?[),;]/.test(text.slice(mention.end, mention.end + 2));
    const before = text.slice(Math.max(sentence.start, mention.start - 100), mention.start);
    const isPerson = mention.type === 'PER';
    names.set(index, {
      type: mention.type,
      surface,
      position: mention.start,
      gender: isPerson ? genderOfContext(before, surface) : null,
      isRelative: isPerson && introducesRelative(before),
      glosses: inParentheses ? (names.get(index - 1) ?? null) : null,
    });
  });
  return names;
}

const MAIN_TYPES: readonly EntityType[] = ['PER', 'ORG'];

/** Whom or what the title names, if it names one person or organisation. */
function titleMention({ title, titleMentions }: ReferenceInput): NameMention | null {
  const [main, ...others] = titleMentions.filter(({ type }) => MAIN_TYPES.includes(type));
  if (title === null || !main || others.length > 0) return null;
  const surface = spanText(title, main);
  const gender = main.type === 'PER' ? genderOfContext(title.slice(0, main.start), surface) : null;
  return {
    type: main.type,
    surface,
    position: TITLE_POSITION,
    gender,
    isRelative: false,
    glosses: null,
  };
}
