import { NeighborKbError } from '../../domain/errors.js';
import { NIL, type PredicateSchema } from '../../domain/predicates.js';
import type { KeyType } from '../key-codec.js';
import type { MemoryEntry } from '../ports.js';
import { foldedExample } from './example-form.js';
import { deriveVersion, type Derivation, type DerivationResult } from './derive.js';
import { parseReference } from '../reference.js';

type Work = Pick<Derivation, 'memoriesDir' | 'version' | 'onProgress' | 'signal'>;

/** What is to be done with one entry. */
export type EntryDecision =
  { readonly action: 'drop' } | { readonly action: 'relabel'; readonly label: string };

/**
 * A version of a memory with some entries dropped or relabelled.
 * @param reference the version to begin from
 * @param decisions by id of the entry
 * @param labels that an entry may get beside those of the schema and NIL
 * @throws NeighborKbError NOT_FOUND naming an entry that the memory does not have, INVALID_ARGUMENT for a label that
 * nothing knows
 */
export async function applyDecisions(
  work: Work,
  reference: string,
  decisions: ReadonlyMap<string, EntryDecision>,
  schema: PredicateSchema,
  labels: ReadonlySet<string> = new Set(),
): Promise<DerivationResult> {
  for (const [entry, decision] of decisions)
    if (decision.action === 'relabel') checkLabel(decision.label, entry, schema, labels);
  const open = new Set(decisions.keys());
  const settings = {
    dropped: [...decisions].filter(([, { action }]) => action === 'drop').length,
    relabelled: [...decisions].filter(([, { action }]) => action === 'relabel').length,
  };
  return deriveVersion({
    ...work,
    name: parseReference(reference).name,
    parents: [reference],
    settings,
    change: 'repair',
    choose: (entry) => {
      const decision = decisions.get(entry.id);
      open.delete(entry.id);
      if (!decision) return entry;
      return decision.action === 'drop' ? null : { label: decision.label };
    },
    onProgress: (done, total) => {
      work.onProgress?.(done, total);
      // Before anything is published.
      const [missing] = open;
      if (done === total && missing !== undefined)
        throw new NeighborKbError('NOT_FOUND', `memory ${reference} has no entry ${missing}`, [
          'entries',
          missing,
        ]);
    },
  });
}

function checkLabel(
  label: string,
  entry: string,
  schema: PredicateSchema,
  labels: ReadonlySet<string>,
): void {
  if (label === NIL || schema.has(label) || labels.has(label)) return;
  throw new NeighborKbError('INVALID_ARGUMENT', `${label} is no predicate of the schema`, [
    'entries',
    entry,
    'label',
  ]);
}

/** A version without the entries that match. @throws NeighborKbError NOT_FOUND where none does */
export function dropEntries(
  work: Work,
  reference: string,
  matches: (entry: MemoryEntry) => boolean,
  settings: Derivation['settings'],
): Promise<DerivationResult> {
  let found = false;
  return deriveVersion({
    ...work,
    name: parseReference(reference).name,
    parents: [reference],
    settings: { ...settings, operation: 'drop' },
    change: 'repair',
    choose: (entry) => {
      if (!matches(entry)) return entry;
      found = true;
      return null;
    },
    onProgress: (done, total) => {
      work.onProgress?.(done, total);
      if (done === total && !found)
        throw new NeighborKbError('NOT_FOUND', `no entry of memory ${reference} matches`, ['entries']);
    },
  });
}

/** A version of `name` with the entries of several memories of one encoder, each example once. */
export function mergeMemories(
  work: Work & Pick<Derivation, 'description' | 'license' | 'keyType'>,
  name: string,
  parents: readonly string[],
): Promise<DerivationResult> {
  return deriveVersion({
    ...work,
    name,
    parents,
    settings: { operation: 'merge' },
    change: 'content',
    choose: (entry) => entry,
  });
}

/**
 * A smaller version: of examples that differ in letter case, white space or punctuation alone the first stays, and keys
 * may be kept in fewer bytes.
 */
export function compactMemory(work: Work, reference: string, keyType?: KeyType): Promise<DerivationResult> {
  const seen = new Set<string>();
  return deriveVersion({
    ...work,
    name: parseReference(reference).name,
    parents: [reference],
    settings: { operation: 'compact' },
    change: 'repair',
    keyType,
    choose: (entry) => {
      const form = `${foldedExample(entry)} ${entry.label}`;
      if (seen.has(form)) return null;
      seen.add(form);
      return entry;
    },
  });
}
