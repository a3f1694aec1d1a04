import { externalIdUrl } from '../../domain/external-id.js';
import type { Entity, NormalisedDate } from '../../domain/model.js';
import { EDTF, entityIri, NEIGHBORKB, OWL, predicateIri, RDF, RDFS, tripleIri, XSD } from './iris.js';
import type { TripleRecord } from './triple-records.js';

/** Label, type and other addresses of an entity; dates and numbers are literals and have no lines of their own. */
export function entityLines(entity: Entity): string {
  if (isLiteral(entity)) return '';
  const subject = iri(entityIri(entity.id));
  return (
    line(subject, iri(`${RDFS}label`), literal(entity.name)) +
    line(subject, iri(`${RDF}type`), iri(`${NEIGHBORKB}${entity.type}`)) +
    entity.externalIds
      .flatMap((id) => externalIdUrl(id) ?? [])
      .map((url) => line(subject, iri(`${OWL}sameAs`), iri(url)))
      .join('')
  );
}

/**
 * A triple as N-Triples, and a statement about it with its confidence and the documents that say so. A subject is
 * an IRI always; an object that is a date or a number is a literal, as Wikidata has it.
 */
export function tripleLines({ triple, subject, object, evidence }: TripleRecord): string {
  const terms = [
    iri(entityIri(subject.id)),
    iri(predicateIri(triple.predicate)),
    objectTerm(object),
  ] as const;
  const statement = iri(tripleIri(triple.id));
  const documents = [...new Set(evidence.map(({ document }) => document.externalId))];
  return [
    line(...terms),
    line(statement, iri(`${RDF}type`), iri(`${RDF}Statement`)),
    line(statement, iri(`${RDF}subject`), terms[0]),
    line(statement, iri(`${RDF}predicate`), terms[1]),
    line(statement, iri(`${RDF}object`), terms[2]),
    line(statement, iri(`${NEIGHBORKB}confidence`), literal(String(triple.confidence), `${XSD}double`)),
    ...documents.map((document) => line(statement, iri(`${NEIGHBORKB}document`), literal(document))),
  ].join('');
}

function objectTerm(object: Entity): string {
  if (object.date !== null) return literal(object.date.iso, dateType(object.date));
  return isLiteral(object) ? literal(object.name) : iri(entityIri(object.id));
}

function isLiteral({ type }: Entity): boolean {
  return type === 'TIME' || type === 'NUM';
}

function dateType({ precision }: NormalisedDate): string {
  if (precision === 'day') return `${XSD}date`;
  if (precision === 'month') return `${XSD}gYearMonth`;
  return precision === 'year' ? `${XSD}gYear` : EDTF;
}

function line(subject: string, predicate: string, object: string): string {
  return `${subject} ${predicate} ${object} .\n`;
}

function iri(value: string): string {
  return `<${value}>`;
}

function literal(value: string, type?: string): string {
  const escaped = value.replace(/["\\\n\r\t\b\f]/g, (character) => ESCAPES[character] ?? character);
  return type === undefined ? `"${escaped}"` : `"${escaped}"^^<${type}>`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\b': '\\b',
  '\f': '\\f',
};
