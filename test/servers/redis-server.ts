import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe } from 'vitest';
import { describeNotInstalled, endProcess, tieToUs } from './own-process.js';
import { freePort } from './ports.js';

const STOP_TIMEOUT = 20_000;

export const NOT_INSTALLED = 'Redis is not installed: apt-get install -y redis-server';

export function isRedisInstalled(): boolean {
  return spawnSync('redis-server', ['--version']).status === 0;
}

export interface RedisServerOptions {
  /** Default true: an append-only file, as the queue asks for. */
  readonly appendOnly?: boolean;
  readonly password?: string;
  /** More settings, as on the command line: `['--maxmemory', '10mb']`. */
  readonly settings?: readonly string[];
}

/** A real Redis on a free port of the loopback with a folder of its own. */
export class RedisServer {
  private process: ChildProcess | null = null;

  private constructor(
    private readonly folder: string,
    readonly port: number,
    private readonly options: RedisServerOptions,
  ) {}

  static async start(options: RedisServerOptions = {}): Promise<RedisServer> {
    if (!isRedisInstalled()) throw new Error(NOT_INSTALLED);
    const folder = await mkdtemp(path.join(tmpdir(), 'neighborkb-redis-'));
    const server = new RedisServer(folder, await freePort(), options);
    await server.resume();
    return server;
  }

  get url(): string {
    const { password } = this.options;
    return `redis://${password === undefined ? '' : `:${password}@`}127.0.0.1:${this.port}`;
  }

  /** Starts again after `stop` or `kill`, with what its append-only file holds. */
  async resume(): Promise<void> {
    if (this.process) throw new Error('the Redis server runs already');
    const { appendOnly = true, password, settings = [] } = this.options;
    const child = spawn('redis-server', [
      ...['--port', String(this.port), '--bind', '127.0.0.1', '--dir', this.folder],
      ...['--appendonly', appendOnly ? 'yes' : 'no', '--save', ''],
      ...(password === undefined ? [] : ['--requirepass', password]),
      ...settings,
    ]);
    this.process = child;
    tieToUs(child, () => {
      if (this.process === child) this.process = null;
    });
    let output = '';
    for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
      output += chunk.toString();
      if (output.includes('Ready to accept connections')) break;
    }
    if (child.exitCode !== null) throw new Error(`the Redis server ended before it was ready:\n${output}`);
  }

  async stop(): Promise<void> {
    await this.end('SIGTERM');
  }

  /** Ends the server on the spot. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** Ends the server and removes its folder. */
  async dispose(): Promise<void> {
    await this.kill();
    await rm(this.folder, { recursive: true, force: true });
  }

  private async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    if (this.process) await endProcess(this.process, signal, STOP_TIMEOUT);
  }
}

/**
 * Defines a suite that runs against a real Redis, one server for the whole suite. Where Redis is not installed the
 * suite is skipped and says how to install it; with NEIGHBORKB_REQUIRE_SERVERS=1 it fails instead.
 */
export function describeRedis(name: string, define: (server: () => RedisServer) => void): void {
  if (!isRedisInstalled()) return describeNotInstalled(name, NOT_INSTALLED);
  describe(name, () => {
    let server: RedisServer | undefined;
    beforeAll(async () => {
      server = await RedisServer.start();
    });
    afterAll(() => server?.dispose());
    define(() => {
      if (!server) throw new Error('only inside a test');
      return server;
    });
  });
}
