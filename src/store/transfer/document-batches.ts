import type { Document } from '../../domain/model.js';
import type { GraphStore } from '../graph-store.js';

/** A few documents that are read together, in the order in which they were saved. */
export interface DocumentBatch {
  readonly documents: readonly Document[];
  /** Where to go on after them. */
  readonly cursor: string;
}

/** Documents of one page, and of one batch: the characters bound what is held at once, whatever the documents. */
const PAGE = 50;
const BATCH_DOCUMENTS = 16;
const BATCH_CHARACTERS = 100_000;

/** All documents after a cursor, oldest first, also those that are added meanwhile. */
export async function* documentBatches(
  store: GraphStore,
  cursor: string | null,
): AsyncGenerator<DocumentBatch> {
  for (let after = cursor; ;) {
    const page = await store.documents({
      first: PAGE,
      order: 'oldest',
      ...(after === null ? {} : { after }),
    });
    let documents: Document[] = [];
    let characters = 0;
    for (const [place, item] of page.items.entries()) {
      documents.push(item.node);
      characters += item.node.text.length;
      const full = documents.length === BATCH_DOCUMENTS || characters >= BATCH_CHARACTERS;
      if (!full && place < page.items.length - 1) continue;
      yield { documents, cursor: item.cursor };
      documents = [];
      characters = 0;
    }
    if (!page.hasNextPage) return;
    after = page.items.at(-1)?.cursor ?? null;
  }
}
