import { createReadStream } from 'node:fs';
import { z } from 'zod';
import { NeighborKbError } from '../../domain/errors.js';
import { readJsonLines } from '../../domain/json-lines.js';
import type { MemoryEntry } from '../ports.js';
import type { EntryDecision } from '../versions/changes.js';

/**
 * What an audit can find.
 * `duplicate`: says what an entry before it says, in the same words but for letter case, punctuation and a few others.
 * `conflict`: such a near copy has another label.
 * `contradicted`: none of its neighbours, itself and its own sentence left out, has its label, and most agree on another.
 * `hub`: a neighbour of far more entries than others are, most of which have other labels.
 * `uncovered`: a label with fewer entries than a vote needs; names no entry.
 */
export const FINDING_KINDS = ['duplicate', 'conflict', 'contradicted', 'hub', 'uncovered'] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];

export interface Finding {
  readonly kind: FindingKind;
  /** Id of the entry; null for a label without cover. */
  readonly entry: string | null;
  readonly label: string;
  /** How sure it is, in [0, 1]: what to look at first. */
  readonly score: number;
  /** What would mend it; null where somebody has to write examples. */
  readonly suggestion: EntryDecision | null;
  /** Entries that speak against it, most telling first. */
  readonly because: readonly string[];
  /** For people. */
  readonly reason: string;
  readonly example?: Pick<MemoryEntry, 'text' | 'origin'> & {
    readonly subject: string;
    readonly object: string;
  };
}

/** A line of a file of findings: a finding, and what a curator decided. */
export type DecidedFinding = Finding & { readonly action: 'keep' | 'drop' | 'relabel' | null };

const lineShape = z.object({
  kind: z.enum(FINDING_KINDS),
  entry: z.string().nullable(),
  suggestion: z
    .union([
      z.object({ action: z.literal('drop') }),
      z.object({ action: z.literal('relabel'), label: z.string().min(1) }),
    ])
    .nullable()
    .optional(),
  action: z.enum(['keep', 'drop', 'relabel']).nullable().optional(),
  /** What the entry is to be called, where it is another label than the suggested one. */
  newLabel: z.string().min(1).optional(),
});

/**
 * Decisions from a file of findings. A finding counts where its `action` says so (`relabel` takes `newLabel`, else the
 * suggested label), or where it has none and its kind is among `accept`: then its suggestion does. Of several decisions
 * for one entry a drop wins.
 *
 * @throws NeighborKbError INVALID_FILE naming file, line and field
 */
export async function readDecisions(
  file: string,
  accept: ReadonlySet<FindingKind> = new Set(),
): Promise<Map<string, EntryDecision>> {
  const decisions = new Map<string, EntryDecision>();
  for await (const read of readJsonLines(createReadStream(file) as AsyncIterable<Uint8Array>)) {
    const fail = (message: string, field: readonly (string | number)[]): never => {
      throw new NeighborKbError('INVALID_FILE', `${file}:${read.line}: ${message}`, [
        file,
        read.line,
        ...field,
      ]);
    };
    if (!read.ok) return fail(read.error.message, []);
    const parsed = lineShape.safeParse(read.value);
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      const field = (issue?.path ?? []).map((part) => (typeof part === 'symbol' ? String(part) : part));
      return fail(`${field.join('.') || 'line'}: ${issue?.message ?? 'malformed'}`, field);
    }
    const { data } = parsed;
    const decision = decisionOf(data, accept);
    if (decision === 'no label')
      return fail('relabel: neither newLabel nor a suggested label is given', ['action']);
    if (decision === null) continue;
    if (data.entry === null) return fail(`${data.kind} names no entry that could be changed`, ['entry']);
    if (decisions.get(data.entry)?.action !== 'drop') decisions.set(data.entry, decision);
  }
  return decisions;
}

function decisionOf(
  { kind, entry, suggestion, action, newLabel }: z.infer<typeof lineShape>,
  accept: ReadonlySet<FindingKind>,
): EntryDecision | null | 'no label' {
  if (action === 'keep') return null;
  if (action === 'drop') return { action };
  if (action === 'relabel') {
    const label = newLabel ?? (suggestion?.action === 'relabel' ? suggestion.label : undefined);
    return label === undefined ? 'no label' : { action, label };
  }
  return entry !== null && accept.has(kind) ? (suggestion ?? null) : null;
}
