import type { EntityId } from '../../domain/identity.js';
import {
  representative,
  type EntityReference,
  type Redirect,
  type Redirects,
} from '../../domain/redirects.js';
import type { Combinators } from '../filter-tree.js';
import type { TripleFilter } from '../graph-store.js';
import { inBatches } from './batches.js';
import type { Neo4jConnection, Neo4jParams, Neo4jTransaction } from './connection.js';

/** Ids of one statement. */
const BATCH = 2_000;

/** Of the ends of redirects what is recorded: a dictionary's entry first, else the merge's word. */
const REDIRECTS = `
  MATCH (r:Redirect) WHERE r.fromId IN $ids
  RETURN r.fromId AS fromId, r.toId AS id, coalesce(
    head(COLLECT {
      MATCH (d:Dictionary)-[:HAS_ENTRY]->(k:KnownEntity {entityId: r.toId})
      RETURN k {.type, .name} ORDER BY d.name, k.position LIMIT 1
    }),
    head(COLLECT {
      MATCH (m:Merge {intoId: r.toId}) WHERE m.undoneAt IS NULL
      RETURN {type: m.intoType, name: m.intoName} ORDER BY m.intoName LIMIT 1
    })
  ) AS end`;

interface RedirectRow {
  readonly fromId: EntityId;
  readonly id: EntityId;
  readonly end: Pick<EntityReference, 'type' | 'name'>;
}

type Run = <Row>(statement: string, params: Neo4jParams) => Promise<Row[]>;

/** What ids stand for, chains followed; ids that are not redirected are left out. */
export async function redirectsOf(run: Run, ids: readonly EntityId[]): Promise<Redirects> {
  if (ids.length === 0) return new Map();
  const rows = await run<RedirectRow>(REDIRECTS, { ids });
  return new Map(rows.map(({ fromId, id, end }) => [fromId, { id, ...end }]));
}

/** Whether ids stand for what they did when `seen` was read. Run under the locks of what they stood for. */
export async function stillStand(
  transaction: Neo4jTransaction,
  ids: readonly EntityId[],
  seen: Redirects,
): Promise<boolean> {
  if (ids.length === 0) return true;
  const rows = await transaction.run<{ fromId: EntityId; toId: EntityId }>(TARGETS, { ids });
  return rows.length === seen.size && rows.every(({ fromId, toId }) => seen.get(fromId)?.id === toId);
}

/** To begin a statement that takes entities by `$ids`: binds `asked` and `e`, the entity that it stands for. */
export const ASKED_ENTITY = `UNWIND $ids AS asked
  OPTIONAL MATCH (r:Redirect {fromId: asked})
  WITH asked, coalesce(r.toId, asked) AS entityId
  MATCH (e:Entity {id: entityId})`;

/** Ids with redirected ones in place of what they stand for, in the order of the ids. */
export async function resolvedIds(
  connection: Neo4jConnection,
  ids: readonly EntityId[],
): Promise<readonly EntityId[]> {
  const rows = await connection.read<{ fromId: EntityId; toId: EntityId }>(TARGETS, { ids });
  const targets = new Map(rows.map(({ fromId, toId }) => [fromId, toId]));
  return ids.map((id) => targets.get(id) ?? id);
}

const TARGETS = 'MATCH (r:Redirect) WHERE r.fromId IN $ids RETURN r.fromId AS fromId, r.toId AS toId';

/** A filter whose entity ids are those of what they stand for. */
export async function resolvedFilter(
  connection: Neo4jConnection,
  filter: TripleFilter | undefined,
): Promise<TripleFilter | undefined> {
  const asked = [...new Set(entityIdsOf(filter))];
  if (filter === undefined || asked.length === 0) return filter;
  const resolved = await resolvedIds(connection, asked);
  const targets = new Map(asked.map((id, place) => [id, resolved[place] ?? id]));
  return mapIds(filter, (id) => targets.get(id) ?? id);
}

const ENTITY_FIELDS = ['subjectIds', 'objectIds', 'entityIds'] as const;

function entityIdsOf(filter: TripleFilter | undefined): EntityId[] {
  if (filter === undefined) return [];
  const inner = [...(filter.and ?? []), ...(filter.or ?? []), ...(filter.not ? [filter.not] : [])];
  return [...ENTITY_FIELDS.flatMap((field) => filter[field] ?? []), ...inner.flatMap(entityIdsOf)];
}

