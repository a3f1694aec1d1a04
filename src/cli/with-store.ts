import { loadConfig } from '../config.js';
import type { GraphStore } from '../store/graph-store.js';
import { openExistingStore } from '../open-store.js';

/** Runs `body` with the store that is there, and closes it. @throws STORE_UNAVAILABLE where nothing was ever stored */
export async function withStore<T>(
  options: { readonly dataDir?: string },
  body: (store: GraphStore) => Promise<T>,
): Promise<T> {
  const store = await openExistingStore(loadConfig({ dataDir: options.dataDir }));
  try {
    return await body(store);
  } finally {
    await store.close();
  }
}
