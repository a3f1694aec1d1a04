import { NeighborKbError, type FieldPath } from '../../domain/errors.js';
import type { PredicateSchema } from '../../domain/predicates.js';

/** One side of a fact. */
export interface FactEntity {
  /** Equal for the same entity in every fact: an IRI, a store's id, else its name. */
  readonly key: string;
  /** Name and aliases; at least one. */
  readonly names: readonly string[];
  /** One of the schema's entity types; absent: what its predicates ask for. */
  readonly type?: string | undefined;
}

/** What a fact source says: no sentence, only that it holds. */
export interface Fact {
  readonly subject: FactEntity;
  readonly predicate: string;
  readonly object: FactEntity;
  /** Where it stands, for errors: file and line. */
  readonly place: FieldPath;
}

/** An entity of the facts with everything that they say of it. */
export interface KnownEntity {
  readonly names: ReadonlySet<string>;
  readonly type: string;
}

/** What facts may say. */
export interface FactRules {
  readonly schema: PredicateSchema;
  /** Labels of an encoder beside those of the schema. */
  readonly labels: readonly string[];
  /** Types that mentions may have: the encoder's. */
  readonly types: readonly string[];
}

interface Draft {
  readonly names: Set<string>;
  type: string | undefined;
  allowed: readonly string[] | null;
}

/** All facts, by their entities. */
export class FactBase {
  private readonly drafts: Draft[] = [];
  private readonly numbers = new Map<string, number>();
  /** `subject object` in numbers of entities -> predicates. */
  private readonly predicates = new Map<string, Set<string>>();
  private readonly labels: ReadonlySet<string>;
  private count = 0;

  private constructor(private readonly rules: FactRules) {
    this.labels = new Set([...rules.labels, ...rules.schema.predicates.map(({ id }) => id)]);
  }

  /**
   * Gathers facts. Both directions of a symmetric predicate hold.
   * @throws NeighborKbError INVALID_FILE naming place and predicate or type that nothing knows, INVALID_ARGUMENT where
   * there is no fact at all
   */
  static async of(facts: AsyncIterable<Fact>, rules: FactRules): Promise<FactBase> {
    const base = new FactBase(rules);
    for await (const fact of facts) base.add(fact);
    if (base.count === 0) throw new NeighborKbError('INVALID_ARGUMENT', 'there is no fact', ['facts']);
    return base;
  }

  /** Number of facts that differ. */
  get size(): number {
    return this.count;
  }

  /** By their numbers. */
  entities(): readonly KnownEntity[] {
    return this.drafts.map(({ names, type, allowed }) => ({ names, type: type ?? this.typeAmong(allowed) }));
  }

  /** Predicates that hold between two entities, by their numbers. */
  between(subject: number, object: number): ReadonlySet<string> {
    return this.predicates.get(`${subject} ${object}`) ?? NONE;
  }

  private add({ subject, predicate, object, place }: Fact): void {
    if (!this.labels.has(predicate))
      throw new NeighborKbError(
        'INVALID_FILE',
        `${place.join(':')}: ${predicate} is no predicate of the schema`,
        [...place, 'predicate'],
      );
    const known = this.rules.schema.get(predicate);
    const one = this.numberOf(subject, known?.subjectTypes, [...place, 'subject_type']);
    const other = this.numberOf(object, known?.objectTypes, [...place, 'object_type']);
    this.relate(one, predicate, other);
    if (known?.symmetric) this.relate(other, predicate, one);
  }

  private relate(subject: number, predicate: string, object: number): void {
    const key = `${subject} ${object}`;
    const own = this.predicates.get(key) ?? new Set<string>();
    if (!own.has(predicate)) this.count++;
    this.predicates.set(key, own.add(predicate));
  }

  /** Number of an entity; what it may be narrows with every fact that names it. */
  private numberOf(
    { key, names, type }: FactEntity,
    allowed: readonly string[] | undefined,
    place: FieldPath,
  ): number {
    if (type !== undefined && !this.rules.types.includes(type))
      throw new NeighborKbError(
        'INVALID_FILE',
        `${place.join(':')}: ${type} is no mention type of the encoder; it knows ${this.rules.types.join(', ')}`,
        place,
      );
    let number = this.numbers.get(key);
    if (number === undefined) {
      number = this.drafts.push({ names: new Set(), type, allowed: null }) - 1;
      this.numbers.set(key, number);
    }
    const draft = this.drafts[number] as Draft;
    draft.type ??= type;
    for (const name of names) draft.names.add(name);
    if (allowed) {
      const before = draft.allowed;
      const both = before === null ? allowed : allowed.filter((one) => before.includes(one));
      // Facts that contradict one another about a type leave it as it was.
      if (both.length > 0) draft.allowed = both;
    }
    return number;
  }

  private typeAmong(allowed: readonly string[] | null): string {
    const { types } = this.rules;
    return (
      allowed?.find((type) => types.includes(type)) ?? types.find((type) => type === 'MISC') ?? types[0] ?? ''
    );
  }
}

const NONE: ReadonlySet<string> = new Set();
