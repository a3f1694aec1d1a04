import type { Document, Entity, Mention, Neighbour, Sentence, Triple } from '../../domain/model.js';
import { allPages } from '../../store/all-pages.js';
import type { GraphStore, PageRequest, StoredEvidence, TripleFilter } from '../../store/graph-store.js';

/** A triple with all that supports it, as an export writes it. */
export interface TripleRecord {
  readonly triple: Triple;
  readonly subject: Entity;
  readonly object: Entity;
  /** Most confident first. */
  readonly evidence: readonly EvidenceRecord[];
}

export interface EvidenceRecord {
  readonly evidence: StoredEvidence;
  readonly document: Document;
  readonly sentence: Sentence;
  readonly subject: Mention;
  readonly object: Mention;
  readonly neighbours: readonly Neighbour[];
}

/** Triples of one step: what is in memory at a time. */
const TRIPLES_PER_PAGE = 100;

/** All triples that match, page by page, each with its evidence; one statement a page and kind. */
export async function* tripleRecords(store: GraphStore, filter: TripleFilter): AsyncGenerator<TripleRecord> {
  const read = (request: PageRequest) => store.triples({ ...request, filter });
  for await (const page of allPages(read, TRIPLES_PER_PAGE))
    yield* await recordsOf(
      store,
      page.items.map(({ node }) => node),
    );
}

/** All entities by name. */
export async function* allEntities(store: GraphStore): AsyncGenerator<Entity> {
  for await (const page of allPages((request) => store.entities({ ...request, order: 'name' })))
    for (const { node } of page.items) yield node;
}

/** Records of triples in their order; a triple that was removed in between is left out. */
export async function recordsOf(store: GraphStore, triples: readonly Triple[]): Promise<TripleRecord[]> {
  const evidence = await store.evidenceOfTriples(triples.map(({ id }) => id));
  const all = evidence.flat();
  const [subjects, objects, mentions, sentences, documents, neighbours] = await Promise.all([
    store.entitiesById(triples.map(({ subjectId }) => subjectId)),
    store.entitiesById(triples.map(({ objectId }) => objectId)),
    byId(
      store.mentionsById.bind(store),
      all.flatMap((one) => [one.subjectMentionId, one.objectMentionId]),
    ),
    byId(
      store.sentencesById.bind(store),
      all.map((one) => one.sentenceId),
    ),
    byId(
      store.documentsById.bind(store),
      all.map((one) => one.documentId),
    ),
    store.neighboursOfPredictions(all.map(({ id }) => id)),
  ]);
  const neighboursOf = new Map(all.map(({ id }, index) => [id, neighbours[index] ?? []]));
  return triples.flatMap((triple, index) => {
    const subject = subjects[index];
    const object = objects[index];
    if (!subject || !object) return [];
    const records = (evidence[index] ?? []).flatMap((one): EvidenceRecord[] => {
      const document = documents.get(one.documentId);
      const sentence = sentences.get(one.sentenceId);
      const from = mentions.get(one.subjectMentionId);
      const to = mentions.get(one.objectMentionId);
      return document && sentence && from && to
        ? [
            {
              evidence: one,
              document,
              sentence,
              subject: from,
              object: to,
              neighbours: neighboursOf.get(one.id) ?? [],
            },
          ]
        : [];
    });
    return [{ triple, subject, object, evidence: records }];
  });
}

async function byId<Id extends string, Node extends { readonly id: Id }>(
  read: (ids: readonly Id[]) => Promise<(Node | null)[]>,
  ids: readonly Id[],
): Promise<ReadonlyMap<Id, Node>> {
  const nodes = await read([...new Set(ids)]);
  return new Map(nodes.flatMap((node) => (node ? [[node.id, node]] : [])));
}
