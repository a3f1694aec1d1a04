import { distance } from 'fastest-levenshtein';
import { formatExternalId } from '../domain/external-id.js';
import { normaliseName } from '../domain/identity.js';
import type { Entity } from '../domain/model.js';
import { identifyingName } from '../domain/name-forms.js';
import {
  initialsOf,
  personWords,
  shortensOrganisation,
  shortensPerson,
  type NameShape,
} from '../domain/name-shapes.js';

/** Why two entities may be one. */
export const DUPLICATE_REASONS = [
  'same-external-id',
  'same-name',
  'same-name-other-type',
  'abbreviation',
  'shortened-name',
  'spelling',
  'shared-neighbours',
] as const;
export type DuplicateReason = (typeof DUPLICATE_REASONS)[number];

/** One reason, in words that a curator can check. */
export interface DuplicateEvidence {
  readonly reason: DuplicateReason;
  /** Weight in (0, 1): a rule of thumb, not a probability. */
  readonly weight: number;
  /** `"MIT" abbreviates "Massachusetts Institute of Technology"` */
  readonly detail: string;
}

/** A name in the forms under which it is compared. */
interface ComparedName extends NameShape {
  readonly name: string;
  readonly joined: string;
}

/** An entity with all its names, prepared once. */
export interface NamedEntity {
  readonly entity: Entity;
  readonly names: readonly ComparedName[];
}

/** Most names of an entity that are compared: the canonical one and the most frequent others. */
const MAX_NAMES = 8;

export function namedEntity(entity: Entity, aliases: readonly string[]): NamedEntity {
  const compared = new Map<string, ComparedName>();
  for (const name of [entity.name, ...aliases.slice(0, MAX_NAMES - 1)]) {
    const joined = identifyingName(entity.type, normaliseName(name));
    const all = joined.split(' ');
    const words = entity.type === 'PER' ? personWords(all) : all;
    if (!compared.has(joined))
      compared.set(joined, { name, joined, words, isTitled: words.length < all.length });
  }
  return { entity, names: [...compared.values()] };
}

/** Words shorter than this block nothing by themselves. */
const SHORT = 2;
/** Letters at either end by which names that differ in spelling are brought together. */
const END_LENGTH = 6;
const MIN_SPELLING_LENGTH = 8;

/** Keys of which two entities must share one to be compared at all. */
export function blockingKeys({ entity, names }: NamedEntity): Set<string> {
  const keys = new Set<string>(entity.externalIds.map((id) => `x ${formatExternalId(id)}`));
  for (const { words, joined } of names) {
    for (const word of words) if (word.length >= SHORT) keys.add(`w ${word}`);
    keys.add(`n ${joined}`);
    for (const initials of initialsOf(words)) keys.add(`w ${initials}`);
    if (joined.length < MIN_SPELLING_LENGTH) continue;
    keys.add(`s ${joined.slice(0, END_LENGTH)}`).add(`e ${joined.slice(-END_LENGTH)}`);
  }
  return keys;
}

/** What the names and external ids of two entities say for their being one; empty where nothing does. */
export function compareNames(a: NamedEntity, b: NamedEntity): DuplicateEvidence[] {
  const found: DuplicateEvidence[] = [];
  const theirs = new Set(b.entity.externalIds.map(formatExternalId));
  const shared = a.entity.externalIds.map(formatExternalId).find((id) => theirs.has(id));
  if (shared !== undefined)
    found.push({ reason: 'same-external-id', weight: 0.95, detail: `both are ${shared}` });
  let best: DuplicateEvidence | null = null;
  for (const one of a.names)
    for (const other of b.names) {
      const evidence =
        a.entity.type === b.entity.type
          ? sameType(a.entity.type, one, other)
          : otherType(one, other, `${a.entity.type} and ${b.entity.type}`);
      if (evidence && (!best || evidence.weight > best.weight)) best = evidence;
    }
  if (best) found.push(best);
  return found;
}

function otherType(a: ComparedName, b: ComparedName, types: string): DuplicateEvidence | null {
  if (a.joined !== b.joined || !hasLetters(a)) return null;
  const weight = a.words.length > 1 ? 0.6 : 0.4;
  return { reason: 'same-name-other-type', weight, detail: `${quoted(a)} is a name of both, as ${types}` };
}

function sameType(type: Entity['type'], a: ComparedName, b: ComparedName): DuplicateEvidence | null {
  if (type === 'TIME' || type === 'NUM' || !hasLetters(a) || !hasLetters(b)) return null;
  if (a.joined === b.joined) {
    const weight = type === 'PER' && a.words.length === 1 ? 0.4 : 0.8;
    return { reason: 'same-name', weight, detail: `${quoted(a)} is a name of both` };
  }
  return shortened(type, a, b) ?? shortened(type, b, a) ?? spelling(a, b);
}

function shortened(type: Entity['type'], short: ComparedName, full: ComparedName): DuplicateEvidence | null {
  const detail = (verb: string) => `${quoted(short)} ${verb} ${quoted(full)}`;
  if (type === 'PER') {
    if (!shortensPerson(short, full)) return null;
    // A first name or surname alone could be anybody's; initials and left-out middle names say more.
    const weight = short.words.length === 1 ? 0.3 : 0.65;
    return { reason: 'shortened-name', weight, detail: detail('shortens') };
  }
  const [word = ''] = short.words;
  if (short.words.length === 1 && full.words.length > 1 && initialsOf(full.words).has(word))
    return { reason: 'abbreviation', weight: word.length > 2 ? 0.7 : 0.5, detail: detail('abbreviates') };
  return type === 'ORG' && shortensOrganisation(short.words, full.words)
    ? { reason: 'shortened-name', weight: 0.6, detail: detail('shortens') }
    : null;
}

/** One slip in eight letters is likely a slip; digits are never one. */
function spelling(a: ComparedName, b: ComparedName): DuplicateEvidence | null {
  const length = Math.min(a.joined.length, b.joined.length);
  const allowed = length >= 2 * MIN_SPELLING_LENGTH ? 2 : 1;
  if (length < MIN_SPELLING_LENGTH || Math.abs(a.joined.length - b.joined.length) > allowed) return null;
  if (digitsOf(a) !== digitsOf(b) || distance(a.joined, b.joined) > allowed) return null;
  return {
    reason: 'spelling',
    weight: 0.6,
    detail: `${quoted(a)} and ${quoted(b)} are spelled almost alike`,
  };
}

function digitsOf({ joined }: ComparedName): string {
  return joined.replace(/\D+/g, ' ').trim();
}

function hasLetters({ joined }: ComparedName): boolean {
  return /\p{L}/u.test(joined);
}

function quoted({ name }: ComparedName): string {
  return JSON.stringify(name);
}
