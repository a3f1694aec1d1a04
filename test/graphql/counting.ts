import type { GraphStore } from '../../src/store/graph-store.js';

/** Counts the calls of each method of a store and of its queries. */
export function counting(store: GraphStore, calls: Map<string, number>): GraphStore {
  const counted = <T extends object>(target: T): T =>
    new Proxy(target, {
      get(object, key) {
        const value: unknown = Reflect.get(object, key, object);
        if (key === 'queries') return counted(value as object);
        if (typeof value !== 'function') return value;
        return (...parameters: unknown[]): unknown => {
          calls.set(String(key), (calls.get(String(key)) ?? 0) + 1);
          return Reflect.apply(value, object, parameters);
        };
      },
    });
  return counted(store);
}
