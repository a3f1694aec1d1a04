import type { Document } from '../domain/model.js';
import { OffsetMap } from '../domain/offsets.js';
import { createLoaders, type Loaders } from './loaders.js';
import type { ApiServices } from './services.js';

/** What every resolver of one request shares. */
export interface ApiContext {
  readonly services: ApiServices;
  readonly loaders: Loaders;
  /** The offset map of a document, made once a request. */
  offsetsOf(document: Document): OffsetMap;
}

export function createContext(services: ApiServices): ApiContext {
  const maps = new WeakMap<Document, OffsetMap>();
  return {
    services,
    loaders: createLoaders(services),
    offsetsOf(document) {
      const known = maps.get(document);
      if (known) return known;
      const map = new OffsetMap(document.text);
      maps.set(document, map);
      return map;
    },
  };
}
