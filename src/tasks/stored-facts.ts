import type { Entity, TripleStatus } from '../domain/model.js';
import { pronounClass } from '../domain/pronouns.js';
import { namesOfDate } from '../memory/distant/date-names.js';
import type { Fact, FactEntity } from '../memory/distant/facts.js';
import { allPages } from '../store/all-pages.js';
import type { GraphStore, PageRequest } from '../store/graph-store.js';
import type { MemoryTools } from './memory-tools.js';

const PAGE = 500;

/** Triples of a knowledge base as facts: names and aliases of their entities as documents write them. */
export function storedFacts(
  store: Pick<GraphStore, 'triples' | 'entitiesById' | 'aliasesOfEntities'>,
): MemoryTools['storedFacts'] {
  return async function* ({ acceptedOnly, minConfidence }) {
    const statuses: TripleStatus[] = acceptedOnly ? ['accepted'] : ['accepted', 'unreviewed'];
    const read = (request: PageRequest) => store.triples({ ...request, filter: { statuses } });
    for await (const page of allPages(read, PAGE)) {
      const triples = page.items
        .map(({ node }) => node)
        .filter(({ status, confidence }) => status === 'accepted' || confidence >= minConfidence);
      const ids = [...new Set(triples.flatMap(({ subjectId, objectId }) => [subjectId, objectId]))];
      const [entities, aliases] = await Promise.all([store.entitiesById(ids), store.aliasesOfEntities(ids)]);
      const known = new Map<string, FactEntity>();
      for (const [index, entity] of entities.entries())
        if (entity) known.set(ids[index] as string, factEntity(entity, aliases[index] ?? []));
      for (const { id, subjectId, predicate, objectId } of triples) {
        const [subject, object] = [known.get(subjectId), known.get(objectId)];
        if (subject && object) yield { subject, predicate, object, place: ['triples', id] } satisfies Fact;
      }
    }
  };
}

function factEntity({ id, name, type, date }: Entity, aliases: readonly string[]): FactEntity {
  const dates = date === null ? [] : namesOfDate(date.iso);
  // What a pronoun stands for is another thing in every text.
  const own = aliases.filter((alias) => pronounClass(alias) === null);
  return { key: id, names: [...new Set([name, ...own, ...dates])], type };
}
