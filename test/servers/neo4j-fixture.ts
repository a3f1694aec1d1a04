import neo4j, { type Driver } from 'neo4j-driver';
import { afterAll, beforeAll, describe, vi } from 'vitest';
import { isNeo4jInstalled, Neo4jServer, NOT_INSTALLED, type Neo4jServerOptions } from './neo4j-server.js';
import { describeNotInstalled } from './own-process.js';

/** One running server for the tests of a suite. */
export interface Neo4jFixture {
  readonly server: Neo4jServer;
  /** A driver of the test's own, for looking at what is in the database. */
  readonly driver: Driver;
  /** Rows of one statement, as plain objects; integers as numbers. */
  query<Row = Record<string, unknown>>(cypher: string, params?: Record<string, unknown>): Promise<Row[]>;
  /** Deletes everything but the record of the migrations and the indexes that they made. */
  wipe(): Promise<void>;
  /** Deletes everything: what a new server has. */
  wipeSchema(): Promise<void>;
}

/**
 * Defines a suite that runs against a real Neo4j, one server for the whole suite; it stands when the first hook or
 * test of `define` runs. Where the server is not installed the suite is skipped and says how to install it; with
 * NEIGHBORKB_REQUIRE_SERVERS=1 it fails instead.
 */
export function describeNeo4j(
  name: string,
  define: (fixture: Neo4jFixture) => void,
  options: Neo4jServerOptions = {},
): void {
  if (!isNeo4jInstalled()) return describeNotInstalled(name, NOT_INSTALLED);
  // A fresh server makes plans for every statement and compiles itself meanwhile: its first answers take seconds.
  vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });
  describe(name, () => {
    const fixture = new RunningFixture();
    beforeAll(() => fixture.start(options), 240_000);
    afterAll(() => fixture.end(), 60_000);
    define(fixture);
  });
}

class RunningFixture implements Neo4jFixture {
  private running: { readonly server: Neo4jServer; readonly driver: Driver } | null = null;

  async start(options: Neo4jServerOptions): Promise<void> {
    const server = await Neo4jServer.start(options);
    const driver = neo4j.driver(server.url, neo4j.auth.basic(server.user, server.password), {
      disableLosslessIntegers: true,
      telemetryDisabled: true,
    });
    this.running = { server, driver };
  }

  async end(): Promise<void> {
    await this.running?.driver.close();
    await this.running?.server.dispose();
    this.running = null;
  }

  get server(): Neo4jServer {
    return this.opened.server;
  }

  get driver(): Driver {
    return this.opened.driver;
  }

  async query<Row>(cypher: string, params: Record<string, unknown> = {}): Promise<Row[]> {
    const session = this.driver.session();
    try {
      const { records } = await session.run(cypher, params);
      return records.map((record) => record.toObject() as Row);
    } finally {
      await session.close();
    }
  }

  async wipe(): Promise<void> {
    await this.query(
      'MATCH (n) WHERE NOT n:SchemaMigration AND NOT n:SchemaLock CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 5000 ROWS',
    );
  }

  async wipeSchema(): Promise<void> {
    await this.query('MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 5000 ROWS');
    for (const kind of ['CONSTRAINT', 'INDEX'] as const)
      for (const { name } of await this.query<{ name: string }>(`SHOW ${kind} YIELD name, type
        WHERE type <> 'LOOKUP' RETURN name`))
        await this.query(`DROP ${kind} ${escapeName(name)} IF EXISTS`);
  }

  private get opened() {
    if (!this.running) throw new Error('the Neo4j server stands in hooks and tests alone');
    return this.running;
  }
}

/** An identifier that Cypher takes no parameter for. */
function escapeName(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}