function mapIds(filter: TripleFilter, resolve: (id: EntityId) => EntityId): TripleFilter {
  const again = (each: TripleFilter): TripleFilter => mapIds(each, resolve);
  const joined: Combinators<TripleFilter> = {
    ...(filter.and && { and: filter.and.map(again) }),
    ...(filter.or && { or: filter.or.map(again) }),
    ...(filter.not && { not: again(filter.not) }),
  };
  const ids = ENTITY_FIELDS.flatMap((field) => {
    const asked = filter[field];
    return asked ? [[field, asked.map(resolve)] as const] : [];
  });
  return { ...filter, ...joined, ...Object.fromEntries(ids) };
}

/** An id that stands for something else than before. */
export interface ChangedRedirect {
  readonly id: EntityId;
  readonly from: EntityId;
  readonly to: EntityId;
}

/**
 * Brings the redirects up to date after steps out of some ids have changed. The lock of identity is held.
 * @param ids out of which steps were added, changed or removed
 */
export async function refreshRedirects(
  transaction: Neo4jTransaction,
  ids: readonly EntityId[],
): Promise<ChangedRedirect[]> {
  const concerned = await inBatches<EntityId, { id: EntityId; target: EntityId }>(
    transaction,
    THROUGH,
    ids,
    BATCH,
  );
  const before = new Map(concerned.map(({ id, target }) => [id, target]));
  const steps = await stepsFrom(transaction, [...before.keys()]);
  const changed = [...before].flatMap(([id, from]) => {
    const to = representative(id, (each) => steps.get(each));
    return to === from ? [] : [{ id, from, to }];
  });
  await Promise.all([
    inBatches(
      transaction,
      WRITE_REDIRECTS,
      changed.filter(({ id, to }) => id !== to),
      BATCH,
    ),
    inBatches(
      transaction,
      REMOVE_REDIRECTS,
      changed.flatMap(({ id, to }) => (id === to ? [id] : [])),
      BATCH,
    ),
  ]);
  return changed;
}

/** The ids and all whose chains may lead through one of them: those that have ended where these end. */
const THROUGH = `
  UNWIND $rows AS given
  OPTIONAL MATCH (own:Redirect {fromId: given})
  WITH coalesce(own.toId, given) AS end, collect(given) AS givens
  UNWIND givens + [end] + COLLECT { MATCH (r:Redirect {toId: end}) RETURN r.fromId } AS id
  WITH DISTINCT id
  OPTIONAL MATCH (r:Redirect {fromId: id})
  RETURN id, coalesce(r.toId, id) AS target`;

const WRITE_REDIRECTS = `
  UNWIND $rows AS row
  MERGE (r:Redirect {fromId: row.id})
  SET r.toId = row.to`;

const REMOVE_REDIRECTS = 'UNWIND $rows AS id MATCH (r:Redirect {fromId: id}) DELETE r';

/** The steps out of ids, out of where those lead, and so on. */
async function stepsFrom(
  transaction: Neo4jTransaction,
  ids: readonly EntityId[],
): Promise<ReadonlyMap<EntityId, Redirect>> {
  const steps = new Map<EntityId, Redirect>();
  const asked = new Set<EntityId>();
  for (let frontier = [...ids]; frontier.length > 0;) {
    for (const id of frontier) asked.add(id);
    const next = new Set<EntityId>();
    for (const { id, merged, known } of await inBatches<EntityId, StepRow>(
      transaction,
      STEPS,
      frontier,
      BATCH,
    )) {
      // A curator's word goes before a dictionary's; a name that two known entities have says nothing.
      const [only, ...others] = known;
      if (merged !== null) steps.set(id, { to: merged, source: 'merge' });
      else if (only !== undefined && others.length === 0 && only !== id)
        steps.set(id, { to: only, source: 'dictionary' });
      const step = steps.get(id);
      if (step && !asked.has(step.to)) next.add(step.to);
    }
    frontier = [...next];
  }
  return steps;
}

interface StepRow {
  readonly id: EntityId;
  readonly merged: EntityId | null;
  /** Known entities that have this name. */
  readonly known: readonly EntityId[];
}

const STEPS = `
  UNWIND $rows AS id
  RETURN id,
    head(COLLECT { MATCH (m:Merge {fromId: id}) WHERE m.undoneAt IS NULL RETURN m.intoId }) AS merged,
    COLLECT { MATCH (:KnownName {id: id})<-[:CALLED]-(k:KnownEntity) RETURN DISTINCT k.entityId } AS known`;
