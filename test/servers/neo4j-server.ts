import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { endProcess, tieToUs } from './own-process.js';
import { freePort } from './ports.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** The version that test/servers/install-neo4j installs. */
const VERSION = '5.26.30';
const START_TIMEOUT = 180_000;
const STOP_TIMEOUT = 20_000;
const DATABASE_USER = 'neo4j';

/** Folder with the jars; `test/servers/install-neo4j` fills it. */
function installation(): string {
  const cache = process.env['NEIGHBORKB_TEST_CACHE'] || path.join(ROOT, 'node_modules/.cache/neighborkb');
  return path.join(cache, `neo4j-${VERSION}`);
}

export function isNeo4jInstalled(): boolean {
  return existsSync(path.join(installation(), '.complete'));
}

export interface Neo4jServerOptions {
  /** Given: clients must authenticate as `neo4j`. 8 characters or more; counts at a home's first start alone. */
  readonly password?: string;
  /** Bolt over TLS alone, with these PEM files. */
  readonly tls?: { readonly certificate: string; readonly key: string };
  /** Refuses writes; give it at a restart, since a first start has to write. */
  readonly readOnly?: boolean;
  /** Largest heap, MiB. */
  readonly heap?: number;
}

/**
 * A real Neo4j Community server on a free port of the loopback, with a home folder of its own. Bolt alone, no
 * HTTP, no TLS unless asked for.
 */
export class Neo4jServer {
  private process: ChildProcess | null = null;

  private constructor(
    readonly home: string,
    readonly port: number,
    private options: Neo4jServerOptions,
  ) {}

  /** Starts a server with an empty database. Resolves when it answers. */
  static async start(options: Neo4jServerOptions = {}): Promise<Neo4jServer> {
    if (!isNeo4jInstalled()) throw new Error(NOT_INSTALLED);
    const home = await mkdtemp(path.join(tmpdir(), 'neighborkb-neo4j-'));
    const server = new Neo4jServer(home, await freePort(), options);
    try {
      await server.resume();
      return server;
    } catch (error) {
      await server.dispose();
      throw error;
    }
  }

  get url(): string {
    return `neo4j://127.0.0.1:${this.port}`;
  }

  get user(): string {
    return DATABASE_USER;
  }

  /** What clients authenticate with; any password will do where the server asks for none. */
  get password(): string {
    return this.options.password ?? 'not-asked-for';
  }

  get running(): boolean {
    return this.process !== null;
  }

  /** Starts again after `stop` or `kill`, on the same home and port, with other options where given. */
  async resume(options: Neo4jServerOptions = this.options): Promise<void> {
    if (this.process) throw new Error('the Neo4j server runs already');
    this.options = options;
    await this.writeConfiguration();
    if (options.password !== undefined && !existsSync(path.join(this.home, 'data/databases')))
      await this.setInitialPassword(options.password);
    await rm(this.logFile, { force: true });
    const { heap = 640 } = options;
    const child = this.java([
      ...[`-Xms256m`, `-Xmx${heap}m`],
      ...['java.nio', 'java.io', 'sun.nio.ch'].map((name) => `--add-opens=java.base/${name}=ALL-UNNAMED`),
      ...this.classPath('org.neo4j.server.CommunityEntryPoint'),
      ...[`--home-dir=${this.home}`, `--config-dir=${path.join(this.home, 'conf')}`],
    ]);
    this.process = child;
    tieToUs(child, () => {
      if (this.process === child) this.process = null;
    });
    await this.started(child);
  }

  /** Lets the server finish what it does, then ends it. Does nothing where it does not run. */
  async stop(): Promise<void> {
    await this.end('SIGTERM');
  }

