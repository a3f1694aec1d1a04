import type { MentionType } from './mention-types.js';

/** What a pronoun's form says of what it stands for. */
export const PRONOUN_CLASSES = [
  'masculine',
  'feminine',
  'neuter',
  'plural',
  'personal-relative',
  'other-relative',
  'possessive-relative',
  'place-relative',
  'that-relative',
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
  'place-relative': 'where',
  'that-relative': 'that',
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
 * The type under which a mention passes the predicates' gates: a pronoun is a person where its form says so, else
 * PRON. What it was resolved to does not count, for the model reads the sentence better than the resolution does:
 * where the two disagree, the resolution gives way (`extraction/related-apart.ts`).
 */
export function gateType(type: MentionType, surface: string): MentionType {
  if (type !== 'PRON') return type;
  const kind = pronounClass(surface);
  return kind === 'masculine' || kind === 'feminine' || kind === 'first-singular' ? 'PER' : 'PRON';
}
