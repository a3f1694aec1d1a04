import type { EntityId, TripleId } from '../../domain/identity.js';

/** Wikidata's direct property: so that triples load beside a Wikidata dump. */
export function predicateIri(predicate: string): string {
  return `http://www.wikidata.org/prop/direct/${predicate}`;
}

export function entityIri(id: EntityId): string {
  return `urn:neighborkb:entity:${id}`;
}

export function tripleIri(id: TripleId): string {
  return `urn:neighborkb:triple:${id}`;
}

export const NEIGHBORKB = 'urn:neighborkb:vocabulary:';
export const RDF = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#';
export const OWL = 'http://www.w3.org/2002/07/owl#';
export const RDFS = 'http://www.w3.org/2000/01/rdf-schema#';
export const XSD = 'http://www.w3.org/2001/XMLSchema#';
/** Extended Date/Time Format: decades and centuries (187X) have no XML Schema type. */
export const EDTF = 'http://id.loc.gov/datatypes/edtf/EDTF';
