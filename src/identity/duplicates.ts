import { setImmediate } from 'node:timers/promises';
import { NeighborKbError } from '../domain/errors.js';
import type { EntityId } from '../domain/identity.js';
import { ENTITY_TYPES, type EntityType } from '../domain/mention-types.js';
import type { Entity } from '../domain/model.js';
import { allPages } from '../store/all-pages.js';
import type { GraphStore, PageRequest } from '../store/graph-store.js';
import {
  blockingKeys,
  compareNames,
  namedEntity,
  type DuplicateEvidence,
  type NamedEntity,
} from './name-evidence.js';
import { sharedNeighbours } from './shared-neighbours.js';

/** Two entities that may be one. */
export interface DuplicateSuggestion {
  /** The one to keep first: more often mentioned, or known to a dictionary. */
  readonly entities: readonly [Entity, Entity];
  /** 1 - Π (1 - weight) over the reasons, in (0, 1). */
  readonly score: number;
  /** Strongest first. */
  readonly evidence: readonly DuplicateEvidence[];
}

export interface DuplicateQuery {
  /** Most suggestions, 1..MAX_SUGGESTIONS. */
  readonly first: number;
  /** In [0, 1]. Default DEFAULT_MIN_SCORE. */
  readonly minScore?: number;
  /** Either entity has one of these types. Default all but dates and numbers. */
  readonly types?: readonly EntityType[];
}

export const MAX_SUGGESTIONS = 500;
export const DEFAULT_MIN_SCORE = 0.5;

/** A key that more entities share tells nothing: "university", "john". */
const MAX_BLOCK = 60;
/** Pairs whose neighbours are looked at, for each suggestion asked for. */
const NEIGHBOUR_POOL = 4;
/** Pairs that are compared between two turns of the event loop. */
const STRETCH = 500;

/**
 * Suggests entities to merge, best first, ties by id. Linear: entities are compared only within blocks of bounded size
 * that share a word, initials, a beginning or end, or an external id. Pairs that a curator keeps apart are left out.
 *
 * @throws NeighborKbError INVALID_ARGUMENT naming the field
 */
export async function suggestDuplicates(
  store: GraphStore,
  query: DuplicateQuery,
  onProgress: (done: number, total: number) => void = () => undefined,
): Promise<DuplicateSuggestion[]> {
  const { first, minScore = DEFAULT_MIN_SCORE } = checked(query);
  const types = query.types ?? ENTITY_TYPES.filter((type) => type !== 'TIME' && type !== 'NUM');
  const [entities, apart] = [await namedEntities(store, types, onProgress), await keptApart(store)];
  const pool = await candidates(entities, apart);
  const drafts = pool.slice(0, first * NEIGHBOUR_POOL);
  const neighbours = await sharedNeighbours(
    store,
    drafts.map(({ a, b }) => [a.entity.id, b.entity.id]),
  );
  return drafts
    .map(({ a, b, evidence }, place) => {
      const shared = neighbours[place];
      return suggestion(a, b, shared ? [...evidence, shared] : evidence);
    })
    .filter(({ score }) => score >= minScore)
    .sort(byScore)
    .slice(0, first);
}

interface Draft {
  readonly a: Ranked;
  readonly b: Ranked;
  readonly evidence: readonly DuplicateEvidence[];
  readonly score: number;
}

/** With its place among all, most mentioned first. */
interface Ranked extends NamedEntity {
  readonly rank: number;
}

async function namedEntities(
  store: GraphStore,
  types: readonly EntityType[],
  onProgress: (done: number, total: number) => void,
): Promise<Ranked[]> {
  const found: Ranked[] = [];
  let total: number | undefined;
  const read = (request: PageRequest) => store.entities({ ...request, order: 'mentions', filter: { types } });
  for await (const page of allPages(read)) {
    const entities = page.items.map(({ node }) => node);
    const aliases = await store.aliasesOfEntities(entities.map(({ id }) => id));
    for (const [place, entity] of entities.entries())
      found.push({ ...namedEntity(entity, aliases[place] ?? []), rank: found.length });
    total ??= await page.totalCount();
    onProgress(found.length, total);
  }
  return found;
}

