import { MAX_PAGE_SIZE, type Page, type PageRequest } from './graph-store.js';

/**
 * All pages of a list, each read when it is asked for.
 *
 * @param read gives one page
 * @param first items of a page, 1..MAX_PAGE_SIZE
 */
export async function* allPages<T>(
  read: (request: PageRequest) => Promise<Page<T>>,
  first = MAX_PAGE_SIZE,
): AsyncGenerator<Page<T>> {
  for (let after: string | undefined; ;) {
    const page = await read(after === undefined ? { first } : { first, after });
    yield page;
    after = page.items.at(-1)?.cursor;
    if (!page.hasNextPage || after === undefined) return;
  }
}
