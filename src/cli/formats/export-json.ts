import { formatExternalId } from '../../domain/external-id.js';
import type { Entity } from '../../domain/model.js';
import { spanText, type Span } from '../../domain/offsets.js';
import type { PredicateSchema } from '../../domain/predicates.js';
import { predicateIri } from './iris.js';
import type { EvidenceRecord, TripleRecord } from './triple-records.js';

/** One line of `export --format jsonl`: a triple with its evidence; offsets in UTF-16 units. */
export function tripleJson(
  { triple, subject, object, evidence }: TripleRecord,
  schema: PredicateSchema,
): object {
  return {
    id: triple.id,
    subject: entityJson(subject),
    predicate: {
      id: triple.predicate,
      name: schema.get(triple.predicate)?.name ?? triple.predicate,
      iri: predicateIri(triple.predicate),
    },
    object: entityJson(object),
    confidence: triple.confidence,
    status: triple.status,
    evidence: evidence.map(evidenceJson),
  };
}

function entityJson({ id, name, type, date, externalIds }: Entity): object {
  return {
    ...{ id, name, type },
    ...(date === null ? {} : { date: date.iso, precision: date.precision }),
    ...(externalIds.length === 0 ? {} : { externalIds: externalIds.map(formatExternalId) }),
  };
}

function evidenceJson({ evidence, document, sentence, subject, object, neighbours }: EvidenceRecord): object {
  const spanOf = ({ start, end, text }: Span & { readonly text: string }): object => ({ start, end, text });
  return {
    id: evidence.id,
    document: document.externalId,
    sentence: spanOf({ ...sentence, text: spanText(document.text, sentence) }),
    subject: spanOf(subject),
    object: spanOf(object),
    confidence: evidence.confidence,
    p: evidence.p,
    pRe: evidence.pRe,
    pKnn: evidence.pKnn,
    model: evidence.model,
    profile: evidence.profile,
    neighbours: neighbours.map(({ memory, entry, squaredDistance, weight, label, text }) => ({
      memory,
      entry,
      distance: squaredDistance,
      weight,
      label,
      text,
    })),
  };
}
