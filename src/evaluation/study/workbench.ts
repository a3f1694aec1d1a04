import { basename } from 'node:path';
import type { DatasetFormat, LabelledText } from '../../datasets/ports.js';
import { openDataset } from '../../datasets/open.js';
import { LabelSpace } from '../../domain/label-space.js';
import { NIL } from '../../domain/predicates.js';
import type { RelationEncoder } from '../../inference/ports.js';
import { encodeGoldPairs, type GoldPairOptions, type GoldPairs } from '../gold-pairs.js';
import { labelledRows, type LabelledRow } from '../gold-memory.js';
import { type GoldIndex, indexGold } from '../gold-index.js';
import { LabelMapping } from '../../memory/building/label-mapping.js';
import type { PairCache } from '../pair-cache.js';
import { type GoldGate, tableOfGoldPairs, type PairTable } from '../pair-table.js';
import { labelsOf, type Passage, passageOf, requireFacts } from '../passages.js';

/** A data set's file and how it is read for a study. */
export interface StudySet {
  readonly format: DatasetFormat;
  readonly path: string;
  readonly pairs?: GoldPairOptions['pairs'];
  /** What its labels and mention types are to the encoder; absent: themselves. */
  readonly mapping?: LabelMapping;
}

/** A data set as one encoder sees it. */
export interface EncodedSet {
  /** The file's name. */
  readonly name: string;
  readonly texts: readonly LabelledText[];
  readonly pairs: GoldPairs;
  readonly rows: readonly LabelledRow[];
  readonly mapping: LabelMapping;
  /** Labels that it uses, NIL left out. */
  readonly labels: readonly string[];
}

/** A set that is scored on: its pairs under a label space, and what is to be found. */
export interface ScoredSet {
  readonly name: string;
  readonly passages: readonly Passage[];
  readonly pairs: PairTable;
  readonly gold: GoldIndex;
}

/** One encoder with its encodings of data sets. */
export class Workbench {
  constructor(
    readonly encoder: RelationEncoder,
    private readonly cache: PairCache,
    private readonly onProgress: (set: string, done: number, total: number) => void = () => undefined,
  ) {}

  /** The encoder as tables name it. */
  get model(): { readonly model: string; readonly hash: string } {
    return { model: this.encoder.model, hash: this.encoder.modelHash };
  }

  /** Reads and encodes a set, or takes its encodings from the cache. @throws NeighborKbError of reader and encoder */
  async load({ format, path, pairs: wanted, mapping }: StudySet): Promise<EncodedSet> {
    const name = basename(path);
    const texts: LabelledText[] = [];
    for await (const text of await openDataset(format, path)) texts.push(text);
    const own = mapping ?? LabelMapping.IDENTITY;
    const options = { wanted, types: mapping?.toJSON().types };
    const pairs = await this.cache.gold({ models: [this.encoder.modelHash], files: [path], options }, () =>
      encodeGoldPairs(this.encoder, texts, {
        ...(wanted && { pairs: wanted }),
        ...(mapping && { mentionType: (type) => mapping.type(type) }),
        onProgress: (done, total) => this.onProgress(name, done, total),
      }),
    );
    return {
      name,
      texts,
      pairs,
      rows: labelledRows(texts, pairs, own),
      mapping: own,
      labels: labelsOf(texts, own),
    };
  }

  /** Labels of the encoder, then those that the sets add. */
  space(sets: readonly EncodedSet[]): LabelSpace {
    return new LabelSpace(this.encoder.labels, [...new Set(sets.flatMap(({ labels }) => labels))].sort());
  }

  /**
   * A set under a label space.
   * @param gate labels that may win and are looked for; absent: all of the space, whatever the types
   * @throws NeighborKbError INVALID_ARGUMENT for a set without any of these labels
   */
  scored(set: EncodedSet, space: LabelSpace, gate: Partial<GoldGate> = {}): ScoredSet {
    const labels = gate.judged ?? new Set(space.labels.filter((label) => label !== NIL));
    const passages = set.texts.map((text) => {
      const passage = passageOf(text, set.mapping, labels);
      return { ...passage, facts: passage.facts.filter(({ predicate }) => labels.has(predicate)) };
    });
    requireFacts(passages, set.name, []);
    const pairs = tableOfGoldPairs(set.pairs, set.texts, space, { ...gate, judged: labels });
    return { name: set.name, passages, pairs, gold: indexGold(passages, pairs, 'exact') };
  }
}
