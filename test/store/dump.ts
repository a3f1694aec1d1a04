import type { GraphStore, Page, PageRequest } from '../../src/store/graph-store.js';

/** All pages of a list. */
export async function readAll<T>(read: (page: PageRequest) => Promise<Page<T>>, first = 100): Promise<T[]> {
  const nodes: T[] = [];
  for (let after: string | undefined; ;) {
    const page = await read({ first, ...(after === undefined ? {} : { after }) });
    nodes.push(...page.items.map(({ node }) => node));
    const last = page.items.at(-1);
    if (!page.hasNextPage || !last) return nodes;
    after = last.cursor;
  }
}

/** Everything that a store shows through its port, in an order that depends on the content alone. */
export async function dumpGraph(store: GraphStore) {
  const documents = await readAll((page) => store.documents(page));
  const documentIds = documents.map(({ id }) => id);
  const entities = await readAll((page) => store.entities(page));
  const entityIds = entities.map(({ id }) => id);
  const triples = await readAll((page) => store.triples(page));
  const triplePieces = await store.evidenceOfTriples(triples.map(({ id }) => id));
  const predictions = await store.predictionsOfDocuments(documentIds);
  const neighbours = await store.neighboursOfPredictions(predictions.flat().map(({ id }) => id));
  return {
    counts: await store.counts(),
    documents,
    sentences: await store.sentencesOfDocuments(documentIds),
    mentions: await store.mentionsOfDocuments(documentIds),
    entities,
    byMentions: (await readAll((page) => store.entities({ ...page, order: 'mentions' }))).map(({ id }) => id),
    aliases: await store.aliasesOfEntities(entityIds),
    mentionsOfEntities: await store.mentionsOfEntities(entityIds, 1000),
    triples,
    evidence: triplePieces,
    predictions,
    neighbours,
  };
}
