import { spanText } from '../../domain/offsets.js';
import type { PredicateSchema } from '../../domain/predicates.js';
import type { TripleRecord } from './triple-records.js';

export const CSV_HEAD = csvLine([
  'id',
  'subject_id',
  'subject',
  'subject_type',
  'predicate',
  'predicate_name',
  'object_id',
  'object',
  'object_type',
  'confidence',
  'status',
  'evidence_count',
  'document',
  'sentence',
  'neighbour_label',
  'neighbour_text',
]);

/** A triple on one row, with its most confident evidence and that one's nearest neighbour. */
export function tripleRow(
  { triple, subject, object, evidence }: TripleRecord,
  schema: PredicateSchema,
): string {
  const [best] = evidence;
  const [nearest] = best?.neighbours ?? [];
  return csvLine([
    triple.id,
    subject.id,
    subject.name,
    subject.type,
    triple.predicate,
    schema.get(triple.predicate)?.name ?? '',
    object.id,
    object.date?.iso ?? object.name,
    object.type,
    String(triple.confidence),
    triple.status,
    String(triple.evidenceCount),
    best?.document.externalId ?? '',
    best === undefined ? '' : spanText(best.document.text, best.sentence),
    nearest?.label ?? '',
    nearest?.text ?? '',
  ]);
}

/** RFC 4180: fields with a comma, a quote or a line break are quoted, quotes doubled, lines end with CRLF. */
export function csvLine(fields: readonly string[]): string {
  return `${fields.map((field) => (/[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field)).join(',')}\r\n`;
}