  /** Ends the server on the spot, as a power cut would. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** Ends the server and removes its home. */
  async dispose(): Promise<void> {
    await this.kill();
    await rm(this.home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }

  private get logFile(): string {
    return path.join(this.home, 'logs/neo4j.log');
  }

  private async started(child: ChildProcess): Promise<void> {
    const output: Buffer[] = [];
    child.stdout?.on('data', (chunk: Buffer) => output.push(chunk));
    child.stderr?.on('data', (chunk: Buffer) => output.push(chunk));
    const deadline = Date.now() + START_TIMEOUT;
    for (;;) {
      const log = await readFile(this.logFile, 'utf8').catch(() => '');
      if (/Started\.\s*$/m.test(log)) return;
      const ended = child.exitCode !== null || child.signalCode !== null;
      if (ended || Date.now() > deadline) {
        const what = ended ? 'ended before it was ready' : `was not ready in ${START_TIMEOUT} ms`;
        await this.kill();
        throw new Error(`the Neo4j server ${what}:\n${log}\n${Buffer.concat(output).toString()}`);
      }
      await delay(50);
    }
  }

  private async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    if (this.process) await endProcess(this.process, signal, STOP_TIMEOUT);
  }

  private async writeConfiguration(): Promise<void> {
    const address = `127.0.0.1:${this.port}`;
    const settings = {
      'dbms.security.auth_enabled': this.options.password !== undefined,
      'server.default_listen_address': '127.0.0.1',
      'server.bolt.listen_address': address,
      'server.bolt.advertised_address': address,
      'server.bolt.tls_level': this.options.tls ? 'REQUIRED' : 'DISABLED',
      'server.http.enabled': false,
      'server.https.enabled': false,
      'server.databases.default_to_read_only': this.options.readOnly ?? false,
      'server.memory.pagecache.size': '64m',
      'db.tx_log.preallocate': false,
      'dbms.usage_report.enabled': false,
      // Databases of a few hundred nodes that come and go: plans would be made anew all the time.
      'dbms.cypher.min_replan_interval': '1h',
      // Cuts a stop from ten seconds to a third of one.
      'internal.dbms.bolt.netty_server_shutdown_quiet_period': 0,
    };
    await mkdir(path.join(this.home, 'conf'), { recursive: true });
    await mkdir(path.join(this.home, 'logs'), { recursive: true });
    const lines = Object.entries({ ...settings, ...(await this.tlsSettings()) }).map(
      ([name, value]) => `${name}=${value}\n`,
    );
    await writeFile(path.join(this.home, 'conf/neo4j.conf'), lines.join(''));
  }

  private async tlsSettings(): Promise<Record<string, string | boolean>> {
    const { tls } = this.options;
    if (!tls) return {};
    const folder = path.join(this.home, 'certificates/bolt');
    await mkdir(folder, { recursive: true });
    await copyFile(tls.key, path.join(folder, 'private.key'));
    await copyFile(tls.certificate, path.join(folder, 'public.crt'));
    return {
      'dbms.ssl.policy.bolt.enabled': true,
      'dbms.ssl.policy.bolt.base_directory': 'certificates/bolt',
      'dbms.ssl.policy.bolt.client_auth': 'NONE',
    };
  }

  private async setInitialPassword(password: string): Promise<void> {
    const command = ['dbms', 'set-initial-password', password];
    const child = this.java(['-Xmx128m', ...this.classPath('org.neo4j.cli.AdminTool'), ...command]);
    const [code] = (await once(child, 'exit')) as [number | null];
    if (code !== 0) throw new Error(`the initial password could not be set (exit status ${code})`);
  }

  private classPath(mainClass: string): string[] {
    return ['-cp', path.join(installation(), 'lib', '*'), mainClass];
  }

  /** Serial collector and first compiler tier: quick to start, content with two cores. */
  private java(args: readonly string[]): ChildProcess {
    return spawn('java', ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NEO4J_HOME: this.home, NEO4J_CONF: path.join(this.home, 'conf') },
    });
  }
}

export const NOT_INSTALLED =
  'the Neo4j test server is not installed: run `bash test/servers/install-neo4j` (needs Java 17 or 21 and Maven)';
