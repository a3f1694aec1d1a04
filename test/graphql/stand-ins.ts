import { MENTION_TYPES, type EntityType } from '../../src/domain/mention-types.js';
import type {
  DetectedMention,
  MentionDetector,
  PairsOfSentence,
  RelationEncoder,
} from '../../src/inference/ports.js';
import type { EntryFilter, Memory, MemoryEntry, MemoryManifest, SearchHits } from '../../src/memory/ports.js';

/*
 * Models small enough to read: the API's tests ask how things are shown, not how well they are found. Everything
 * between them and the API is the real thing.
 */

const TYPES: Readonly<Record<string, EntityType>> = {
  Warsaw: 'LOC',
  Paris: 'LOC',
  London: 'LOC',
  'University of Paris': 'ORG',
  'Trinity College': 'ORG',
};

/** Capitalised words are names, four digits are years. */
export class WordDetector implements MentionDetector {
  readonly model = 'word-detector@1.0.0';
  readonly pronouns: ReadonlySet<string> = new Set(['he', 'she', 'his', 'her']);

  async detect(sentences: readonly string[]): Promise<DetectedMention[][]> {
    return sentences.map((sentence) =>
      [...sentence.matchAll(/\p{Lu}\p{L}+(?: of)?(?: \p{Lu}\p{L}+)*|\b\d{4}\b/gu)]
        .filter(([name]) => !this.pronouns.has(name.toLowerCase()))
        .map(({ 0: name, index }) => ({
          start: index,
          end: index + name.length,
          type: /^\d/.test(name) ? 'TIME' : (TYPES[name] ?? 'PER'),
          score: 0.9,
        })),
    );
  }

  async close(): Promise<void> {}
}

const CUES = [
  { word: 'born', label: 'P19' },
  { word: 'studied', label: 'P69' },
  { word: 'died', label: 'P20' },
] as const;

/** The words between subject and object decide; an object before its subject holds no relation. */
export class CueEncoder implements RelationEncoder {
  readonly model = 'cue-encoder@1.0.0';
  readonly modelHash = 'c'.repeat(64);
  readonly mentionTypes = MENTION_TYPES;
  readonly representationSize = CUES.length + 1;

  constructor(readonly labels: readonly string[]) {}

  async encode(sentences: readonly PairsOfSentence[]) {
    return sentences.map(({ text, mentions, pairs }) => {
      const representations = new Float32Array(pairs.length * this.representationSize);
      const logits = new Float32Array(pairs.length * this.labels.length);
      pairs.forEach((pair, row) => {
        const between = text.slice(mentions[pair.subject]!.end, mentions[pair.object]!.start);
        const cue = CUES.findIndex(({ word }) => between.includes(word));
        const component = cue < 0 ? CUES.length : cue;
        representations[row * this.representationSize + component] = 1;
        const label = cue < 0 ? 0 : this.labels.indexOf(CUES[cue]!.label);
        logits[row * this.labels.length + label] = 6;
      });
      return { representations, logits };
    });
  }

  async close(): Promise<void> {}
}

/** Searched by looking at every entry. */
export class ListMemory implements Memory {
  readonly version = '1.0.0';
  readonly manifest: MemoryManifest;
  private constructor(
    readonly name: string,
    private readonly entries: readonly MemoryEntry[],
    private readonly keys: Float32Array,
    private readonly encoder: RelationEncoder,
  ) {
    const countsByLabel: Record<string, number> = {};
    for (const { label } of entries) countsByLabel[label] = (countsByLabel[label] ?? 0) + 1;
    this.manifest = {
      formatVersion: 1,
      name,
      version: this.version,
      description: 'Sentences of a test.',
      license: 'MIT',
      model: encoder.model,
      modelHash: encoder.modelHash,
      representationSize: encoder.representationSize,
      normalised: false,
      entries: entries.length,
      countsByLabel,
      sources: ['people.jsonl'],
      keyType: 'float32',
      files: [],
    };
  }

  static async of(
    name: string,
    entries: readonly MemoryEntry[],
    encoder: RelationEncoder,
  ): Promise<ListMemory> {
    const encoded = await encoder.encode(
      entries.map(({ text, subject, object }) => ({
        text,
        mentions: [subject, object],
        pairs: [{ subject: 0, object: 1 }],
      })),
    );
    const size = encoder.representationSize;
    const keys = new Float32Array(entries.length * size);
    encoded.forEach(({ representations }, index) => keys.set(representations, index * size));
    return new ListMemory(name, entries, keys, encoder);
  }

  get size(): number {
    return this.entries.length;
  }

  entry(index: number): MemoryEntry {
    const entry = this.entries[index];
    if (!entry) throw new RangeError(`no entry ${index}`);
    return entry;
  }

  indexOf(entryId: string): number {
    return this.entries.findIndex(({ id }) => id === entryId);
  }

  filter({ labels, text, origin }: EntryFilter): readonly MemoryEntry[] {
    return this.entries.filter(
      (entry) =>
        (labels === undefined || labels.includes(entry.label)) &&
        (text === undefined || entry.text.toLowerCase().includes(text.toLowerCase())) &&
        (origin === undefined || entry.origin.startsWith(origin)),
    );
  }

  async search(queries: Float32Array, count: number, k: number): Promise<SearchHits> {
    const found = Math.min(k, this.size);
    const indices = new Int32Array(count * found);
    const squaredDistances = new Float32Array(count * found);
    for (let query = 0; query < count; query++)
      this.entries
        .map((_entry, index) => ({ index, distance: this.distance(queries, query, index) }))
        .sort((a, b) => a.distance - b.distance || a.index - b.index)
        .slice(0, found)
        .forEach(({ index, distance }, rank) => {
          indices[query * found + rank] = index;
          squaredDistances[query * found + rank] = distance;
        });
    return { k: found, indices, squaredDistances };
  }

  private distance(queries: Float32Array, query: number, entry: number): number {
    const size = this.encoder.representationSize;
    let sum = 0;
    for (let i = 0; i < size; i++) sum += (queries[query * size + i]! - this.keys[entry * size + i]!) ** 2;
    return sum;
  }

  async close(): Promise<void> {}
}

/** `Ann was born in Rome.` for each cue, several times over, and some that hold nothing. */
export function sampleEntries(): MemoryEntry[] {
  const entries: MemoryEntry[] = [];
  const add = (subject: string, words: string, object: string, label: string, type: EntityType): void => {
    const text = `${subject} ${words} ${object}.`;
    entries.push({
      id: `e${entries.length}`,
      text,
      subject: { start: 0, end: subject.length, type: 'PER' },
      object: { start: text.length - 1 - object.length, end: text.length - 1, type },
      label,
      origin: `people.jsonl:${entries.length + 1}`,
    });
  };
  for (const [index, subject] of ['Ada 🎓 Byron', 'Isaac Newton', 'Emmy Noether', 'Niels Bohr'].entries()) {
    add(subject, 'was born in', 'London', 'P19', 'LOC');
    add(subject, 'studied at', 'Trinity College', 'P69', 'ORG');
    add(subject, 'died in', 'Cambridge', 'P20', 'LOC');
    add(subject, `passed by, ${index} times,`, 'Rome', 'NIL', 'LOC');
  }
  return entries;
}
