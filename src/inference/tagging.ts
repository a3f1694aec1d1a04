import { NeighborKbError } from '../domain/errors.js';
import { ENTITY_TYPES, type EntityType } from '../domain/mention-types.js';
import { softmax } from '../domain/mixture.js';

/** A run of words that is one mention: words first..last, inclusive. */
export interface TaggedWords {
  readonly first: number;
  readonly last: number;
  readonly type: EntityType;
  /** Geometric mean of the probabilities of its words' tags, in (0, 1]: a long name is not less certain. */
  readonly score: number;
}

interface Tag {
  /** Whether a mention begins here; O begins none and goes on with none. */
  readonly role: 'outside' | 'begin' | 'inside';
  readonly type: EntityType | null;
}

/** BIO tags of a mention detector and their decoding. */
export class TagSet {
  private readonly tags: readonly Tag[];
  /** Tag indices that each tag may follow. */
  private readonly predecessors: readonly (readonly number[])[];

  /**
   * @param labels the card's: `O`, `B-PER`, `I-PER`, ...
   * @throws NeighborKbError MODEL_CORRUPT for a label that is none of these
   */
  constructor(labels: readonly string[]) {
    this.tags = labels.map(parseTag);
    this.predecessors = this.tags.map((tag) =>
      [...this.tags.keys()].filter(
        (previous) => tag.role !== 'inside' || this.tags[previous]?.type === tag.type,
      ),
    );
  }

  get size(): number {
    return this.tags.length;
  }

  /**
   * The most probable valid tag sequence (an inside tag only after a tag of its type) and its mentions, in order.
   *
   * @param logits words x tags, row-major
   */
  decode(logits: Float32Array): TaggedWords[] {
    const words = logits.length / this.size;
    if (words === 0) return [];
    const probabilities = new Float64Array(logits.length);
    for (let word = 0; word < words; word++)
      probabilities.set(softmax(logits, word * this.size, this.size), word * this.size);
    return this.mentions(this.viterbi(probabilities, words), probabilities);
  }

  private viterbi(probabilities: Float64Array, words: number): Int32Array {
    const size = this.size;
    let total = Float64Array.from(this.tags, ({ role }, tag) =>
      role === 'inside' ? -Infinity : Math.log(probabilities[tag] as number),
    );
    const back = new Int32Array(words * size);
    for (let word = 1; word < words; word++) {
      const next = new Float64Array(size);
      for (let tag = 0; tag < size; tag++) {
        let best = -1;
        for (const previous of this.predecessors[tag] as readonly number[])
          if (best < 0 || (total[previous] as number) > (total[best] as number)) best = previous;
        back[word * size + tag] = best;
        next[tag] = (total[best] as number) + Math.log(probabilities[word * size + tag] as number);
      }
      total = next;
    }
    const path = new Int32Array(words);
    let tag = total.reduce((best, value, index) => (value > (total[best] as number) ? index : best), 0);
    for (let word = words - 1; word >= 0; word--) {
      path[word] = tag;
      tag = back[word * size + tag] as number;
    }
    return path;
  }

  private mentions(path: Int32Array, probabilities: Float64Array): TaggedWords[] {
    const mentions: TaggedWords[] = [];
    let word = 0;
    while (word < path.length) {
      const { role, type } = this.tags[path[word] as number] as Tag;
      if (role === 'outside' || type === null) {
        word++;
        continue;
      }
      const first = word;
      let logarithms = 0;
      do {
        logarithms += Math.log(probabilities[word * this.size + (path[word] as number)] as number);
        word++;
      } while (word < path.length && this.tags[path[word] as number]?.role === 'inside');
      mentions.push({ first, last: word - 1, type, score: Math.exp(logarithms / (word - first)) });
    }
    return mentions;
  }
}

function parseTag(label: string, index: number): Tag {
  if (label === 'O') return { role: 'outside', type: null };
  const type = ENTITY_TYPES.find((candidate) => candidate === label.slice(2));
  if (type && label.startsWith('B-')) return { role: 'begin', type };
  if (type && label.startsWith('I-')) return { role: 'inside', type };
  throw new NeighborKbError(
    'MODEL_CORRUPT',
    `label ${JSON.stringify(label)} is no BIO tag of an entity type`,
    ['card.json', 'labels', index],
  );
}
