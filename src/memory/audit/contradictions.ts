import { groupBy } from '../../domain/arrays.js';
import type { MemoryEntry } from '../ports.js';
import type { Finding } from './findings.js';

/** Neighbours that have to be asked before they can contradict anything. */
const FEWEST_NEIGHBOURS = 5;
/** Entries that a finding names as speaking against it. */
const WITNESSES = 5;

/**
 * What the neighbours of an entry say against its label: a finding where none of them has it, and at least the share
 * `agreement` of them one other.
 * @param neighbours nearest first, without the entry itself
 */
export function contradictionOf(
  entry: MemoryEntry,
  neighbours: readonly { readonly entry: MemoryEntry }[],
  agreement: number,
): Finding | null {
  if (neighbours.length < FEWEST_NEIGHBOURS) return null;
  if (neighbours.some(({ entry: other }) => other.label === entry.label)) return null;
  const votes = groupBy(
    neighbours.map(({ entry: other }) => other),
    ({ label }) => label,
  );
  const [winner] = [...votes].sort(([, a], [, b]) => b.length - a.length);
  if (!winner) return null;
  const [label, voters] = winner;
  const share = voters.length / neighbours.length;
  if (share < agreement) return null;
  return {
    kind: 'contradicted',
    entry: entry.id,
    label: entry.label,
    score: share,
    suggestion: { action: 'relabel', label },
    because: voters.slice(0, WITNESSES).map(({ id }) => id),
    reason: `${voters.length} of ${neighbours.length} neighbours are labelled ${label}, none ${entry.label}`,
  };
}
