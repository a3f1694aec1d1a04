import type { RedisConnection } from '../../src/jobs/redis/connection.js';

/**
 * The same connection, on which something happens in the middle of a command: `between` is given the command as a
 * function and decides what comes before and after it.
 */
export function intercepted(
  connection: RedisConnection,
  command: string,
  between: (run: () => Promise<unknown>) => Promise<unknown>,
): RedisConnection {
  const redis = new Proxy(connection.redis, {
    get(target, name) {
      const own: unknown = Reflect.get(target, name);
      if (typeof own !== 'function') return own;
      const bound = own.bind(target) as (...args: unknown[]) => Promise<unknown>;
      return name === command ? (...args: unknown[]) => between(() => bound(...args)) : bound;
    },
  });
  return Object.create(connection, { redis: { value: redis } }) as RedisConnection;
}
