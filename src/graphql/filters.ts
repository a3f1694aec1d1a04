import type { DocumentId, EntityId, TripleId } from '../domain/identity.js';
import type { DocumentFilter, EntityFilter, EvidenceFilter, TripleFilter } from '../store/graph-store.js';
import type { EntryFilter } from '../memory/ports.js';
import type { MergeQuery } from '../store/identity-store.js';
import { invalidArgument } from './errors.js';
import { LIMITS } from './limits.js';
import type { DocumentFilterInput } from './types/document.js';
import type { EntityFilterInput } from './types/entity.js';
import type { MergeFilterInput } from './types/identity.js';
import type { MemoryEntryFilterInput } from './types/memory.js';
import type { EvidenceFilterInput } from './types/prediction.js';
import type { TripleFilterInput } from './types/triple.js';

/*
 * From the filters of the schema to those of the ports. A condition that is null is no condition. Limits that
 * descriptions state are enforced here: all throw NeighborKbError INVALID_ARGUMENT naming the field.
 */

type Given<T> = { readonly [K in keyof T]?: NonNullable<T[K]> };

/** The object without its null fields. */
export function given<T extends object>(fields: T): Given<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => !isAbsent(value))) as Given<T>;
}

export function documentFilter(filter: DocumentFilterInput | null | undefined): DocumentFilter {
  if (!filter) return {};
  return given({
    externalIds: set(filter.externalIds, 'externalIds'),
    source: filter.source,
    text: search(filter.text, 'text'),
    ...joined(filter, documentFilter),
  });
}

export function entityFilter(filter: EntityFilterInput | null | undefined): EntityFilter {
  if (!filter) return {};
  return given({
    types: filter.types,
    search: search(filter.search, 'search'),
    ...joined(filter, entityFilter),
  });
}

export function tripleFilter(filter: TripleFilterInput | null | undefined): TripleFilter {
  if (!filter) return {};
  const { min, max } = filter.confidence ?? {};
  if (!isAbsent(min) && !isAbsent(max) && min > max)
    throw invalidArgument(`min ${min} is greater than max ${max}`, 'filter', 'confidence', 'min');
  return given({
    subjectIds: set(filter.subjectIds, 'subjectIds') as EntityId[] | undefined,
    objectIds: set(filter.objectIds, 'objectIds') as EntityId[] | undefined,
    entityIds: set(filter.entityIds, 'entityIds') as EntityId[] | undefined,
    predicates: set(filter.predicates, 'predicates'),
    subjectTypes: filter.subjectTypes,
    objectTypes: filter.objectTypes,
    minConfidence: probability(min, 'confidence', 'min'),
    maxConfidence: probability(max, 'confidence', 'max'),
    documentIds: set(filter.documentIds, 'documentIds') as DocumentId[] | undefined,
    statuses: filter.statuses,
    ...joined(filter, tripleFilter),
  });
}

export function mergeFilter(filter: MergeFilterInput | null | undefined): MergeQuery['filter'] & object {
  return given({
    entityIds: set(filter?.entityIds, 'entityIds') as EntityId[] | undefined,
    inForce: filter?.inForce,
  });
}

export function evidenceFilter(filter: EvidenceFilterInput | null | undefined): EvidenceFilter {
  if (!filter) return {};
  return given({
    tripleIds: set(filter.tripleIds, 'tripleIds') as TripleId[] | undefined,
    documentIds: set(filter.documentIds, 'documentIds') as DocumentId[] | undefined,
    predicates: set(filter.predicates, 'predicates'),
    minConfidence: probability(filter.minConfidence, 'minConfidence'),
    ...joined(filter, evidenceFilter),
  });
}

export function memoryEntryFilter(filter: MemoryEntryFilterInput | null | undefined): EntryFilter {
  if (!filter) return {};
  return given({
    labels: set(filter.labels, 'labels'),
    text: search(filter.text, 'text'),
    origin: filter.origin,
  });
}

/** Filters that a filter joins, each translated; the store refuses what is too deep. */
function joined<Input extends FilterJoins<Input>, Filter>(
  { and, or, not }: Input,
  translate: (filter: Input) => Filter,
): { and?: Filter[] | undefined; or?: Filter[] | undefined; not?: Filter | undefined } {
  return {
    and: and?.map(translate),
    or: or?.map(translate),
    not: isAbsent(not) ? undefined : translate(not),
  };
}

interface FilterJoins<Input> {
  and?: Input[] | null;
  or?: Input[] | null;
  not?: Input | null;
}

/** @returns undefined for null, which is no condition; an empty set stays empty and matches nothing */
function set<T>(values: readonly T[] | null | undefined, field: string): readonly T[] | undefined {
  if (isAbsent(values)) return undefined;
  if (values.length > LIMITS.setSize)
    throw invalidArgument(`${field} has ${values.length} values; at most ${LIMITS.setSize}`, 'filter', field);
  return values;
}

function search(text: string | null | undefined, field: string): string | undefined {
  if (isAbsent(text)) return undefined;
  if (text.length > LIMITS.searchLength)
    throw invalidArgument(
      `${field} has ${text.length} characters; at most ${LIMITS.searchLength}`,
      'filter',
      field,
    );
  return text;
}

function probability(value: number | null | undefined, ...path: string[]): number | undefined {
  if (isAbsent(value)) return undefined;
  if (value < 0 || value > 1) throw invalidArgument(`${value} is not between 0 and 1`, 'filter', ...path);
  return value;
}

function isAbsent<T>(value: T | null | undefined): value is null | undefined {
  return value === null || value === undefined;
}
