import type { DocumentId } from '../../domain/identity.js';
import type { GraphStore, StoreCounts } from '../graph-store.js';
import { all, dictionaryHash, pages } from './copy-identity.js';
import { documentBatches } from './document-batches.js';
import { distinctionHash, documentHash, entityHash, mergeHash, SetHash, tripleHash } from './graph-hash.js';

export interface Verification {
  /** Documents whose hashes are the same in both stores. */
  readonly documents: number;
  /** externalIds of those that differ or are missing in the target, at most DIFFERENCES_SHOWN. */
  readonly differing: readonly string[];
  /** What else differs, for people; empty where the two stores hold the same. */
  readonly problems: readonly string[];
}

export const DIFFERENCES_SHOWN = 20;

/**
 * Compares two stores: counts, a hash of every document with all that it brings, hashes over what decides on identity,
 * and over all triples and entities with what is derived for them.
 *
 * @param report documents compared so far; may throw to stop
 */
export async function verify(
  source: GraphStore,
  target: GraphStore,
  report: (done: number, total: number) => void,
): Promise<Verification> {
  const [counts, targetCounts] = await Promise.all([source.counts(), target.counts()]);
  const problems = countProblems(counts, targetCounts);
  const differing: string[] = [];
  let different = 0;
  let compared = 0;
  for await (const { documents } of documentBatches(source, null)) {
    const ids = documents.map(({ id }) => id);
    const [expected, found] = await Promise.all([hashes(source, ids), hashes(target, ids)]);
    for (const [place, { externalId }] of documents.entries()) {
      if (expected[place] === found[place]) continue;
      different++;
      if (differing.length < DIFFERENCES_SHOWN) differing.push(externalId);
    }
    compared += documents.length;
    report(compared, counts.documents);
  }
  if (different > 0) problems.push(`${different} documents differ`);
  for (const [what, hash] of Object.entries(DERIVED_AND_JUDGED)) {
    const [expected, found] = await Promise.all([hash(source), hash(target)]);
    if (expected !== found) problems.push(`the ${what} differ`);
  }
  return { documents: compared - different, differing, problems };
}

async function hashes(store: GraphStore, ids: readonly DocumentId[]): Promise<(string | null)[]> {
  const whole = await store.queries.extractedDocuments(ids);
  return whole.map((extracted) => extracted && documentHash(extracted));
}

async function dictionariesHash(store: GraphStore): Promise<string> {
  const hash = new SetHash();
  for (const { name } of await store.identity.dictionaries()) hash.add(await dictionaryHash(store, name));
  return hash.value;
}

async function mergesHash({ identity }: GraphStore): Promise<string> {
  const hash = new SetHash();
  for (const merge of await all((page) => identity.merges(page))) hash.add(mergeHash(merge));
  return hash.value;
}

async function distinctionsHash({ identity }: GraphStore): Promise<string> {
  const hash = new SetHash();
  for (const distinction of await all((page) => identity.distinctions(page)))
    hash.add(distinctionHash(distinction));
  return hash.value;
}

async function triplesHash(store: GraphStore): Promise<string> {
  const hash = new SetHash();
  for await (const page of pages((request) => store.triples({ ...request, order: 'confidenceAscending' })))
    for (const triple of page) hash.add(tripleHash(triple));
  return hash.value;
}

async function entitiesHash(store: GraphStore): Promise<string> {
  const hash = new SetHash();
  for await (const page of pages((request) => store.entities({ ...request, order: 'mentions' })))
    for (const entity of page) hash.add(entityHash(entity));
  return hash.value;
}

const DERIVED_AND_JUDGED = {
  ...{ dictionaries: dictionariesHash, merges: mergesHash, distinctions: distinctionsHash },
  ...{ triples: triplesHash, entities: entitiesHash },
};

function countProblems(expected: StoreCounts, found: StoreCounts): string[] {
  return (Object.keys(expected) as (keyof StoreCounts)[])
    .filter((what) => expected[what] !== found[what])
    .map((what) => `${what}: ${expected[what]} in the source, ${found[what]} in the target`);
}
