import { z } from 'zod';
import { NeighborKbError } from './errors.js';
import { ENTITY_TYPES, type EntityType } from './mention-types.js';

/** The label of a pair that holds no relation of the schema. Trained, and a label that neighbours vote for. */
export const NIL = 'NIL';

const entityType = z.enum(ENTITY_TYPES);
const predicateShape = z.object({
  /** A Wikidata property where one fits, otherwise a name of one's own. */
  id: z
    .string()
    .regex(/^[A-Z][\w-]*$/)
    .refine((id) => id !== NIL, { message: `${NIL} is no predicate` }),
  name: z.string().min(1),
  description: z.string().min(1),
  /** Wikidata properties that this predicate stands for: `['P22', 'P25']` for child of. */
  covers: z.array(z.string()).min(1),
  /** Wikidata properties that say the same with subject and object exchanged. */
  inverses: z.array(z.string()),
  subjectTypes: z.array(entityType).min(1),
  objectTypes: z.array(entityType).min(1),
  symmetric: z.boolean(),
  /** The KnowledgeNet property that this predicate answers to. */
  knowledgeNet: z.string().optional(),
});
const schemaShape = z.object({
  version: z.number().int(),
  mentionTypes: z.array(z.string()),
  predicates: z.array(predicateShape).min(1),
});

export type Predicate = Readonly<z.infer<typeof predicateShape>>;

/** The closed set of predicates with their type gates. Wikidata properties, direction subject -> object. */
export class PredicateSchema {
  private readonly byId: ReadonlyMap<string, Predicate>;
  private readonly gate: ReadonlyMap<string, ReadonlySet<string>>;

  constructor(readonly predicates: readonly Predicate[]) {
    this.byId = new Map(predicates.map((predicate) => [predicate.id, predicate]));
    this.gate = buildGate(predicates);
  }

  /** @throws NeighborKbError INVALID_FILE naming the first field that is off. */
  static parse(json: unknown): PredicateSchema {
    const parsed = schemaShape.safeParse(json);
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      throw new NeighborKbError('INVALID_FILE', `predicate schema: ${issue?.message ?? 'malformed'}`, [
        ...(issue?.path ?? []).map((part) => (typeof part === 'symbol' ? String(part) : part)),
      ]);
    }
    const { predicates } = parsed.data;
    const twice = predicates.findIndex(({ id }, i) => predicates.findIndex((other) => other.id === id) < i);
    if (twice >= 0)
      throw new NeighborKbError('INVALID_FILE', `predicate schema: ${predicates[twice]?.id} comes twice`, [
        'predicates',
        twice,
        'id',
      ]);
    return new PredicateSchema(predicates);
  }

  get(id: string): Predicate | undefined {
    return this.byId.get(id);
  }

  has(id: string): boolean {
    return this.byId.has(id);
  }

  /** Ids of the predicates that a pair of these mention types may hold. A pronoun fits every entity type but TIME and NUM. */
  permitted(subject: string, object: string): ReadonlySet<string> {
    return this.gate.get(`${subject}>${object}`) ?? EMPTY;
  }
}

const EMPTY: ReadonlySet<string> = new Set();

/** What a pronoun can stand for. */
const PRONOUN_TYPES: readonly EntityType[] = ['PER', 'ORG', 'LOC', 'MISC'];

function buildGate(predicates: readonly Predicate[]): ReadonlyMap<string, ReadonlySet<string>> {
  const gate = new Map<string, Set<string>>();
  const widen = (types: readonly EntityType[]): string[] =>
    types.some((type) => PRONOUN_TYPES.includes(type)) ? [...types, 'PRON'] : [...types];
  for (const predicate of predicates)
    for (const subject of widen(predicate.subjectTypes))
      for (const object of widen(predicate.objectTypes)) {
        const key = `${subject}>${object}`;
        gate.set(key, (gate.get(key) ?? new Set()).add(predicate.id));
      }
  return gate;
}
