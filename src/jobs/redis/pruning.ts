import { DAY, type Retention } from '../retention.js';
import type { RedisConnection } from './connection.js';
import type { Keys } from './keys.js';

/** Removes jobs that are past their time. */
export async function prune(
  connection: RedisConnection,
  keys: Keys,
  { keepDays, keepJobs }: Retention,
): Promise<void> {
  const { redis } = connection;
  const old = await redis.zrange(keys.ended, '-inf', `(${Date.now() - keepDays * DAY}`, 'BYSCORE');
  const surplus = await redis.zrange(keys.ended, 0, -(keepJobs + 1));
  for (const id of new Set([...old, ...surplus]))
    await connection.script('prune', [...keys.ofJob(id), keys.jobs, keys.ended, keys.outboxes], [id]);
}
