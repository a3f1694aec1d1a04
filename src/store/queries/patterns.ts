import { groupBy } from '../../domain/arrays.js';
import { NeighborKbError, type FieldPath } from '../../domain/errors.js';
import type { EntityId } from '../../domain/identity.js';
import type { Triple } from '../../domain/model.js';
import { checkFilter } from '../filter-tree.js';
import {
  MAX_MATCHES,
  MAX_PATTERN_TRIPLES,
  type PatternEnd,
  type PatternMatch,
  type PatternMatches,
  type PatternQuery,
  type TriplePattern,
} from '../graph-queries.js';
import type { TripleFilter } from '../graph-store.js';
import { BoundedScan, checkRange, type TripleScanner } from './triple-scanner.js';

/**
 * `GraphQueries.matchTriples`: a nested-loop join in batches. Parts with most known ends come first; the others
 * follow where they touch what is bound. Batches are drawn one by one, so that a common part (everybody's country)
 * is read only as far as the answer needs. The triples of one match are all different.
 */
export async function matchTriples(scanner: TripleScanner, query: PatternQuery): Promise<PatternMatches> {
  checkRange('first', query.first, MAX_MATCHES);
  checkPatterns(query.patterns);
  const patterns = await resolved(scanner, query.patterns);
  const scan = new BoundedScan(scanner);
  const begin: Filling = { bound: new Map(), triples: new Map() };
  let batches: AsyncIterable<readonly Filling[]> = batchOf([begin]);
  for (const place of plan(patterns)) batches = extend(batches, patterns, place, scan);

  const variables = variablesOf(patterns);
  const found: Filling[] = [];
  for await (const batch of batches) {
    found.push(...batch);
    if (found.length > query.first) break;
  }
  return {
    matches: found.slice(0, query.first).map((partial) => matchOf(partial, patterns, variables)),
    truncated: found.length > query.first || scan.exhausted,
  };
}

/** The pattern with what its known entities stand for. */
async function resolved(
  scanner: TripleScanner,
  patterns: readonly TriplePattern[],
): Promise<readonly TriplePattern[]> {
  const ids = patterns.flatMap(endsOf).flatMap((end) => ('entityId' in end ? end.entityId : []));
  if (ids.length === 0) return patterns;
  const found = await scanner.resolve(ids);
  const standsFor = new Map(ids.map((id, place) => [id, found[place] ?? id]));
  const resolvedEnd = (end: PatternEnd): PatternEnd =>
    'entityId' in end ? { entityId: standsFor.get(end.entityId) ?? end.entityId } : end;
  return patterns.map((pattern) => ({
    ...pattern,
    subject: resolvedEnd(pattern.subject),
    object: resolvedEnd(pattern.object),
  }));
}

/** A pattern filled in part. */
interface Filling {
  readonly bound: ReadonlyMap<string, EntityId>;
  /** By place in the pattern. */
  readonly triples: ReadonlyMap<number, Triple>;
}

/** Fillings that go through a step together. */
const BATCH = 500;

/** Fills one more part of the pattern in every way. */
async function* extend(
  batches: AsyncIterable<readonly Filling[]>,
  patterns: readonly TriplePattern[],
  place: number,
  scan: BoundedScan,
): AsyncGenerator<readonly Filling[]> {
  const pattern = patterns[place];
  if (!pattern) return;
  for await (const batch of batches) {
    const waiting = groupBy(batch, (partial) =>
      keyOf(idAt(pattern.subject, partial), idAt(pattern.object, partial)),
    );
    const [sample] = batch;
    const subjectKnown = sample !== undefined && idAt(pattern.subject, sample) !== undefined;
    const objectKnown = sample !== undefined && idAt(pattern.object, sample) !== undefined;
    let grown: Filling[] = [];
    // Most entities have few triples of a predicate: what a batch needs mostly comes with one read.
    for await (const triples of scan.pages(filterOf(pattern, batch), 2 * batch.length)) {
      for (const triple of triples) {
        const key = keyOf(
          subjectKnown ? triple.subjectId : undefined,
          objectKnown ? triple.objectId : undefined,
        );
        for (const partial of waiting.get(key) ?? []) {
          if (scan.exhausted) break;
          const filled = fill(partial, pattern, place, triple);
          if (!filled) continue;
          grown.push(filled);
          scan.countFilling();
        }
        while (grown.length >= BATCH) {
          yield grown.slice(0, BATCH);
          grown = grown.slice(BATCH);
        }
        if (scan.exhausted) break;
      }
      if (scan.exhausted) break;
    }
    if (grown.length > 0) yield grown;
    if (scan.exhausted) return;
  }
}

