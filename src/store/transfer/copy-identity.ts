import type { GraphStore, Page, PageRequest } from '../graph-store.js';
import type { KnownEntity } from '../identity-store.js';

export interface CopiedIdentity {
  readonly dictionaries: number;
  readonly merges: number;
  readonly distinctions: number;
}

/** Things of one page. */
const PAGE = 500;

/** Copies what decides which entity a mention refers to: dictionaries, merges with their history, distinctions. */
export async function copyIdentity(source: GraphStore, target: GraphStore): Promise<CopiedIdentity> {
  const dictionaries = await source.identity.dictionaries();
  for (const { name } of dictionaries) {
    const entries = pages<KnownEntity>((page) =>
      source.identity.knownEntities({ ...page, dictionary: name }),
    );
    await target.identity.importDictionary(name, entries);
  }

  const merges = (await all((page) => source.identity.merges(page))).reverse();
  // Oldest first: what a merge was made into may have been merged later.
  if (merges.length > 0) await target.identity.restoreMerges(merges);

  const distinctions = (await all((page) => source.identity.distinctions(page))).reverse();
  for (const distinction of distinctions) await target.identity.distinguish(distinction);
  return {
    dictionaries: dictionaries.length,
    merges: merges.length,
    distinctions: distinctions.length,
  };
}

async function all<T>(read: (page: PageRequest) => Promise<Page<T>>): Promise<T[]> {
  const found: T[] = [];
  for await (const page of pages(read)) found.push(...page);
  return found;
}

export async function* pages<T>(read: (page: PageRequest) => Promise<Page<T>>): AsyncGenerator<readonly T[]> {
  for (let after: string | undefined; ;) {
    const page = await read({ first: PAGE, ...(after === undefined ? {} : { after }) });
    if (page.items.length > 0) yield page.items.map(({ node }) => node);
    after = page.items.at(-1)?.cursor;
    if (!page.hasNextPage || after === undefined) return;
  }
}
