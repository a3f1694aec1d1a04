import type { NeighborKbError, FieldPath } from '../../domain/errors.js';
import type { MentionType } from '../../domain/mention-types.js';
import type { ExtractedDocument, LocalEntity, Mention, Prediction } from '../../domain/model.js';
import { OffsetMap, type OffsetUnit } from '../../domain/offsets.js';
import { NIL, type PredicateSchema } from '../../domain/predicates.js';

/** One line of `neighborkb extract`. This format is a contract: fields are added, never renamed or removed. */
export type ExtractLine =
  | { readonly externalId: string; readonly triples: readonly ExtractedTriple[] }
  | {
      /** null where the line could not be read so far. */
      readonly externalId: string | null;
      readonly error: { readonly code: string; readonly message: string; readonly path: FieldPath };
    };

export interface ExtractedTriple {
  readonly subject: ExtractedMention;
  readonly predicate: { readonly id: string; readonly name: string };
  readonly object: ExtractedMention;
  /** Calibrated, in [0, 1]; null for NIL, which `--all-pairs` adds. */
  readonly confidence: number | null;
  readonly pRe: number;
  readonly pKnn: number;
  readonly neighbours: readonly ExtractedNeighbour[];
}

/** A mention as it stands in the text: a pronoun stays itself. */
export interface ExtractedMention {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly type: MentionType;
  /** Name of the entity that it stands for, a date in ISO form; null where a pronoun could not be resolved. */
  readonly entity: string | null;
}

export interface ExtractedNeighbour {
  readonly memory: string;
  readonly entry: string;
  /** Squared L2 distance between relation representations. */
  readonly distance: number;
  readonly weight: number;
  readonly label: string;
  readonly text: string;
}

export interface ExtractFormat {
  readonly schema: PredicateSchema;
  readonly unit: OffsetUnit;
  /** Whether pairs without a relation are written too. */
  readonly allPairs: boolean;
}

export function extractLine(
  extracted: ExtractedDocument,
  { schema, unit, allPairs }: ExtractFormat,
): ExtractLine {
  const { document, mentions, entities, predictions } = extracted;
  const mentionById = new Map(mentions.map((mention) => [mention.id, mention]));
  const entityById = new Map(entities.map((entity) => [entity.id, entity]));
  const offsets = new OffsetMap(document.text);
  const mentionOf = (id: Mention['id']): ExtractedMention => {
    const mention = mentionById.get(id);
    if (!mention) throw new RangeError(`document ${document.externalId} lacks its mention ${id}`);
    const entity = mention.entityId === null ? undefined : entityById.get(mention.entityId);
    const { start, end } = offsets.span(mention, unit);
    return { start, end, text: mention.text, type: mention.type, entity: nameOf(entity) };
  };
  return {
    externalId: document.externalId,
    triples: predictions
      .filter(({ label }) => allPairs || label !== NIL)
      .map((prediction) => ({
        subject: mentionOf(prediction.subjectMentionId),
        predicate: { id: prediction.label, name: predicateName(schema, prediction.label) },
        object: mentionOf(prediction.objectMentionId),
        confidence: prediction.confidence,
        pRe: prediction.pRe,
        pKnn: prediction.pKnn,
        neighbours: neighboursOf(prediction),
      })),
  };
}

export function errorLine(externalId: string | null, error: NeighborKbError): ExtractLine {
  return { externalId, error: { code: error.code, message: error.message, path: error.path } };
}

export function predicateName(schema: PredicateSchema, label: string): string {
  return label === NIL ? 'no relation' : (schema.get(label)?.name ?? label);
}

function nameOf(entity: LocalEntity | undefined): string | null {
  return entity === undefined ? null : (entity.date?.iso ?? entity.name);
}

function neighboursOf({ neighbours }: Prediction): ExtractedNeighbour[] {
  return neighbours.map(({ memory, entry, squaredDistance, weight, label, text }) => ({
    memory,
    entry,
    distance: squaredDistance,
    weight,
    label,
    text,
  }));
}
