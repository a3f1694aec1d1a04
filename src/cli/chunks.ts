/** Gathers items until there are enough of them or their sizes add up: a batch is never empty. */
export async function* inChunks<Item>(
  items: AsyncIterable<Item>,
  limits: { readonly count: number; readonly size: number },
  sizeOf: (item: Item) => number,
): AsyncGenerator<Item[]> {
  let chunk: Item[] = [];
  let size = 0;
  for await (const item of items) {
    chunk.push(item);
    size += sizeOf(item);
    if (chunk.length >= limits.count || size >= limits.size) {
      yield chunk;
      chunk = [];
      size = 0;
    }
  }
  if (chunk.length > 0) yield chunk;
}

/** Documents that go through the extractor together: full batches for the encoder, bounded memory. */
export const CHUNK_LIMITS = { count: 64, size: 400_000 } as const;
