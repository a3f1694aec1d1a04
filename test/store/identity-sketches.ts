import fc from 'fast-check';
import { parseExternalId } from '../../src/domain/external-id.js';
import { entityId, knownEntityId } from '../../src/domain/identity.js';
import type { EntityType } from '../../src/domain/mention-types.js';
import type { EntityReference } from '../../src/domain/redirects.js';
import type { GraphStore } from '../../src/store/graph-store.js';
import type { KnownEntity } from '../../src/store/identity-store.js';

/** An entity as documents name it. */
export function named(type: EntityType, name: string): EntityReference {
  return { id: entityId(type, name), type, name };
}

export interface KnownSketch {
  readonly type?: EntityType;
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly externalIds?: readonly string[];
}

export function known({ type = 'PER', name, aliases = [], externalIds = [] }: KnownSketch): KnownEntity {
  const ids = externalIds.map(parseExternalId);
  return { id: knownEntityId(type, name, ids), type, name, aliases, externalIds: ids };
}

export async function* batches(...entries: KnownEntity[][]): AsyncGenerator<KnownEntity[]> {
  yield* entries;
}

export const importing = (store: GraphStore, dictionary: string, ...sketches: KnownSketch[]) =>
  store.identity.importDictionary(dictionary, batches(sketches.map(known)));

/** Something that a curator does. */
export type IdentityAct =
  | { readonly act: 'merge'; readonly from: EntityReference; readonly into: EntityReference }
  /** Undoes the merge in force at this place of the list, if there is one. */
  | { readonly act: 'unmerge'; readonly place: number }
  | { readonly act: 'import'; readonly dictionary: string; readonly entries: readonly KnownSketch[] }
  | { readonly act: 'remove'; readonly dictionary: string };

const NAMES = ['Ada Lovelace', 'Niels Bohr', 'Émile Zola'];
const entity = fc.oneof(
  fc.constantFrom(...NAMES).map((name) => named('PER', name)),
  fc.constantFrom('London', 'Paris').map((name) => named('LOC', name)),
);
const knownSketch: fc.Arbitrary<KnownSketch> = fc
  .record({
    number: fc.integer({ min: 1, max: 3 }),
    name: fc.constantFrom('Ada King', 'Bohr, Niels', ...NAMES),
    aliases: fc.uniqueArray(fc.constantFrom('The Countess', ...NAMES), { maxLength: 2 }),
    external: fc.boolean(),
  })
  .map(({ number, name, aliases, external }) => ({
    name,
    aliases: aliases.filter((alias) => alias !== name),
    externalIds: external ? [`wikidata:Q${number}`] : [],
  }));
const dictionary = fc.constantFrom('people', 'authors');

export const identityActs: fc.Arbitrary<IdentityAct[]> = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.record({ act: fc.constant('merge' as const), from: entity, into: entity }) },
    fc.record({ act: fc.constant('unmerge' as const), place: fc.nat({ max: 2 }) }),
    fc.record({
      act: fc.constant('import' as const),
      dictionary,
      entries: fc.array(knownSketch, { maxLength: 3 }),
    }),
    fc.record({ act: fc.constant('remove' as const), dictionary }),
  ),
  { maxLength: 6 },
);

/** Does it; a merge that the store refuses, since the two are one already, is not made. */
export async function perform({ identity }: GraphStore, act: IdentityAct): Promise<void> {
  switch (act.act) {
    case 'merge':
      await identity
        .merge({ from: act.from, into: act.into, by: 'ann', note: null })
        .catch((error: { code?: string }) => {
          if (error.code !== 'CONFLICT') throw error;
        });
      return;
    case 'unmerge': {
      const { items } = await identity.merges({ first: 100, filter: { inForce: true } });
      const inOrder = items.map(({ node }) => node).sort((a, b) => (a.from.id < b.from.id ? -1 : 1));
      const chosen = inOrder[act.place];
      if (chosen) await identity.unmerge(chosen.id, 'ben');
      return;
    }
    case 'import':
      await identity.importDictionary(act.dictionary, batches(act.entries.map(known)));
      return;
    case 'remove':
      await identity.removeDictionary(act.dictionary);
  }
}
