import { NIL, type PredicateSchema } from '../../domain/predicates.js';
import { PackagedMemory } from '../memory.js';
import type { MemoryEntry } from '../ports.js';
import { locateMemory } from '../shelf.js';
import { readManifest } from '../manifest.js';
import { foldedExample, wordOverlap, wordsOf } from '../versions/example-form.js';
import { contradictionOf } from './contradictions.js';
import { FINDING_KINDS, type Finding, type FindingKind } from './findings.js';
import { HubCounter } from './hubs.js';
import { leaveOneOut } from './neighbours.js';

export interface AuditOptions {
  readonly memoriesDir: string;
  readonly reference: string;
  readonly schema: PredicateSchema;
  /** Neighbours that are asked; fewer where the memory is smaller. */
  readonly k?: number | undefined;
  /** Share of the neighbours that must agree on another label where none has the entry's, in [0.5, 1]. */
  readonly agreement?: number | undefined;
  /** A label with fewer entries is without cover. */
  readonly minimumEntries?: number | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface AuditReport {
  readonly memory: string;
  readonly version: string;
  readonly entries: number;
  readonly countsByKind: Readonly<Record<FindingKind, number>>;
  /** By kind, most certain first. */
  readonly findings: readonly Finding[];
}

export const AUDIT_DEFAULTS = { k: 16, agreement: 0.5, minimumEntries: 10 } as const;

/** Neighbours beyond k: those of the entry's own sentence do not count. */
const SPARE = 16;
/** Nearer than this, of a squared diameter of 4 where representations have length 1, and most words shared: a near copy. */
const SAME_DIRECTION = 0.05;
const SAME_WORDS = 0.8;

/**
 * Looks for what is wrong with a memory, by its own entries alone: no encoder is needed. It changes nothing.
 * @throws NeighborKbError MEMORY_MISSING, MEMORY_CORRUPT, INVALID_ARGUMENT
 */
export async function auditMemory(options: AuditOptions): Promise<AuditReport> {
  const { memoriesDir, reference, schema, signal } = options;
  const { k = AUDIT_DEFAULTS.k, agreement = AUDIT_DEFAULTS.agreement } = options;
  const directory = await locateMemory(memoriesDir, reference);
  // An index may miss a neighbour: the findings must not depend on it.
  const memory = await PackagedMemory.open(directory, await readManifest(directory), { mode: 'exact' });
  try {
    const copies = new Map<string, number>();
    const hubs = new HubCounter(memory);
    const findings: Finding[] = [];
    for await (const { entry: index, neighbours } of leaveOneOut(memory, directory, k + SPARE)) {
      if (index % 512 === 0) signal?.throwIfAborted();
      const entry = memory.entry(index);
      const others = neighbours.map((other) => ({
        ...other,
        entry: memory.entry(other.entry),
        at: other.entry,
      }));
      const copy = copyBefore(entry, index, others, copies, memory);
      if (copy) findings.push(copyFinding(entry, copy));
      else {
        const apart = others.filter((other) => other.entry.text !== entry.text).slice(0, k);
        const contradiction = contradictionOf(entry, apart, agreement);
        if (contradiction) findings.push(withExample(contradiction, entry));
      }
      hubs.count(index, neighbours.slice(0, k));
      options.onProgress?.(index + 1, memory.size);
    }
    findings.push(
      ...hubs
        .findings(k)
        .map((finding) => withExample(finding, memory.entry(memory.indexOf(finding.entry ?? '')))),
    );
    findings.push(...uncovered(memory, schema, options.minimumEntries ?? AUDIT_DEFAULTS.minimumEntries));
    return reportOf(memory, findings);
  } finally {
    await memory.close();
  }
}

interface Other {
  readonly entry: MemoryEntry;
  readonly at: number;
  readonly squaredDistance: number;
}

/** An earlier entry that says the same: in the same words but for their form, or nearly so and in the same place. */
function copyBefore(
  entry: MemoryEntry,
  index: number,
  others: readonly Other[],
  copies: Map<string, number>,
  memory: PackagedMemory,
): MemoryEntry | null {
  const form = foldedExample(entry);
  const same = copies.get(form);
  if (same === undefined) copies.set(form, index);
  else if (isCopy(entry, memory.entry(same))) return memory.entry(same);
  const words = wordsOf(entry.text);
  const near = others.find(
    (other) =>
      other.at < index &&
      other.squaredDistance <= SAME_DIRECTION &&
      other.entry.text !== entry.text &&
      wordOverlap(words, wordsOf(other.entry.text)) >= SAME_WORDS &&
      isCopy(entry, other.entry),
  );
  return near?.entry ?? null;
}

/** Two labels of one pair in one sentence are no conflict: whoever wrote them there meant both. */
function isCopy(entry: MemoryEntry, before: MemoryEntry): boolean {
  return before.label === entry.label || before.text !== entry.text || before.origin !== entry.origin;
}

function copyFinding(entry: MemoryEntry, copy: MemoryEntry): Finding {
  const isSame = copy.label === entry.label;
  const finding: Finding = {
    kind: isSame ? 'duplicate' : 'conflict',
    entry: entry.id,
    label: entry.label,
    score: wordOverlap(wordsOf(entry.text), wordsOf(copy.text)),
    suggestion: isSame ? { action: 'drop' } : null,
    because: [copy.id],
    reason: isSame ? `says what ${copy.id} says` : `a near copy, ${copy.id}, is labelled ${copy.label}`,
  };
  return withExample(finding, entry);
}

function withExample(finding: Finding, { text, origin, subject, object }: MemoryEntry): Finding {
  const name = ({ start, end }: MemoryEntry['subject']): string => text.slice(start, end);
  return { ...finding, example: { text, origin, subject: name(subject), object: name(object) } };
}

/** Labels of the schema and of the memory that have too few entries to win a vote. */
function uncovered(memory: PackagedMemory, schema: PredicateSchema, minimum: number): Finding[] {
  const { countsByLabel } = memory.manifest;
  const labels = new Set([NIL, ...schema.predicates.map(({ id }) => id), ...Object.keys(countsByLabel)]);
  return [...labels].flatMap((label): Finding[] => {
    const count = countsByLabel[label] ?? 0;
    if (count >= minimum) return [];
    const reason = `${count} entries, fewer than ${minimum}`;
    return [
      {
        kind: 'uncovered',
        entry: null,
        label,
        score: 1 - count / minimum,
        suggestion: null,
        because: [],
        reason,
      },
    ];
  });
}

function reportOf(memory: PackagedMemory, findings: readonly Finding[]): AuditReport {
  const counts = new Map(FINDING_KINDS.map((kind) => [kind, 0]));
  for (const { kind } of findings) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const rank = new Map(FINDING_KINDS.map((kind, index) => [kind, index]));
  return {
    memory: memory.manifest.name,
    version: memory.version,
    entries: memory.size,
    countsByKind: Object.fromEntries(counts) as Record<FindingKind, number>,
    findings: [...findings].sort(
      (a, b) => (rank.get(a.kind) ?? 0) - (rank.get(b.kind) ?? 0) || b.score - a.score,
    ),
  };
}
