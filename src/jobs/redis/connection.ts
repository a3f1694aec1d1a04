import { Redis } from 'ioredis';
import { NeighborKbError } from '../../domain/errors.js';
import { SCRIPTS, type ScriptName } from './scripts.js';

/** What Redis must promise before anything is accepted. */
export type Durability = 'required' | 'any';

/** How long a command may take before its caller hears that Redis is away, milliseconds. */
const COMMAND_TIMEOUT = 5000;

/** What ioredis makes of `scripts`: the number of keys, the keys, the arguments. */
type Scripted = Readonly<Record<ScriptName, (...args: readonly (string | number)[]) => Promise<unknown>>>;

/** A connection to Redis that fails in time and recovers by itself. */
export class RedisConnection {
  private constructor(
    readonly redis: Redis,
    readonly url: string,
  ) {}

  /** @throws NeighborKbError QUEUE_UNAVAILABLE, also where Redis would not keep what it accepts */
  static async open(
    url: string,
    durability: Durability,
    onWarning: (message: string) => void,
  ): Promise<RedisConnection> {
    const redis = new Redis(url, {
      lazyConnect: true,
      connectTimeout: COMMAND_TIMEOUT,
      commandTimeout: COMMAND_TIMEOUT,
      maxRetriesPerRequest: 2,
      retryStrategy: (times) => Math.min(50 * 2 ** times, 2000),
      // What many documents ask at the same moment goes out together.
      enableAutoPipelining: true,
      // Sent by their hash; a Redis that has forgotten one is sent its text.
      scripts: Object.fromEntries(Object.entries(SCRIPTS).map(([name, lua]) => [name, { lua }])),
    });
    // Each command says what went wrong; without a listener the process would end.
    let lastError: unknown;
    redis.on('error', (error) => (lastError = error));
    const connection = new RedisConnection(redis, url);
    try {
      await redis.connect().catch((error: unknown) => {
        throw lastError ?? error;
      });
      await connection.checkDurability(durability, onWarning);
      return connection;
    } catch (error) {
      redis.disconnect();
      throw connection.translated(error);
    }
  }

  /** Runs a script. @throws NeighborKbError QUEUE_UNAVAILABLE */
  async script(
    name: ScriptName,
    keys: readonly string[],
    args: readonly (string | number)[],
  ): Promise<unknown> {
    return this.run(() => (this.redis as Redis & Scripted)[name](keys.length, ...keys, ...args));
  }

  async run<T>(command: () => Promise<T>): Promise<T> {
    try {
      return await command();
    } catch (error) {
      throw this.translated(error);
    }
  }

  close(): void {
    this.redis.disconnect();
  }

  /** The address without its password. */
  get place(): string {
    return placeOf(this.url);
  }

  private async checkDurability(durability: Durability, warn: (message: string) => void): Promise<void> {
    const problems = await this.durabilityProblems();
    if (problems.length === 0) return;
    const text = `${this.place} would lose jobs that it accepted: ${problems.join('; ')}`;
    if (durability === 'required')
      throw new NeighborKbError(
        'QUEUE_UNAVAILABLE',
        `${text}. Change the settings of Redis, or set NEIGHBORKB_QUEUE_DURABILITY=any to accept that`,
        ['queue'],
      );
    warn(text);
  }

  private async durabilityProblems(): Promise<string[]> {
    const persistence = await this.redis.info('persistence');
    const memory = await this.redis.info('memory');
    const policy = /^maxmemory_policy:(\S+)/m.exec(memory)?.[1] ?? 'noeviction';
    const limit = Number(/^maxmemory:(\d+)/m.exec(memory)?.[1] ?? 0);
    return [
      ...(/^aof_enabled:1/m.test(persistence)
        ? []
        : [
            'it keeps no append-only file, so that its crash loses what came since the last snapshot (appendonly yes)',
          ]),
      ...(limit > 0 && policy !== 'noeviction'
        ? [`it evicts keys when its memory is full (maxmemory-policy ${policy} instead of noeviction)`]
        : []),
    ];
  }

  private translated(error: unknown): unknown {
    if (error instanceof NeighborKbError) return error;
    const reason = error instanceof Error ? error.message : String(error);
    if (/^(NOAUTH|WRONGPASS|NOPERM)/.test(reason))
      return this.unavailable(`${this.place} refuses the user or the password: ${reason}`, error);
    if (/^OOM/.test(reason))
      return this.unavailable(`${this.place} is out of memory: nothing was accepted`, error);
    if (/^ERR Error (running|compiling) script|user_script/.test(reason)) return error;
    return this.unavailable(`the job queue ${this.place} cannot be reached: ${reason}`, error);
  }

  private unavailable(message: string, cause: unknown): NeighborKbError {
    return new NeighborKbError('QUEUE_UNAVAILABLE', message, ['queue'], { cause });
  }
}

/** An address that may be shown. */
export function placeOf(url: string): string {
  try {
    const { protocol, hostname, port, pathname } = new URL(url);
    return `${protocol}//${hostname}:${port || '6379'}${pathname === '/' ? '' : pathname}`;
  } catch {
    return 'Redis';
  }
}
