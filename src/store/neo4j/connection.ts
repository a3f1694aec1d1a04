import neo4j, {
  type Config,
  type Driver,
  type Integer,
  type ManagedTransaction,
  type Session,
} from 'neo4j-driver';
import { setImmediate, setTimeout as delay } from 'node:timers/promises';
import pLimit, { type LimitFunction } from 'p-limit';
import { NeighborKbError } from '../../domain/errors.js';
import { isOutdated, translate, type Neo4jTarget } from './errors.js';

export interface Neo4jConnectionOptions {
  /** `neo4j://host:port` or `bolt://…`; `neo4j+s`, `bolt+s` for TLS, `+ssc` for TLS with a self-signed certificate. */
  readonly url: string;
  readonly user: string;
  readonly password: string;
  /**
   * PEM file of the authority that signed the server's certificate, for `+s` URLs. Default: those that Node.js trusts.
   */
  readonly certificateAuthority?: string;
  /** Default: the server's default database. */
  readonly database?: string;
  /** Most connections held at once, at least 2. Default 50. */
  readonly poolSize?: number;
  /** How long a new connection may take, milliseconds. Default 5,000. */
  readonly connectionTimeout?: number;
  /** How long a failed transaction is tried again, milliseconds. Default 10,000. */
  readonly retryTime?: number;
  /** Hears of every statement inside a transaction when its rows have come: for profiles and tests. */
  readonly onStatement?: (statement: StatementProfile) => void;
}

export interface StatementProfile {
  readonly statement: string;
  /** What the server took for it, milliseconds, its planning included. */
  readonly milliseconds: number;
}

/** Values of one row by the names that the statement returns; integers as numbers, bytes as Int8Array. */
export type Neo4jParams = Readonly<Record<string, unknown>>;

/** One running transaction. Statements that are not awaited one by one travel together and run in order. */
export interface Neo4jTransaction {
  run<Row = Record<string, unknown>>(statement: string, params?: Neo4jParams): Promise<Row[]>;
}

export interface Neo4jServerInfo {
  /** `5.26.30` */
  readonly version: string;
  readonly address: string;
}

/** How often a transaction whose ground was moved by another one is begun anew. */
const OUTDATED_RETRIES = 10;

/**
 * A pool of connections to one database. Transactions are retried on deadlocks, lost connections and other passing
 * troubles, so `work` may run several times: it must act through its transaction alone.
 *
 * Every failure leaves here as a NeighborKbError: STORE_UNAVAILABLE saying what to do, INTERNAL for our own mistake.
 */
export class Neo4jConnection {
  private readonly driver: Driver;
  private readonly target: Neo4jTarget;
  /** Lets reads see earlier writes of this process also on a cluster. */
  private readonly bookmarks = neo4j.bookmarkManager();
  private closed = false;
  /** A write may read what is committed beside its transaction: a connection stays free for that. */
  private readonly writers: LimitFunction;

  /** Connects lazily: nothing happens before the first statement. @throws INVALID_ARGUMENT at `url` */
  constructor(private readonly options: Neo4jConnectionOptions) {
    const connections = Math.max(2, options.poolSize ?? 50);
    this.writers = pLimit(connections - 1);
    this.target = { url: options.url, user: options.user, database: options.database ?? '' };
    try {
      const { url, ...encryption } = encryptionOf(options);
      this.driver = neo4j.driver(url, neo4j.auth.basic(options.user, options.password), {
        ...encryption,
        disableLosslessIntegers: true,
        telemetryDisabled: true,
        userAgent: 'neighborkb',
        maxConnectionPoolSize: connections,
        connectionTimeout: options.connectionTimeout ?? 5_000,
        connectionAcquisitionTimeout: (options.connectionTimeout ?? 5_000) + 30_000,
        maxTransactionRetryTime: options.retryTime ?? 10_000,
      });
    } catch (cause) {
      throw new NeighborKbError(
        'INVALID_ARGUMENT',
        `${options.url} is no address of a Neo4j server`,
        ['url'],
        {
          cause,
        },
      );
    }
  }

  get url(): string {
    return this.target.url;
  }

  /** Rows of one statement in a read transaction of its own. */
  async read<Row = Record<string, unknown>>(statement: string, params: Neo4jParams = {}): Promise<Row[]> {
    return this.inSession(neo4j.session.READ, (session) =>
      session.executeRead((transaction) => this.work(transaction).run<Row>(statement, params)),
    );
  }

