import type { EntityId, TripleId } from '../../domain/identity.js';
import type { Triple } from '../../domain/model.js';
import { checkFilter } from '../filter-tree.js';
import { MAX_PATH_LENGTH, MAX_PATHS, type Path, type PathQuery, type Paths } from '../graph-queries.js';
import type { TripleFilter } from '../graph-store.js';
import { BoundedScan, checkRange, type TripleScanner } from './triple-scanner.js';

/** `GraphQueries.shortestPaths`: breadth first from both ends, level by level, the smaller frontier first. */
export async function shortestPaths(scanner: TripleScanner, query: PathQuery): Promise<Paths | null> {
  checkRange('maxLength', query.maxLength, MAX_PATH_LENGTH);
  checkRange('maxPaths', query.maxPaths, MAX_PATHS);
  checkFilter(query.filter);
  const [from, to] = await scanner.resolve([query.from, query.to]);
  if (!from || !to) return null;
  if (from === to) return { paths: [{ entityIds: [from], triples: [], confidence: 1 }], truncated: false };

  const scan = new BoundedScan(scanner);
  const filter = query.filter ?? { not: { statuses: ['rejected'] } };
  const near = new Side(from);
  const far = new Side(to);
  while (near.depth + far.depth < query.maxLength && near.frontier.length > 0 && far.frontier.length > 0) {
    const [growing, other] = near.frontier.length <= far.frontier.length ? [near, far] : [far, near];
    await growing.grow(scan, filter);
    if (growing.frontier.some((entity) => other.distances.has(entity)))
      return { paths: bestPaths(near, far, query.maxPaths), truncated: scan.exhausted };
    if (scan.exhausted) return { paths: [], truncated: true };
  }
  return { paths: [], truncated: false };
}

/** What is known around one of the two ends. */
class Side {
  depth = 0;
  frontier: readonly EntityId[];
  /** Triples on the way from the end to each entity. */
  readonly distances: Map<EntityId, number>;
  /** Every triple that was read, under both of its ends. */
  readonly triplesAt = new Map<EntityId, Map<TripleId, Triple>>();

  constructor(readonly end: EntityId) {
    this.frontier = [end];
    this.distances = new Map([[end, 0]]);
  }

  /** Reads every triple at the frontier; what lies behind them is the next frontier. */
  async grow(scan: BoundedScan, filter: TripleFilter): Promise<void> {
    this.depth++;
    const next: EntityId[] = [];
    const reach = (entity: EntityId): void => {
      if (this.distances.has(entity)) return;
      this.distances.set(entity, this.depth);
      next.push(entity);
    };
    for (const ends of [{ subjectIds: this.frontier }, { objectIds: this.frontier }])
      for await (const triples of scan.pages({ ...ends, and: [filter] }))
        for (const triple of triples) {
          for (const end of [triple.subjectId, triple.objectId]) {
            const there = this.triplesAt.get(end) ?? new Map<TripleId, Triple>();
            this.triplesAt.set(end, there.set(triple.id, triple));
            reach(end);
          }
        }
    this.frontier = next;
  }
}

/**
 * The best paths over the levels of two sides that have met. An entity at place i of a path is i triples from
 * the near end, up to the near side's depth, and length - i from the far end from there on: exactly what the two
 * sides have read.
 */
function bestPaths(near: Side, far: Side, most: number): Path[] {
  const length = near.depth + far.depth;
  const atPlace = (entity: EntityId, place: number): boolean =>
    (place > near.depth || near.distances.get(entity) === place) &&
    (place < near.depth || far.distances.get(entity) === length - place);

  let ending = new Map<EntityId, Path[]>([
    [near.end, [{ entityIds: [near.end], triples: [], confidence: 1 }]],
  ]);
  for (let place = 0; place < length; place++) {
    const side = place < near.depth ? near : far;
    const longer = new Map<EntityId, Path[]>();
    for (const [entity, paths] of ending)
      for (const triple of side.triplesAt.get(entity)?.values() ?? []) {
        const next = triple.subjectId === entity ? triple.objectId : triple.subjectId;
        if (!atPlace(next, place + 1)) continue;
        const there = longer.get(next) ?? [];
        longer.set(next, there);
        there.push(...paths.map((path) => extended(path, triple, next)));
      }
    // Of the ways to one entity only the best can begin one of the best paths.
    ending = new Map([...longer].map(([entity, paths]) => [entity, paths.sort(better).slice(0, most)]));
  }
  return ending.get(far.end) ?? [];
}

function extended(path: Path, triple: Triple, next: EntityId): Path {
  return {
    entityIds: [...path.entityIds, next],
    triples: [...path.triples, triple],
    confidence: path.confidence * triple.confidence,
  };
}

/** More confident first; equal ones in the order of their triples' ids, so that every store gives the same. */
function better(a: Path, b: Path): number {
  return b.confidence - a.confidence || (idsOf(a) < idsOf(b) ? -1 : 1);
}

function idsOf({ triples }: Path): string {
  return triples.map(({ id }) => id).join(' ');
}
