import type { RelationEncoder } from '../../inference/ports.js';
import { entryId } from '../entry-lines.js';
import { pairKey, type Example } from '../examples.js';
import type { MemoryEntry } from '../ports.js';
import type { LabelledSentence } from '../source.js';

/** A sentence with the pairs of it that are to be entries. */
export interface SentenceExamples {
  readonly sentence: Pick<LabelledSentence, 'text' | 'mentions' | 'origin'>;
  readonly examples: readonly Example[];
}

/** Entries with their keys, row after row. */
export interface BuiltEntries {
  readonly entries: readonly MemoryEntry[];
  /** entries x representationSize, raw. */
  readonly keys: Float32Array;
  /** Examples that were there already. */
  readonly repeated: number;
}

/**
 * Makes entries of examples, with the representation that the encoder gives each pair; a pair with two labels is
 * encoded once.
 * @param known whether an entry is in the package already; entries that come twice in `step` are kept once
 */
export async function buildEntries(
  encoder: Pick<RelationEncoder, 'encode' | 'representationSize'>,
  step: readonly SentenceExamples[],
  known: (entryId: string) => boolean,
): Promise<BuiltEntries> {
  const fresh = freshEntries(step, known);
  const size = encoder.representationSize;
  const encoded = await encoder.encode(
    fresh.sentences.map(({ sentence, pairs }) => ({
      text: sentence.text,
      mentions: sentence.mentions,
      pairs: [...pairs.values()],
    })),
  );
  const keys = new Float32Array(fresh.entries.length * size);
  const entries = fresh.entries.map(({ entry, sentence, row }, index) => {
    const from = row * size;
    // The encoder answers for every sentence that it was given.
    const { representations } = encoded[sentence] as (typeof encoded)[number];
    keys.set(representations.subarray(from, from + size), index * size);
    return entry;
  });
  return { entries, keys, repeated: fresh.repeated };
}

function freshEntries(step: readonly SentenceExamples[], known: (entryId: string) => boolean) {
  const seen = new Set<string>();
  const entries: { entry: MemoryEntry; sentence: number; row: number }[] = [];
  const sentences: { sentence: SentenceExamples['sentence']; pairs: Map<string, Example> }[] = [];
  let repeated = 0;
  for (const { sentence, examples } of step) {
    const pairs = new Map<string, Example>();
    const rows = new Map<string, number>();
    for (const example of examples) {
      const entry = entryOf(sentence, example);
      if (seen.has(entry.id) || known(entry.id)) {
        repeated++;
        continue;
      }
      seen.add(entry.id);
      const key = pairKey(example);
      const row = rows.get(key) ?? rows.size;
      rows.set(key, row);
      pairs.set(key, example);
      entries.push({ entry, sentence: sentences.length, row });
    }
    if (pairs.size > 0) sentences.push({ sentence, pairs });
  }
  return { entries, sentences, repeated };
}

function entryOf(
  { text, mentions, origin }: SentenceExamples['sentence'],
  { subject, object, label }: Example,
): MemoryEntry {
  // Whoever made the example took its mentions from the sentence.
  const [one, other] = [mentions[subject], mentions[object]] as [
    MemoryEntry['subject'],
    MemoryEntry['object'],
  ];
  const plain = ({ start, end, type }: MemoryEntry['subject']) => ({ start, end, type });
  const content = { text, subject: plain(one), object: plain(other), label };
  return { id: entryId(content), ...content, origin };
}
