import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { StreamParser, type Quad, type Term } from 'n3';
import { NeighborKbError } from '../../domain/errors.js';
import { namesOfDate } from './date-names.js';
import type { Fact, FactEntity } from './facts.js';
import { predicateNamed, type FactReading } from './fact-reading.js';

/** Predicates whose objects are names of their subjects. */
const NAMES: ReadonlySet<string> = new Set([
  'http://www.w3.org/2000/01/rdf-schema#label',
  'http://www.w3.org/2004/02/skos/core#prefLabel',
  'http://www.w3.org/2004/02/skos/core#altLabel',
  'http://schema.org/name',
  'http://schema.org/alternateName',
]);
/** Predicates that say nothing of the world: types and statements about statements. */
const RDF = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#';
const OWN_VOCABULARY = 'urn:neighborkb:';

/**
 * Facts of an N-Triples file: what Wikidata's truthy dump and `neighborkb export --format nt` write. Names come from
 * labels and alternative labels in English or without a language, wherever they stand in the file, which is read twice;
 * dates become names as text writes them. A fact about something without a name is passed over.
 *
 * @throws NeighborKbError INVALID_FILE naming file and line
 */
export async function* readTripleFacts(
  path: string,
  { schema, onUnknownPredicate }: FactReading,
): AsyncGenerator<Fact> {
  const names = new Map<string, string[]>();
  for await (const { subject, predicate, object } of quadsOf(path))
    if (
      NAMES.has(predicate.value) &&
      object.termType === 'Literal' &&
      /^(?:en(?:-.*)?)?$/.test(object.language)
    )
      names.set(subject.value, [...(names.get(subject.value) ?? []), object.value]);
  let number = 0;
  for await (const { subject, predicate, object } of quadsOf(path)) {
    number++;
    const iri = predicate.value;
    if (NAMES.has(iri) || iri.startsWith(RDF) || iri.startsWith(OWN_VOCABULARY)) continue;
    const name = /[^/#]+$/.exec(iri)?.[0] ?? iri;
    const known = predicateNamed(name, schema);
    if (!known && onUnknownPredicate) {
      onUnknownPredicate(name);
      continue;
    }
    const [one, other] = [entityOf(subject, names), entityOf(object, names)];
    if (!one || !other) continue;
    const [from, to] = known?.inverse ? [other, one] : [one, other];
    yield { subject: from, predicate: known?.id ?? name, object: to, place: [path, `triple ${number}`] };
  }
}

function entityOf(term: Term, names: ReadonlyMap<string, readonly string[]>): FactEntity | null {
  if (term.termType === 'Literal') {
    const dates = namesOfDate(term.value);
    return dates.length > 0
      ? { key: term.value, names: dates, type: 'TIME' }
      : { key: term.value, names: [term.value] };
  }
  const own = names.get(term.value);
  return own ? { key: term.value, names: own } : null;
}

async function* quadsOf(path: string): AsyncGenerator<Quad> {
  const parser = new StreamParser({ format: 'N-Triples' });
  const stream = pipeline(createReadStream(path, 'utf8'), parser, () => undefined); // iterating it throws
  try {
    for await (const quad of stream as AsyncIterable<Quad>) yield quad;
  } catch (cause) {
    const { message, context } = cause as Error & { readonly context?: { readonly line?: number } };
    if (context === undefined) throw cause;
    const line = context.line ?? 1;
    throw new NeighborKbError('INVALID_FILE', `${path}:${line}: ${message}`, [path, line], { cause });
  }
}
