import type { ExternalId } from '../domain/external-id.js';
import type { EntityId, MergeId } from '../domain/identity.js';
import type { EntityType } from '../domain/mention-types.js';
import type { Distinction, EntityReference, Merge } from '../domain/redirects.js';
import type { Page, PageRequest } from './graph-store.js';

/**
 * The port to what decides which entity a mention refers to beyond its document: merges, dictionaries of known
 * entities, and what curators keep apart. Every change brings mentions, evidence and triples up to date in the same
 * transaction; the graph that results depends on the documents and on what is in force here, not on the order in which
 * they came.
 */
export interface IdentityStore {
  /**
   * Redirects one entity to another. Both may be ids that are redirected themselves: then what they stand for is merged.
   * @throws NeighborKbError CONFLICT where the two are one already; INVALID_ARGUMENT for dates and numbers
   */
  merge(order: MergeOrder): Promise<MergeOutcome>;
  /** Takes a merge back; the record stays. @throws NeighborKbError NOT_FOUND; CONFLICT where it is undone already */
  unmerge(id: MergeId, by: string): Promise<MergeOutcome>;
  mergesById(ids: readonly MergeId[]): Promise<(Merge | null)[]>;
  /** Latest first. */
  merges(query: MergeQuery): Promise<Page<Merge>>;
  /**
   * Takes over merges as they were recorded elsewhere, undone ones included. Of those that are there already, what was
   * undone since is undone; else they are left alone.
   * @throws NeighborKbError CONFLICT where one contradicts a merge in force
   */
  restoreMerges(merges: readonly Merge[]): Promise<void>;

  /**
   * Puts a dictionary in the place of the one with its name, as a whole or not at all.
   * @param entries in batches; whatever they throw leaves everything as it was
   */
  importDictionary(name: string, entries: AsyncIterable<readonly KnownEntity[]>): Promise<DictionaryOutcome>;
  /** Null where there is none. */
  removeDictionary(name: string): Promise<IdentityChanges | null>;
  /** By name. */
  dictionaries(): Promise<Dictionary[]>;
  /** In the order of the dictionary. @throws NeighborKbError NOT_FOUND */
  knownEntities(query: KnownEntityQuery): Promise<Page<KnownEntity>>;

  /** Records that two entities are not one; null note keeps none. Said again, it replaces what was said. */
  distinguish(distinction: Distinction): Promise<Distinction>;
  /** @returns whether it was recorded */
  withdrawDistinction(a: EntityId, b: EntityId): Promise<boolean>;
  /** Latest first. */
  distinctions(query: PageRequest): Promise<Page<Distinction>>;

  /** What ids stand for, known from redirects alone: null for an id that is not redirected. */
  redirectsOf(ids: readonly EntityId[]): Promise<(EntityReference | null)[]>;
}

export interface MergeOrder {
  readonly from: EntityReference;
  readonly into: EntityReference;
  readonly by: string;
  readonly note: string | null;
}

export interface MergeOutcome {
  readonly merge: Merge;
  readonly changes: IdentityChanges;
}

/** What a change of identity did to the graph. */
export interface IdentityChanges {
  /** Mentions that refer to another entity than before. */
  readonly mentions: number;
  /** Pieces of evidence that support another triple than before, or none, or one again. */
  readonly evidence: number;
}

export interface MergeQuery extends PageRequest {
  readonly filter?: {
    /** Either end was one of these. */
    readonly entityIds?: readonly EntityId[];
    /** Those in force, or those undone. */
    readonly inForce?: boolean;
  };
}

/** An entry of a dictionary. */
export interface KnownEntity {
  /** `knownEntityId` of what follows. */
  readonly id: EntityId;
  readonly type: EntityType;
  /** The name that it goes by. */
  readonly name: string;
  /** Other names; none twice, none the name itself. */
  readonly aliases: readonly string[];
  /** The first one is what it is identified by. */
  readonly externalIds: readonly ExternalId[];
}

export interface KnownEntityQuery extends PageRequest {
  readonly dictionary: string;
}

export interface Dictionary {
  readonly name: string;
  /** ISO 8601 in UTC. */
  readonly importedAt: string;
  readonly entities: number;
  /** Different names of its entities, by type. */
  readonly names: number;
  /** Names of those that another known entity of any dictionary has, too: mentions of them are left alone. */
  readonly ambiguousNames: number;
}

export interface DictionaryOutcome {
  readonly dictionary: Dictionary;
  readonly changes: IdentityChanges;
  /** The first few ambiguous names, by name. */
  readonly ambiguous: readonly AmbiguousName[];
}

export interface AmbiguousName {
  readonly name: string;
  readonly type: EntityType;
  /** Entities that go by it, by id. */
  readonly entities: readonly EntityReference[];
}

/** How many ambiguous names an import lists. */
export const AMBIGUOUS_NAMES_SHOWN = 20;