/** Pairs that a curator keeps apart, as their entities stand now. */
async function keptApart({ identity }: GraphStore): Promise<ReadonlySet<string>> {
  const pairs: [EntityId, EntityId][] = [];
  for await (const page of allPages((request) => identity.distinctions(request)))
    for (const { node } of page.items) pairs.push([node.entities[0].id, node.entities[1].id]);
  const ids = pairs.flat();
  const redirects = await identity.redirectsOf(ids);
  const now = ids.map((id, place) => redirects[place]?.id ?? id);
  return new Set(
    pairs.map((_, place) => pairKey(now[2 * place] as EntityId, now[2 * place + 1] as EntityId)),
  );
}

/** Pairs with some evidence, best first. A weak one is no reason to leave a pair out: neighbours may say much more. */
async function candidates(entities: readonly Ranked[], apart: ReadonlySet<string>): Promise<Draft[]> {
  const blocks = new Map<string, Ranked[]>();
  for (const [place, entity] of entities.entries()) {
    for (const key of blockingKeys(entity)) {
      const block = blocks.get(key);
      if (block) block.push(entity);
      else blocks.set(key, [entity]);
    }
    if (place % STRETCH === 0) await setImmediate();
  }
  const drafts = new Map<string, Draft>();
  const compared = new Set<number>();
  let turn = 0;
  for (const block of blocks.values()) {
    if (block.length > MAX_BLOCK) continue;
    for (const [place, b] of block.entries())
      for (const a of block.slice(0, place)) {
        const pair = a.rank * entities.length + b.rank;
        if (compared.has(pair)) continue;
        compared.add(pair);
        const evidence = compareNames(a, b);
        const score = scoreOf(evidence);
        const key = pairKey(a.entity.id, b.entity.id);
        if (evidence.length > 0 && !apart.has(key)) drafts.set(key, { a, b, evidence, score });
        if (++turn % STRETCH === 0) await setImmediate();
      }
  }
  return [...drafts.values()].sort((a, b) => b.score - a.score || a.a.rank - b.a.rank || a.b.rank - b.b.rank);
}

function suggestion(a: Ranked, b: Ranked, evidence: readonly DuplicateEvidence[]): DuplicateSuggestion {
  const knownFirst = Number(b.entity.externalIds.length > 0) - Number(a.entity.externalIds.length > 0);
  const [keep, merge] = (knownFirst || a.rank - b.rank) <= 0 ? [a, b] : [b, a];
  return {
    entities: [keep.entity, merge.entity],
    score: scoreOf(evidence),
    evidence: [...evidence].sort((one, other) => other.weight - one.weight),
  };
}

function scoreOf(evidence: readonly DuplicateEvidence[]): number {
  return 1 - evidence.reduce((product, { weight }) => product * (1 - weight), 1);
}

function byScore(a: DuplicateSuggestion, b: DuplicateSuggestion): number {
  return (
    b.score - a.score ||
    (pairKey(a.entities[0].id, a.entities[1].id) < pairKey(b.entities[0].id, b.entities[1].id) ? -1 : 1)
  );
}

function pairKey(a: EntityId, b: EntityId): string {
  return a < b ? `${a} ${b}` : `${b} ${a}`;
}

function checked(query: DuplicateQuery): DuplicateQuery {
  const { first, minScore = 0 } = query;
  if (!Number.isInteger(first) || first < 1 || first > MAX_SUGGESTIONS)
    throw new NeighborKbError(
      'INVALID_ARGUMENT',
      `expected an integer from 1 to ${MAX_SUGGESTIONS}, got ${first}`,
      ['first'],
    );
  if (!(minScore >= 0 && minScore <= 1))
    throw new NeighborKbError('INVALID_ARGUMENT', `expected a number from 0 to 1, got ${minScore}`, [
      'minScore',
    ]);
  return query;
}
