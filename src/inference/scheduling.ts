import pLimit from 'p-limit';

/**
 * Tokens that go to a worker in one message: enough that messages cost nothing beside the work, few enough that
 * all workers have some.
 */
const TOKENS_PER_TASK = 2048;

/**
 * Groups of items with at most `budget` tokens each (an item that is larger alone stands alone), longest first, so
 * that the last groups to finish are small and rows of one group have like lengths.
 *
 * @param lengths tokens of each item
 * @returns indices of the items
 */
export function groupByLength(lengths: readonly number[], budget = TOKENS_PER_TASK): number[][] {
  const order = [...lengths.keys()].sort((a, b) => (lengths[b] as number) - (lengths[a] as number) || a - b);
  const groups: number[][] = [];
  let tokens = Infinity;
  for (const index of order) {
    const length = lengths[index] as number;
    if (tokens + length > budget) {
      groups.push([]);
      tokens = 0;
    }
    (groups[groups.length - 1] as number[]).push(index);
    tokens += length;
  }
  return groups;
}

/**
 * Runs `work` for each item with a bounded number under way, so that inputs are built only shortly before they
 * are used. The first error rejects; nothing new is begun after it.
 */
export async function runBounded<Item>(
  items: readonly Item[],
  underWay: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const limit = pLimit(underWay);
  let failed = false;
  const attempt = async (item: Item): Promise<void> => {
    if (failed) return;
    try {
      await work(item);
    } catch (error) {
      failed = true;
      throw error;
    }
  };
  await Promise.all(items.map((item) => limit(attempt, item)));
}
