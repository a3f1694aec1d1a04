import { spansOverlap } from '../domain/offsets.js';
import type { EntryFilter, Memory } from '../memory/ports.js';
import { invalidArgument } from './errors.js';
import { LIMITS } from './limits.js';
import type { EntryInMemory } from './node-ids.js';
import type { ApiServices } from './services.js';
import { requireSpanInText, toUtf16Spans } from './spans.js';
import type { MarkedPairInput, MarkedSpanInput } from './types/memory.js';

/**
 * The entries of a memory that lie nearest to a marked pair, nearest first, with their squared distances.
 * Conditions are applied to the `LIMITS.similarEntries` nearest.
 * @throws NeighborKbError INVALID_ARGUMENT naming the field of `similarTo`
 */
export async function similarEntries(
  encoder: ApiServices['encoder'],
  memory: Memory,
  { text, subject, object, offsetUnit }: MarkedPairInput,
  filter: EntryFilter,
): Promise<EntryInMemory[]> {
  if (text.length > LIMITS.similarTextLength)
    throw invalidArgument(
      `text has ${text.length} characters; at most ${LIMITS.similarTextLength}`,
      'similarTo',
      'text',
    );
  const [subjectSpan] = toUtf16Spans(text, [subject], offsetUnit) as [MarkedSpanInput];
  const [objectSpan] = toUtf16Spans(text, [object], offsetUnit) as [MarkedSpanInput];
  requireSpanInText(text, subjectSpan, 'similarTo', 'subject');
  requireSpanInText(text, objectSpan, 'similarTo', 'object');
  if (spansOverlap(subjectSpan, objectSpan))
    throw invalidArgument('the object overlaps the subject', 'similarTo', 'object');

  const [encoded] = await encoder.encode([
    { text, mentions: [subjectSpan, objectSpan], pairs: [{ subject: 0, object: 1 }] },
  ]);
  if (!encoded) throw new Error('the encoder answered with no pair');
  const wanted = Math.min(memory.size, LIMITS.similarEntries);
  if (wanted === 0) return [];
  const { k, indices, squaredDistances } = await memory.search(encoded.representations, 1, wanted);
  const matching =
    Object.keys(filter).length === 0 ? null : new Set(memory.filter(filter).map(({ id }) => id));
  const found: EntryInMemory[] = [];
  for (let rank = 0; rank < k; rank++) {
    const entry = memory.entry(indices[rank] as number);
    if (matching === null || matching.has(entry.id))
      found.push({ memory, entry, squaredDistance: squaredDistances[rank] as number });
  }
  return found;
}
