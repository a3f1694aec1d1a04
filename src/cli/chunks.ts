/** Documents that go through the extractor together: full batches for the encoder, bounded memory. */
export const CHUNK_LIMITS = { count: 64, size: 400_000 } as const;
