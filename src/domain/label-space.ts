/**
 * The labels of one scoring: the encoder's, then those that the schema and the memories add. A relation that was taught
 * by examples alone is voted for like any other; the encoder gives it no probability.
 */
export class LabelSpace {
  /** NIL at index 0; the encoder's labels keep their indices. */
  readonly labels: readonly string[];
  /** Labels of the encoder: the length of its rows. */
  readonly encoderLabels: number;
  private readonly indices: ReadonlyMap<string, number>;

  /**
   * @param encoderLabels NIL first
   * @param further labels in a fixed order; those that are known already are left out
   */
  constructor(encoderLabels: readonly string[], further: Iterable<string> = []) {
    this.encoderLabels = encoderLabels.length;
    this.labels = [...new Set([...encoderLabels, ...further])];
    this.indices = new Map(this.labels.map((label, index) => [label, index]));
  }

  get size(): number {
    return this.labels.length;
  }

  /** -1 for a label that is not among them. */
  indexOf(label: string): number {
    return this.indices.get(label) ?? -1;
  }

  /**
   * p_RE over all labels: 0 for those that the encoder lacks.
   * @param classifier rows x encoderLabels, row-major
   * @returns rows x size; `classifier` itself where nothing is added
   */
  widen(classifier: Float32Array): Float32Array {
    if (this.size === this.encoderLabels) return classifier;
    const rows = classifier.length / this.encoderLabels;
    const wide = new Float32Array(rows * this.size);
    for (let row = 0; row < rows; row++)
      wide.set(
        classifier.subarray(row * this.encoderLabels, (row + 1) * this.encoderLabels),
        row * this.size,
      );
    return wide;
  }
}
