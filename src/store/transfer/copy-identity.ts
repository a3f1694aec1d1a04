import { createHash } from 'node:crypto';
import type { GraphStore, Page, PageRequest } from '../graph-store.js';
import type { KnownEntity } from '../identity-store.js';
import { distinctionHash, entryHash } from './graph-hash.js';

/** Things of one page. */
const PAGE = 500;

/**
 * Copies what decides which entity a mention refers to: dictionaries, merges with their history, distinctions. What is
 * there already as it is in the source stays, so it may be run again for what has come since. What went since is left
 * where it is: `verify` says so.
 */
export async function copyIdentity(source: GraphStore, target: GraphStore): Promise<void> {
  const there = new Set((await target.identity.dictionaries()).map(({ name }) => name));
  for (const { name } of await source.identity.dictionaries()) {
    const isSame =
      there.has(name) && (await dictionaryHash(source, name)) === (await dictionaryHash(target, name));
    if (!isSame) await target.identity.importDictionary(name, entriesOf(source, name));
  }

  // Oldest first: what a merge was made into may have been merged later.
  const merges = (await all((page) => source.identity.merges(page))).reverse();
  if (merges.length > 0) await target.identity.restoreMerges(merges);

  const known = new Set((await all((page) => target.identity.distinctions(page))).map(distinctionHash));
  const distinctions = (await all((page) => source.identity.distinctions(page))).reverse();
  for (const distinction of distinctions)
    if (!known.has(distinctionHash(distinction))) await target.identity.distinguish(distinction);
}

/** A dictionary with all its entries, in their order. */
export async function dictionaryHash(store: GraphStore, name: string): Promise<string> {
  const hash = createHash('sha256').update(name);
  for await (const entries of entriesOf(store, name))
    for (const entry of entries) hash.update(entryHash(entry));
  return hash.digest('hex');
}

function entriesOf({ identity }: GraphStore, dictionary: string): AsyncGenerator<readonly KnownEntity[]> {
  return pages((page) => identity.knownEntities({ ...page, dictionary }));
}

export async function all<T>(read: (page: PageRequest) => Promise<Page<T>>): Promise<T[]> {
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