/** @returns null where the triple does not fit after all: it is used already, or one variable would be two entities */
function fill(partial: Filling, pattern: TriplePattern, place: number, triple: Triple): Filling | null {
  for (const { id } of partial.triples.values()) if (id === triple.id) return null;
  const bound = new Map(partial.bound);
  for (const [end, entity] of [
    [pattern.subject, triple.subjectId],
    [pattern.object, triple.objectId],
  ] as const) {
    if (!('variable' in end)) continue;
    if ((bound.get(end.variable) ?? entity) !== entity) return null;
    bound.set(end.variable, entity);
  }
  return { bound, triples: new Map(partial.triples).set(place, triple) };
}

function filterOf(pattern: TriplePattern, batch: readonly Filling[]): TripleFilter {
  const idsAt = (end: PatternEnd): EntityId[] | undefined => {
    const ids = new Set(batch.map((partial) => idAt(end, partial)));
    return ids.has(undefined) ? undefined : ([...ids] as EntityId[]);
  };
  const subjectIds = idsAt(pattern.subject);
  const objectIds = idsAt(pattern.object);
  return {
    ...(subjectIds && { subjectIds }),
    ...(objectIds && { objectIds }),
    ...(pattern.predicates && { predicates: pattern.predicates }),
    and: [pattern.filter ?? { not: { statuses: ['rejected'] } }],
  };
}

function idAt(end: PatternEnd, { bound }: Filling): EntityId | undefined {
  return 'entityId' in end ? end.entityId : bound.get(end.variable);
}

function keyOf(subject: EntityId | undefined, object: EntityId | undefined): string {
  return `${subject ?? ''} ${object ?? ''}`;
}

/** Places of the pattern's parts in the order in which they are filled. */
function plan(patterns: readonly TriplePattern[]): number[] {
  const bound = new Set<string>();
  const left = new Set(patterns.keys());
  const order: number[] = [];
  const knownEnds = (place: number): number =>
    endsOf(patterns[place]).filter((end) => 'entityId' in end || bound.has(end.variable)).length;
  while (left.size > 0) {
    const [next = 0] = [...left].sort((a, b) => knownEnds(b) - knownEnds(a) || a - b);
    order.push(next);
    left.delete(next);
    for (const end of endsOf(patterns[next])) if ('variable' in end) bound.add(end.variable);
  }
  return order;
}

function checkPatterns(patterns: readonly TriplePattern[]): void {
  if (patterns.length < 1 || patterns.length > MAX_PATTERN_TRIPLES)
    throw patternError(`expected 1 to ${MAX_PATTERN_TRIPLES} triples, got ${patterns.length}`, []);
  for (const [index, { subject, object, filter }] of patterns.entries()) {
    checkFilter(filter, ['patterns', index, 'filter']);
    for (const [field, end] of Object.entries({ subject, object }))
      if ('variable' in end && !/^[A-Za-z]\w{0,31}$/.test(end.variable))
        throw patternError('expected a name of a letter and at most 31 letters, digits and underscores', [
          index,
          field,
          'variable',
        ]);
  }
  const reached = connectedToFirst(patterns);
  const apart = patterns.findIndex((pattern) => !endsOf(pattern).some((end) => reached.has(nameOf(end))));
  // Its matches would be multiplied with those of the rest.
  if (apart >= 0) throw patternError('shares neither variable nor entity with the other triples', [apart]);
}

/** Names of all ends that hang together with the first part. */
function connectedToFirst(patterns: readonly TriplePattern[]): ReadonlySet<string> {
  const reached = new Set(endsOf(patterns[0]).map(nameOf));
  for (let before = 0; before < reached.size;) {
    before = reached.size;
    for (const pattern of patterns) {
      const names = endsOf(pattern).map(nameOf);
      if (names.some((name) => reached.has(name))) for (const name of names) reached.add(name);
    }
  }
  return reached;
}

function endsOf(pattern: TriplePattern | undefined): readonly PatternEnd[] {
  return pattern ? [pattern.subject, pattern.object] : [];
}

function nameOf(end: PatternEnd): string {
  return 'entityId' in end ? `id ${end.entityId}` : `?${end.variable}`;
}

function variablesOf(patterns: readonly TriplePattern[]): string[] {
  const ends = patterns.flatMap(endsOf);
  return [...new Set(ends.flatMap((end) => ('variable' in end ? [end.variable] : [])))];
}

function matchOf(
  { bound, triples }: Filling,
  patterns: readonly TriplePattern[],
  variables: readonly string[],
): PatternMatch {
  return {
    bindings: variables.flatMap((variable) => {
      const entityId = bound.get(variable);
      return entityId === undefined ? [] : [{ variable, entityId }];
    }),
    triples: patterns.flatMap((_, place) => triples.get(place) ?? []),
  };
}

async function* batchOf(partials: readonly Filling[]): AsyncGenerator<readonly Filling[]> {
  yield partials;
}

function patternError(message: string, path: FieldPath): NeighborKbError {
  return new NeighborKbError('INVALID_ARGUMENT', message, ['patterns', ...path]);
}
