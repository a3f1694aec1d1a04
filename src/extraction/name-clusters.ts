import { normaliseName } from '../domain/identity.js';
import type { EntityType } from '../domain/mention-types.js';
import type { NormalisedDate } from '../domain/model.js';
import { identifyingName } from '../domain/name-forms.js';
import { normaliseDate } from './dates.js';
import { genderOfName, sameGender, type Gender } from './gender.js';
import {
  fullestName,
  initialsOf,
  personWords,
  shortensOrganisation,
  shortensPerson,
  type NameShape,
} from '../domain/name-shapes.js';

/** Position of a name in the title: before the text. */
export const TITLE_POSITION = -1;

/** A name as it stands in the document. */
export interface NameMention {
  readonly type: EntityType;
  readonly surface: string;
  /** Start in the text, ascending; or TITLE_POSITION. */
  readonly position: number;
  /** What the words around it tell of a person. */
  readonly gender: Gender | null;
  /** Told as a relative of somebody else: "her father, Max Noether". */
  readonly isRelative: boolean;
  /** The name right before it, where this one stands in parentheses behind it. */
  readonly glosses: NameMention | null;
}

/** Names of one document that stand for the same entity. */
export interface NameCluster {
  readonly type: EntityType;
  /** The fullest name; for a date its ISO form. */
  readonly name: string;
  readonly date: NormalisedDate | null;
  readonly gender: Gender | null;
  readonly mentions: readonly NameMention[];
}

/** All mentions of one type that have the same identifying name. */
interface Form extends NameShape {
  readonly type: EntityType;
  readonly date: NormalisedDate | null;
  readonly mentions: NameMention[];
  gender: Gender | null;
}

/** Gathers the names of a document into clusters, one per entity, by first mention. */
export function clusterNames(mentions: readonly NameMention[]): NameCluster[] {
  const forms = formsOf(mentions);
  const fuller = new FullerForms(forms);
  const members = new Map<Form, NameMention[]>();
  for (const form of forms)
    for (const mention of form.mentions) append(members, fuller.of(form, mention), mention);
  return [...members]
    .map(([form, own]) => clusterOf(form, own))
    .sort((a, b) => (a.mentions[0] as NameMention).position - (b.mentions[0] as NameMention).position);
}

function clusterOf(form: Form, mentions: NameMention[]): NameCluster {
  mentions.sort((a, b) => a.position - b.position);
  const gender = form.gender ?? mentions.find((mention) => mention.gender !== null)?.gender ?? null;
  const name =
    form.date?.iso ??
    fullestName(
      form.type,
      mentions.map(({ surface }) => surface),
    );
  return { type: form.type, name, date: form.date, gender, mentions };
}

function formsOf(mentions: readonly NameMention[]): Form[] {
  const forms = new Map<string, Form>();
  const formOfSurface = new Map<string, Form>();
  for (const mention of mentions) {
    const { type, surface } = mention;
    const known = formOfSurface.get(`${type} ${surface}`);
    if (known) {
      known.mentions.push(mention);
      known.gender ??= mention.gender;
      continue;
    }
    const date = type === 'TIME' ? normaliseDate(surface) : null;
    const name = identifyingName(type, normaliseName(surface));
    const key = `${type} ${date?.iso ?? name}`;
    let form = forms.get(key);
    if (!form) {
      const all = name.split(' ');
      const words = type === 'PER' ? personWords(all) : all;
      form = { type, words, isTitled: words.length < all.length, date, mentions: [], gender: null };
      forms.set(key, form);
    }
    form.mentions.push(mention);
    form.gender ??= mention.gender;
    formOfSurface.set(`${type} ${surface}`, form);
  }
  for (const form of forms.values()) if (form.type === 'PER') form.gender ??= genderOfName(form.words);
  return [...forms.values()];
}

/** A shortened name that so many could bear tells nothing. */
const MAX_CANDIDATES = 64;

/** Finds for shortened names the fuller ones that they may stand for; look-ups by the words of a name. */
class FullerForms {
  /** Forms of two words and more by type and first word, and for persons also by each other word. */
  private readonly byWord = new Map<string, Form[]>();
  private readonly byInitials = new Map<string, Form[]>();
  private readonly candidates = new Map<Form, readonly Form[]>();

