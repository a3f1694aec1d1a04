import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { DatasetFormat } from '../../datasets/ports.js';
import { NeighborKbError } from '../../domain/errors.js';
import { NIL, type PredicateSchema } from '../../domain/predicates.js';

/*
 * What a data set's names mean here. A file of one's own is JSON:
 *
 *   { "labels": { "per:employee_of": "P108", "org:founded": { "label": "P112", "inverse": true },
 *                 "per:alternate_names": "NIL", "per:charges": null, "*": "NIL" },
 *     "types": { "Peop": "PER", "*": "MISC" } }
 *
 * `inverse` exchanges subject and object; "NIL" says that a pair with this relation holds none of ours; null leaves
 * such pairs out altogether; "*" is what every other name means. A name that is not mapped stays as it is.
 */

const target = z.union([
  z.string().min(1),
  z.object({ label: z.string().min(1), inverse: z.boolean().default(false) }),
  z.null(),
]);
const mappingShape = z.strictObject({
  labels: z.record(z.string(), target).default({}),
  types: z.record(z.string(), z.string().min(1)).default({}),
});

const REST = '*';

/** What a relation of a data set is here. */
export interface MappedLabel {
  /** Null: pairs that hold it are neither examples nor NIL. */
  readonly label: string | null;
  /** Whether subject and object change places. */
  readonly inverse: boolean;
}

export class LabelMapping {
  private constructor(
    private readonly labels: ReadonlyMap<string, MappedLabel>,
    private readonly types: ReadonlyMap<string, string>,
  ) {}

  /** Every name means itself. */
  static readonly IDENTITY = new LabelMapping(new Map(), new Map());

  /** @throws NeighborKbError INVALID_FILE naming the field */
  static parse(json: unknown, file = 'mapping'): LabelMapping {
    const parsed = mappingShape.safeParse(json);
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      const field = (issue?.path ?? []).map((part) => (typeof part === 'symbol' ? String(part) : part));
      const reason = issue?.message ?? 'malformed';
      throw new NeighborKbError('INVALID_FILE', `${file}: ${field.join('.') || 'the document'}: ${reason}`, [
        file,
        ...field,
      ]);
    }
    const labels = Object.entries(parsed.data.labels).map(([name, to]): [string, MappedLabel] => {
      if (to === null) return [name, { label: null, inverse: false }];
      return [name, typeof to === 'string' ? { label: to, inverse: false } : to];
    });
    return new LabelMapping(new Map(labels), new Map(Object.entries(parsed.data.types)));
  }

  /** @throws NeighborKbError NOT_FOUND, INVALID_FILE naming the field */
  static async read(path: string): Promise<LabelMapping> {
    const text = await readFile(path, 'utf8').catch((cause: unknown) => {
      throw new NeighborKbError('NOT_FOUND', `${path}: there is no such file`, [path], { cause });
    });
    let json: unknown;
    try {
      json = JSON.parse(text);
    } catch (cause) {
      throw new NeighborKbError('INVALID_FILE', `${path} is not JSON`, [path], { cause });
    }
    return LabelMapping.parse(json, path);
  }

  /**
   * What the schema knows of a format: KnowledgeNet's properties by the predicates that answer to them, Wikidata
   * properties of DocRED by the predicates that cover them or say the same the other way round, all others NIL.
   */
  static ofFormat(format: DatasetFormat, { predicates }: PredicateSchema): LabelMapping {
    const labels = new Map<string, MappedLabel>();
    if (format === 'knowledgenet')
      for (const { id, knowledgeNet } of predicates)
        if (knowledgeNet !== undefined) labels.set(knowledgeNet, { label: id, inverse: false });
    if (format === 'docred') {
      for (const { id, covers, inverses } of predicates) {
        for (const property of covers) labels.set(property, { label: id, inverse: false });
        for (const property of inverses) labels.set(property, { label: id, inverse: true });
      }
      labels.set(REST, { label: NIL, inverse: false });
    }
    return labels.size === 0 ? LabelMapping.IDENTITY : new LabelMapping(labels, new Map());
  }

  label(name: string): MappedLabel {
    return this.labels.get(name) ?? this.labels.get(REST) ?? { label: name, inverse: false };
  }

  type(name: string): string {
    return this.types.get(name) ?? this.types.get(REST) ?? name;
  }

  /** The labels that names are mapped to, as far as they are listed. */
  targets(): string[] {
    const labels = [...this.labels.values()].flatMap(({ label }) => label ?? []);
    return [...new Set(labels)].filter((label) => label !== NIL);
  }

  /** The same mapping gives the same JSON. */
  toJSON(): { labels: Record<string, string | null>; types: Record<string, string> } {
    const labels = [...this.labels].map(([name, { label, inverse }]): [string, string | null] => [
      name,
      inverse ? `${label ?? ''} inverse` : label,
    ]);
    const byName = ([a]: [string, unknown], [b]: [string, unknown]): number => (a < b ? -1 : 1);
    return {
      labels: Object.fromEntries(labels.sort(byName)),
      types: Object.fromEntries([...this.types].sort(byName)),
    };
  }
}
