import type { KeyLayout } from '../key-file.js';
import { readKeyedEntries } from '../keyed-entries.js';
import type { Memory } from '../ports.js';

/** How far entries are from what a trusted memory would call them. */
export interface NoiseEstimate {
  /** The trusted memory. */
  readonly memory: string;
  /** Neighbours that were asked. */
  readonly k: number;
  readonly byLabel: Readonly<Record<string, LabelNoise>>;
  /** Share of all judged entries whose neighbours call them something else, in [0, 1]. */
  readonly share: number;
}

export interface LabelNoise {
  /** Entries whose label the trusted memory has. */
  readonly judged: number;
  readonly disagreeing: number;
}

const QUERIES_PER_SEARCH = 512;
const NEIGHBOURS = 16;

/**
 * Asks a memory that is trusted what it would call the entries of another: an entry disagrees where most of its
 * nearest neighbours there have one other label. Entries whose label the trusted memory does not have are not judged.
 * What it calls noise is partly the trusted memory's own error: compare it between memories rather than take it as it is.
 *
 * @param folder of entries and keys that were made by the trusted memory's encoder
 */
export async function estimateNoise(
  folder: string,
  layout: KeyLayout,
  trusted: Memory,
  { k = NEIGHBOURS, signal }: { readonly k?: number; readonly signal?: AbortSignal | undefined } = {},
): Promise<NoiseEstimate> {
  const covered = new Set(Object.keys(trusted.manifest.countsByLabel));
  const counts = new Map<string, { judged: number; disagreeing: number }>();
  for await (const { entries, keys } of readKeyedEntries(folder, layout, QUERIES_PER_SEARCH)) {
    signal?.throwIfAborted();
    const hits = await trusted.search(keys, entries.length, k);
    for (const [query, { label }] of entries.entries()) {
      if (!covered.has(label)) continue;
      const own = counts.get(label) ?? { judged: 0, disagreeing: 0 };
      const found = hits.indices.subarray(query * hits.k, (query + 1) * hits.k);
      own.judged++;
      if (majority(trusted, found) !== label) own.disagreeing++;
      counts.set(label, own);
    }
  }
  const all = [...counts.values()];
  const judged = all.reduce((sum, one) => sum + one.judged, 0);
  const disagreeing = all.reduce((sum, one) => sum + one.disagreeing, 0);
  return {
    memory: trusted.name,
    k,
    byLabel: Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1))),
    share: judged === 0 ? 0 : disagreeing / judged,
  };
}

/** The label that most of the entries have; of equals the one whose first entry is nearer. */
function majority(memory: Memory, entries: Int32Array): string | undefined {
  const votes = new Map<string, number>();
  for (const index of entries) {
    const { label } = memory.entry(index);
    votes.set(label, (votes.get(label) ?? 0) + 1);
  }
  let best: string | undefined;
  for (const [label, count] of votes) if (best === undefined || count > (votes.get(best) ?? 0)) best = label;
  return best;
}