  /** Runs `work` as one transaction: all of it is durable when the promise resolves, none when it rejects. */
  async write<T>(work: (transaction: Neo4jTransaction) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++)
      try {
        return await this.writers(() =>
          this.inSession(neo4j.session.WRITE, (session) =>
            session.executeWrite((transaction) => work(this.work(transaction))),
          ),
        );
      } catch (error) {
        const cause = error instanceof NeighborKbError ? error.cause : error;
        if (attempt > OUTDATED_RETRIES || !isOutdated(cause)) throw error;
        await delay(Math.random() * 20 * attempt);
      }
  }

  /** Runs a statement that manages its own transactions, or that changes the schema. It is not retried. */
  async runAlone<Row = Record<string, unknown>>(statement: string, params: Neo4jParams = {}): Promise<Row[]> {
    return this.inSession(neo4j.session.WRITE, async (session) => {
      const { records } = await session.run(statement, params);
      return records.map((record) => record.toObject() as Row);
    });
  }

  /** Runs `body` while an open transaction holds the locks that a statement takes; another's waits for its end. */
  async holding<T>(statement: string, params: Neo4jParams, body: () => Promise<T>): Promise<T> {
    return this.inSession(neo4j.session.WRITE, async (session) => {
      const transaction = await session.beginTransaction();
      try {
        await transaction.run(statement, params);
        const result = await body();
        await transaction.commit();
        return result;
      } finally {
        await transaction.close();
      }
    });
  }

  /** Whether the server answers, and which it is. */
  async serverInfo(): Promise<Neo4jServerInfo> {
    const [row] = await this.read<{ version: string }>(
      'CALL dbms.components() YIELD name, versions WHERE name = "Neo4j Kernel" RETURN versions[0] AS version',
    );
    return { version: row?.version ?? '', address: this.target.url };
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.driver.close();
  }

  private work(transaction: ManagedTransaction): Neo4jTransaction {
    return new ManagedWork(transaction, this.options.onStatement);
  }

  private async inSession<T>(
    defaultAccessMode: 'READ' | 'WRITE',
    body: (session: Session) => Promise<T>,
  ): Promise<T> {
    if (this.closed)
      throw new NeighborKbError('STORE_UNAVAILABLE', `the store at ${this.target.url} is closed`);
    const { database } = this.options;
    const session = this.driver.session({
      defaultAccessMode,
      bookmarkManager: this.bookmarks,
      ...(database === undefined ? {} : { database }),
    });
    try {
      return await body(session);
    } catch (error) {
      throw translate(error, this.target);
    } finally {
      // A session whose connection is lost has nothing left to close.
      await session.close().catch(() => undefined);
    }
  }
}

/** The driver takes an authority of one's own only where the URL does not say `+s` itself. */
function encryptionOf({ url, certificateAuthority }: Neo4jConnectionOptions): { url: string } & Config {
  if (certificateAuthority === undefined || !/^\w+\+s:/.test(url)) return { url };
  return {
    url: url.replace('+s:', ':'),
    encrypted: 'ENCRYPTION_ON',
    trust: 'TRUST_CUSTOM_CA_SIGNED_CERTIFICATES',
    trustedCertificates: [certificateAuthority],
  };
}

class ManagedWork implements Neo4jTransaction {
  /** When the next statement may be sent: they go in the order in which they were asked for. */
  private turn: Promise<void> = Promise.resolve();

  constructor(
    private readonly transaction: ManagedTransaction,
    private readonly onStatement: Neo4jConnectionOptions['onStatement'],
  ) {}

  async run<Row>(statement: string, params: Neo4jParams = {}): Promise<Row[]> {
    // The driver packs parameters on the event loop: between two statements others have their turn, and the server
    // begins with the first while the second is packed.
    this.turn = this.turn.then(() => setImmediate());
    await this.turn;
    const { records, summary } = await this.transaction.run(statement, params);
    if (this.onStatement) {
      const { resultAvailableAfter, resultConsumedAfter } = summary;
      this.onStatement({
        statement,
        milliseconds: Number(resultAvailableAfter) + Number(resultConsumedAfter),
      });
    }
    // The statement's RETURN gives the row its shape.
    return records.map((record) => record.toObject() as Row);
  }
}

/** An integer property: JavaScript numbers arrive in Neo4j as floats. */
export function int(value: number): Integer {
  return neo4j.int(value);
}

/** Bytes as the driver takes them, without a copy. */
export function bytes(value: Uint8Array): Int8Array {
  return new Int8Array(value.buffer, value.byteOffset, value.byteLength);
}

/** Bytes as a row holds them. */
export function bytesOf(value: Int8Array): Uint8Array {
  return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
}
