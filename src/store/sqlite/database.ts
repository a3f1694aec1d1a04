import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pLimit from 'p-limit';
import { NeighborKbError } from '../../domain/errors.js';
import { makeFolders } from '../../files/make-folders.js';
import { Connection, isBusy } from './connection.js';
import { readMigrations } from '../migrations.js';
import { migrate } from './migrations.js';
import { Pacer } from './pacer.js';

export interface DatabaseOptions {
  readonly file: string;
  /** Folder of numbered migrations. */
  readonly migrations: string;
  /** SQLite's application_id of files of this kind. */
  readonly applicationId: number;
  /** How long a write waits for another process's transaction, milliseconds. Default 10,000. */
  readonly busyTimeout?: number;
}

/** How long one statement may block on another process's lock before others get their turn, milliseconds. */
const BUSY_SLICE = 25;

/**
 * One database file: a connection that writes, in one transaction at a time, and one that reads the last
 * committed state meanwhile. A long transaction breathes, so that readers and timers have their turn.
 * Write-ahead log with synchronous=FULL: what was committed survives kill -9 and a power cut.
 */
export class SqliteDatabase {
  /** One writer at a time; the others wait here without blocking. */
  private readonly turn = pLimit(1);
  private closed = false;

  private constructor(
    private readonly options: DatabaseOptions,
    private readonly writer: Connection,
    /** For reads outside transactions. */
    readonly reader: Connection,
    readonly schemaVersion: number,
  ) {}

  /** Opens or creates the file and brings its schema up to date. @throws SCHEMA_*, STORE_UNAVAILABLE */
  static async open(options: DatabaseOptions): Promise<SqliteDatabase> {
    const migrations = await readMigrations(options.migrations, 'sql');
    await makeFolder(path.dirname(options.file));
    const busy = options.busyTimeout ?? 10_000;
    const writer = Connection.open(options.file, busy);
    try {
      // Before the pragmas: a file that is not ours must not be changed.
      const schemaVersion = migrate(writer, migrations, options.applicationId);
      configure(writer, BUSY_SLICE);
      const reader = Connection.open(options.file, busy);
      configure(reader, busy);
      reader.execute('PRAGMA query_only = ON');
      return new SqliteDatabase(options, writer, reader, schemaVersion);
    } catch (error) {
      writer.close();
      throw error;
    }
  }

  /**
   * Runs `body` as one transaction: all of it is committed and durable when the promise resolves, none of it
   * when it rejects.
   */
  async write<T>(body: (connection: Connection, pacer: Pacer) => Promise<T>): Promise<T> {
    return this.turn(async () => {
      await this.begin();
      try {
        const result = await body(this.writer, new Pacer());
        this.writer.execute('COMMIT');
        return result;
      } catch (error) {
        // SQLite rolls back by itself on some errors (a full disk).
        if (this.writer.inTransaction) this.writer.execute('ROLLBACK');
        throw error;
      }
    });
  }

  /** Waits for the transactions that were begun, then closes. */
  async close(): Promise<void> {
    await this.turn(() => {
      this.reader.close();
      try {
        if (!this.closed) this.writer.all('PRAGMA wal_checkpoint(TRUNCATE)');
      } catch {
        // Folds the log into the file: another process's reader or a full disk may prevent it, which does no harm.
        // What is committed is in the log, and the next to open reads it there.
      }
      this.closed = true;
      this.writer.close();
    });
  }

  /** Takes the write lock, waiting for other processes without blocking the event loop. */
  private async begin(): Promise<void> {
    const deadline = performance.now() + (this.options.busyTimeout ?? 10_000);
    for (;;)
      try {
        this.writer.execute('BEGIN IMMEDIATE');
        return;
      } catch (error) {
        if (!isBusy(error) || performance.now() > deadline) throw error;
        await delay(BUSY_SLICE);
      }
  }
}

/**
 * The log is folded into the file every 8,000 pages (32 MiB): hundreds of documents' pages then go in one sweep,
 * and pages that they share but once.
 */
function configure(connection: Connection, busyMilliseconds: number): void {
  connection.all('PRAGMA journal_mode = WAL');
  connection.execute(`
    PRAGMA busy_timeout = ${busyMilliseconds};
    PRAGMA synchronous = FULL;
    PRAGMA foreign_keys = ON;
    PRAGMA cache_size = -16000;
    PRAGMA temp_store = MEMORY;
    PRAGMA journal_size_limit = 67108864;
    PRAGMA wal_autocheckpoint = 8000;
  `);
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await makeFolders(folder);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new NeighborKbError('STORE_UNAVAILABLE', `the folder ${folder} cannot be created: ${reason}`, [], {
      cause,
    });
  }
}
