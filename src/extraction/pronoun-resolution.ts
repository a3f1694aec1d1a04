import type { EntityType } from '../domain/mention-types.js';
import { spanText, type Span } from '../domain/offsets.js';
import { pronounClass, type PronounClass } from '../domain/pronouns.js';
import { sameGender, type Gender } from './gender.js';
import { mentionWeight } from './mention-weight.js';
import type { FoundMention } from './mentions.js';
import type { NameCluster } from './name-clusters.js';
import { isPleonastic } from './pleonastic.js';
import { relativeAntecedent } from './relative-pronouns.js';
import { isRelativeOf } from './relatives.js';
import { Salience } from './salience.js';

interface Context {
  readonly text: string;
  readonly sentences: readonly Span[];
  readonly mentions: readonly FoundMention[];
  /** By index of a pronoun: mentions that it cannot stand for. */
  readonly apart?: ReadonlyMap<number, ReadonlySet<number>>;
}

/** How much more an entity stands out that the title names. */
const TITLED = 60;

/** Types that a pronoun of a class may stand for, best first; what is not listed it cannot. */
const TYPES: Readonly<Partial<Record<PronounClass, readonly EntityType[]>>> = {
  masculine: ['PER'],
  feminine: ['PER'],
  neuter: ['ORG', 'MISC', 'LOC'],
  plural: ['ORG', 'MISC', 'PER', 'LOC'],
};
/** What a candidate keeps of its salience for each place that its type has in the list. */
const TYPE_DISCOUNT = 0.6;

/**
 * Adds to the clusters of names what the pronouns of a document stand for.
 *
 * @param clusterOf by mention: the cluster of a name, null for pronouns
 * @param main whom or what the title names
 * @returns by mention: its cluster, null for a pronoun that nothing resolves
 */
export function resolvePronouns(
  context: Context,
  clusters: readonly NameCluster[],
  clusterOf: readonly (NameCluster | null)[],
  main: NameCluster | null,
): (NameCluster | null)[] {
  return new PronounResolution(context, clusters, [...clusterOf], main).run();
}

class PronounResolution {
  private readonly salience = new Salience();
  private readonly genders = new Map<NameCluster, Gender>();
  /** The only person of the document, once mentioned. */
  private readonly onlyPerson: NameCluster | null;

  constructor(
    private readonly context: Context,
    clusters: readonly NameCluster[],
    private readonly clusterOf: (NameCluster | null)[],
    private readonly main: NameCluster | null,
  ) {
    for (const cluster of clusters) if (cluster.gender) this.genders.set(cluster, cluster.gender);
    const persons = clusters.filter(({ type }) => type === 'PER');
    this.onlyPerson = persons.length === 1 ? (persons[0] ?? null) : null;
  }

  run(): (NameCluster | null)[] {
    const { mentions } = this.context;
    for (let index = 0; index < mentions.length; index++) {
      const mention = mentions[index] as FoundMention;
      if (mention.type === 'PRON') {
        const found = this.resolve(index, mention);
        this.clusterOf[index] = found && this.keptApart(index).has(found) ? null : found;
      }
      const cluster = this.clusterOf[index];
      if (cluster) this.salience.raise(cluster, mention.sentence, mentionWeight(this.context, index));
    }
    return this.clusterOf;
  }

  private resolve(index: number, mention: FoundMention): NameCluster | null {
    const surface = spanText(this.context.text, mention);
    const kind = pronounClass(surface);
    switch (kind) {
      case 'masculine':
      case 'feminine':
        return this.person(index, mention, kind);
      case 'neuter':
        return this.thing(index, mention);
      case 'plural':
        return this.group(index, mention);
      case 'personal-relative':
      case 'other-relative':
      case 'possessive-relative':
      case 'place-relative':
      case 'that-relative':
        return relativeAntecedent(this.context, this.clusterOf, index, kind);
      case 'first-plural':
        return this.main?.type === 'ORG' ? this.main : null;
      case 'first-singular':
      case null:
        return null;
    }
  }

  private person(index: number, mention: FoundMention, gender: Gender): NameCluster | null {
    const cluster =
      this.best(index, mention, gender) ??
      this.ahead(index, mention, gender) ??
      this.fallback(index, mention, gender);
    if (cluster && !this.genders.has(cluster)) this.genders.set(cluster, gender);
    return cluster;
  }

  private thing(index: number, mention: FoundMention): NameCluster | null {
    if (isPleonastic(this.context.text, mention)) return null;
    const title = this.main?.type === 'ORG' ? this.main : null;
    return this.best(index, mention, 'neuter') ?? this.ahead(index, mention, 'neuter') ?? title;
  }

  /** Without an antecedent: whom the title names, or the only person that the document knows. */
  private fallback(index: number, mention: FoundMention, gender: Gender): NameCluster | null {
    if (this.main?.type === 'PER' && this.agrees(this.main, gender)) return this.main;
    const only = this.onlyPerson;
    const first = only?.mentions[0];
    if (!only || !first || !this.agrees(only, gender) || this.excluded(index, mention).has(only)) return null;
    if (first.position < mention.start) return only;
    // Named after the pronoun: "he holds a passport under the name ..."; not "she was a daughter of ...".
    const sentence = this.context.sentences[mention.sentence] as Span;
    if (first.position > sentence.end) return null;
    const surface = spanText(this.context.text, mention);
    const before = this.context.text.slice(Math.max(mention.end, first.position - 20), first.position);
    return /^(?:his|her)$/i.test(surface) || /\b(?:as|names?|named|called)\s+$/i.test(before) ? only : null;
  }

