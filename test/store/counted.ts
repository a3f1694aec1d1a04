import type { Page } from '../../src/store/graph-store.js';

/** A page with the number of its list's items, to be compared as a whole. */
export async function counted<T>(page: Page<T>) {
  return { ...page, totalCount: await page.totalCount() };
}