  constructor(forms: readonly Form[]) {
    for (const form of forms) {
      if ((form.words.length < 2 && !form.isTitled) || form.type === 'TIME' || form.type === 'NUM') continue;
      const words = form.type === 'PER' ? form.words : form.words.slice(0, 1);
      for (const word of new Set(words)) append(this.byWord, `${form.type} ${word}`, form);
      for (const initials of initialsOf(form.words)) append(this.byInitials, initials, form);
    }
    for (const form of forms) this.candidates.set(form, this.likelyCandidates(form));
  }

  /** The form that this mention of `form` stands for: itself where no fuller one fits, or several do. */
  of(form: Form, mention: NameMention): Form {
    const seen = new Set<Form>([form]);
    let current = form;
    for (;;) {
      const next = this.nearest(current, mention);
      if (!next || seen.has(next)) return current;
      seen.add(next);
      current = next;
    }
  }

  private nearest(form: Form, mention: NameMention): Form | null {
    const candidates = (this.candidates.get(form) ?? []).filter((candidate) =>
      sameGender(candidate.gender, mention.gender),
    );
    if (candidates.length < 2) return candidates[0] ?? null;
    let best: Form | null = null;
    let bestPosition = -Infinity;
    for (const candidate of candidates) {
      if (candidate.mentions[0]?.position === TITLE_POSITION) return candidate;
      const position = lastBefore(candidate.mentions, mention.position);
      if (position > bestPosition) [best, bestPosition] = [candidate, position];
    }
    return best;
  }

  /** Forms that a form may stand for, the same for all its mentions but for gender. */
  private likelyCandidates(form: Form): readonly Form[] {
    const candidates = this.candidatesOf(form);
    if (candidates.length === 0 || candidates.length > MAX_CANDIDATES) return [];
    const glossed = form.mentions.find(({ glosses }) => glosses !== null)?.glosses;
    const target = glossed && candidates.find((candidate) => candidate.mentions.includes(glossed));
    if (target) return [target];
    // A surname alone means whom the text is about, not the relative who was named on the way.
    const own = candidates.filter(({ mentions }) => !mentions.every(({ isRelative }) => isRelative));
    return own.length > 0 ? own : candidates;
  }

  private candidatesOf(form: Form): readonly Form[] {
    const { type, words } = form;
    const first = words[0] as string; // a name has at least one word
    if (type === 'TIME' || type === 'NUM') return [];
    const isAcronym = words.length === 1 && /^\p{Lu}{2,8}$/u.test(letters(form));
    const spelledOut = isAcronym
      ? (this.byInitials.get(first) ?? []).filter((full) => mayAbbreviate(form, full))
      : [];
    if (spelledOut.length > 0) return spelledOut;
    const sharing = this.byWord.get(`${type} ${type === 'PER' ? (words.at(-1) as string) : first}`) ?? [];
    if (type === 'PER') return maximal(sharing.filter((full) => shortensPerson(form, full)));
    return type === 'ORG' ? sharing.filter((full) => shortensOrganisation(words, full.words)) : [];
  }
}

/** An acronym stands for names of its own type, and for a name of another that it glosses. */
function mayAbbreviate(acronym: Form, full: Form): boolean {
  if (full.type === 'PER') return false;
  return (
    acronym.type === full.type ||
    acronym.mentions.some(({ glosses }) => glosses !== null && full.mentions.includes(glosses))
  );
}

/** Forms that no other of them is the fuller form of: "J. Bach" and "Johann Bach" are one candidate. */
function maximal(forms: readonly Form[]): readonly Form[] {
  if (forms.length < 2 || forms.length > 20) return forms;
  return forms.filter((form) => !forms.some((other) => shortensPerson(form, other)));
}

function letters(form: Form): string {
  return (form.mentions[0]?.surface ?? '').replace(/[^\p{L}]/gu, '');
}

/** Position of the last mention before `position`, -Infinity if there is none; mentions ascending. */
function lastBefore(mentions: readonly NameMention[], position: number): number {
  let low = 0;
  let high = mentions.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((mentions[middle] as NameMention).position < position) low = middle + 1;
    else high = middle;
  }
  return mentions[low - 1]?.position ?? -Infinity;
}

function append<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}