  /** "They" stands for an organisation; for a person only where no two of them could be meant. */
  private group(index: number, mention: FoundMention): NameCluster | null {
    const cluster = this.best(index, mention, 'plural');
    if (cluster?.type !== 'PER') return cluster;
    const people = this.salience.present(mention.sentence).filter(({ type }) => type === 'PER');
    return people.length === 1 ? cluster : null;
  }

  /** The most salient entity that a pronoun of this class may stand for. */
  private best(index: number, mention: FoundMention, kind: PronounClass): NameCluster | null {
    const types = TYPES[kind] ?? [];
    const excluded = this.excluded(index, mention);
    const attached = this.attached(index, mention);
    if (attached && types.includes(attached.type) && this.agrees(attached, kind)) return attached;
    let best: NameCluster | null = null;
    let bestScore = 0;
    for (const cluster of this.salience.present(mention.sentence)) {
      const place = types.indexOf(cluster.type);
      if (place < 0 || excluded.has(cluster) || !this.agrees(cluster, kind)) continue;
      const extra = cluster === this.main ? TITLED : 0;
      const score = (this.salience.of(cluster, mention.sentence) + extra) * TYPE_DISCOUNT ** place;
      if (score > bestScore) [best, bestScore] = [cluster, score];
    }
    return best;
  }

  /** "Keller and his wife", "the bank, itself a ...": the name right before. */
  private attached(index: number, mention: FoundMention): NameCluster | null {
    const { text, mentions } = this.context;
    const previous = mentions[index - 1];
    if (!previous || previous.sentence !== mention.sentence) return null;
    const between = text.slice(previous.end, mention.start);
    const pattern = /self$/i.test(spanText(text, mention)) ? /^,?\s+$/ : /^\s+(?:and|or)\s+$/;
    const isPossessive = /^(?:his|her|its|their|\w+self)$/i.test(spanText(text, mention));
    return isPossessive && pattern.test(between) ? (this.clusterOf[index - 1] ?? null) : null;
  }

  private agrees(cluster: NameCluster, kind: PronounClass): boolean {
    if (kind !== 'masculine' && kind !== 'feminine') return true;
    return sameGender(this.genders.get(cluster) ?? null, kind);
  }

  /** "After his return, Keller ...": a name behind the comma that ends the phrase with the pronoun. */
  private ahead(index: number, mention: FoundMention, kind: Gender | 'neuter'): NameCluster | null {
    const { text, mentions } = this.context;
    const excluded = this.excluded(index, mention);
    for (let i = index + 1; i < mentions.length; i++) {
      const name = mentions[i] as FoundMention;
      if (name.sentence !== mention.sentence) return null;
      const cluster = this.clusterOf[i];
      const wanted = kind === 'neuter' ? 'ORG' : 'PER';
      if (cluster?.type !== wanted || excluded.has(cluster) || !this.agrees(cluster, kind)) continue;
      return /,\s*(?:the\s+)?$/i.test(text.slice(mention.end, name.start)) ? cluster : null;
    }
    return null;
  }

  /** What the pronoun was found to be related to: nobody is his own son. */
  private keptApart(index: number): Set<NameCluster> {
    const clusters = [...(this.context.apart?.get(index) ?? [])].map((other) => this.clusterOf[other]);
    return new Set(clusters.filter((cluster) => cluster !== null && cluster !== undefined));
  }

  /** What the pronoun cannot stand for: what it is kept apart from, the relative that it introduces, the subject of its own verb. */
  private excluded(index: number, mention: FoundMention): ReadonlySet<NameCluster> {
    const { text, mentions } = this.context;
    const excluded = this.keptApart(index);
    const next = mentions[index + 1];
    if (next && next.sentence === mention.sentence) {
      const relative = this.clusterOf[index + 1];
      if (relative && isRelativeOf(text.slice(mention.end, next.start))) excluded.add(relative);
    }
    const previous = mentions[index - 1];
    const cluster = this.clusterOf[index - 1];
    if (!previous || !cluster) return excluded;
    const between = text.slice(previous.end, mention.start);
    // "With whom he had": not himself.
    if (/^\s+$/.test(between) && /^whom?$/i.test(spanText(text, previous))) excluded.add(cluster);
    const isObject = /^(?:him|them)$/i.test(spanText(text, mention));
    if (isObject && previous.sentence === mention.sentence)
      if (FEW_WORDS.test(between) && !CLAUSE_WORD.test(between)) excluded.add(cluster);
    return excluded;
  }
}

const FEW_WORDS = /^(?:\s+[\p{L}-]+){1,4}\s+$/u;
const CLAUSE_WORD =
  /\b(?:and|but|or|that|who|when|while|because|although|where|which|as|if|since|until|so)\b/i;
