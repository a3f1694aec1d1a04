import type { EntityType, MentionType } from './mention-types.js';

/** What a pronoun's form says of what it stands for. */
export const PRONOUN_CLASSES = [
  'masculine',
  'feminine',
  'neuter',
  'plural',
  'personal-relative',
  'other-relative',
  'possessive-relative',
  'first-singular',
  'first-plural',
] as const;
export type PronounClass = (typeof PRONOUN_CLASSES)[number];

const FORMS: Readonly<Record<PronounClass, string>> = {
  masculine: 'he him his himself',
  feminine: 'she her hers herself',
  neuter: 'it its itself',
  plural: 'they them their theirs themselves',
  'personal-relative': 'who whom',
  'other-relative': 'which',
  'possessive-relative': 'whose',
  'first-singular': 'i me my mine myself',
  'first-plural': 'we us our ours ourselves',
};
const CLASS_OF: ReadonlyMap<string, PronounClass> = new Map(
  PRONOUN_CLASSES.flatMap((kind) => FORMS[kind].split(' ').map((form) => [form, kind] as const)),
);

/** Class of a pronoun's surface in any letter case; null for other words. */
export function pronounClass(surface: string): PronounClass | null {
  return CLASS_OF.get(surface.toLowerCase()) ?? null;
}

/**
 * The type under which a mention passes the predicates' gates: that of the entity where a pronoun was resolved,
 * a person's where its form says so, PRON where nothing is known.
 */
export function gateType(type: MentionType, surface: string, entity: EntityType | null): MentionType {
  if (type !== 'PRON') return type;
  if (entity !== null) return entity;
  const kind = pronounClass(surface);
  return kind === 'masculine' || kind === 'feminine' || kind === 'first-singular' ? 'PER' : 'PRON';
}
