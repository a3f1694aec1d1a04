/** Pieces first..last, inclusive. */
export interface PieceRange {
  readonly first: number;
  readonly last: number;
}

/** The part of a text that one pass reads: one stretch, or two around mentions that are far apart. */
export class Excerpt {
  /** Equal for equal excerpts of one text. */
  readonly key: string;
  /** Number of pieces. */
  readonly length: number;

  /** @param ranges ascending, not touching */
  constructor(readonly ranges: readonly PieceRange[]) {
    this.key = ranges.map(({ first, last }) => `${first}-${last}`).join();
    this.length = ranges.reduce((total, { first, last }) => total + last - first + 1, 0);
  }

  /** Where a mention's pieces are in the excerpt; what lies outside of it is cut off. */
  place(mention: PieceRange): PieceRange {
    let offset = 0;
    for (const { first, last } of this.ranges) {
      if (mention.first <= last && first <= mention.last)
        return {
          first: offset + Math.max(first, mention.first) - first,
          last: offset + Math.min(last, mention.last) - first,
        };
      offset += last - first + 1;
    }
    throw new RangeError(`pieces ${mention.first}-${mention.last} lie outside of the excerpt ${this.key}`);
  }
}

/**
 * The excerpt of a text for a pair: the whole text where it fits; else a stretch around both mentions, taken from a
 * grid so that near pairs share it; else, for mentions farther apart than the model reads, half a stretch around
 * each.
 *
 * @param length pieces of the text
 * @param capacity most pieces of an excerpt, at least 4
 */
export function excerptFor(
  length: number,
  capacity: number,
  subject: PieceRange,
  object: PieceRange,
): Excerpt {
  if (length <= capacity) return new Excerpt([{ first: 0, last: length - 1 }]);
  const first = Math.min(subject.first, object.first);
  const last = Math.max(subject.last, object.last);
  const step = Math.max(1, capacity >> 2);
  if (last - first < capacity - step) {
    const centred = Math.floor(((first + last + 1) / 2 - capacity / 2) / step) * step;
    // The grid moves a stretch by less than a step to the left: what no longer fits moves it on by one.
    const start = Math.max(0, last >= centred + capacity ? centred + step : centred);
    return stretch(start, capacity, length);
  }
  if (last - first < capacity) return stretch(first, capacity, length);
  return aroundBoth(length, capacity, subject, object);
}

function aroundBoth(length: number, capacity: number, subject: PieceRange, object: PieceRange): Excerpt {
  const [one, other] = subject.first <= object.first ? [subject, object] : [object, subject];
  const half = capacity >> 1;
  const left = around(one, half, length);
  const right = around(other, half, length);
  if (right.first > left.last + 1) return new Excerpt([left, right]);
  // The halves meet: together they are one stretch no longer than the two.
  return new Excerpt([{ first: left.first, last: Math.max(left.last, right.last) }]);
}

/** `size` pieces around a mention, or its first `size` pieces if it is longer. */
function around(mention: PieceRange, size: number, length: number): PieceRange {
  const slack = Math.max(0, size - (mention.last - mention.first + 1));
  const first = Math.min(Math.max(0, mention.first - (slack >> 1)), Math.max(0, length - size));
  return { first, last: Math.min(length, first + size) - 1 };
}

function stretch(start: number, capacity: number, length: number): Excerpt {
  const first = Math.min(start, length - capacity);
  return new Excerpt([{ first, last: first + capacity - 1 }]);
}
