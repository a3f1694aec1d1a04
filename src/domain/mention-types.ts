/** Types of mentions. PRON is a pronoun that stands for an entity of another type. */
export const MENTION_TYPES = ['PER', 'ORG', 'LOC', 'TIME', 'NUM', 'MISC', 'PRON'] as const;
export type MentionType = (typeof MENTION_TYPES)[number];

/** Types of entities: what a mention refers to is never a pronoun. */
export const ENTITY_TYPES = ['PER', 'ORG', 'LOC', 'TIME', 'NUM', 'MISC'] as const;
export type EntityType = (typeof ENTITY_TYPES)[number];

export function isMentionType(value: unknown): value is MentionType {
  return (MENTION_TYPES as readonly unknown[]).includes(value);
}
