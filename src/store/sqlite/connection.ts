import Database from 'libsql';
import { NeighborKbError } from '../../domain/errors.js';

/** What a statement takes. Numbers bind as REAL: columns of the strict tables convert integers without loss. */
export type SqlValue = string | number | null | Uint8Array;

/** Blobs as they come out of a row. */
export type SqlBlob = ArrayBuffer;

/** Prepared statements that are kept, the last used ones: filters that clients join make ever new ones. */
const KEPT_STATEMENTS = 500;

/**
 * One connection with its prepared statements. Calls are synchronous and short; whoever has many to make
 * breathes between them (`Pacer`).
 *
 * Every failure of SQLite leaves here as a NeighborKbError: STORE_UNAVAILABLE, or INTERNAL where a constraint
 * was broken, which is our own mistake.
 */
export class Connection {
  private readonly statements = new Map<string, Database.Statement>();

  private constructor(
    private readonly database: Database.Database,
    readonly file: string,
  ) {}

  /** @param busyMilliseconds how long a statement waits, blocking, for another process's lock */
  static open(file: string, busyMilliseconds: number): Connection {
    try {
      return new Connection(new Database(file, { timeout: busyMilliseconds }), file);
    } catch (error) {
      throw new NeighborKbError(
        'STORE_UNAVAILABLE',
        `${file} cannot be opened as a database: ${messageOf(error)}`,
        [],
        { cause: error },
      );
    }
  }

  /** All rows, with the shape that the caller's SQL gives them. */
  all<Row>(sql: string, params: readonly SqlValue[] = []): Row[] {
    return this.guard(() => this.prepare(sql).all(checked(params)) as Row[]);
  }

  first<Row>(sql: string, params: readonly SqlValue[] = []): Row | undefined {
    return this.all<Row>(sql, params)[0];
  }

  /** @returns number of rows changed */
  run(sql: string, params: readonly SqlValue[] = []): number {
    return this.guard(() => this.prepare(sql).run(checked(params)).changes);
  }

  /** Several statements without parameters or rows. */
  execute(sql: string): void {
    this.guard(() => this.database.exec(sql));
  }

  get inTransaction(): boolean {
    return this.database.open && this.database.inTransaction;
  }

  close(): void {
    this.statements.clear();
    if (this.database.open) this.database.close();
  }

  private prepare(sql: string): Database.Statement {
    let statement = this.statements.get(sql);
    if (statement) this.statements.delete(sql);
    else {
      statement = this.database.prepare(sql);
      const [oldest] = this.statements.keys();
      if (this.statements.size >= KEPT_STATEMENTS && oldest !== undefined) this.statements.delete(oldest);
    }
    // Last in the order: used just now.
    this.statements.set(sql, statement);
    return statement;
  }

  private guard<T>(action: () => T): T {
    try {
      return action();
    } catch (error) {
      throw this.database.open
        ? translate(error, this.file)
        : new NeighborKbError('STORE_UNAVAILABLE', `the store ${this.file} is closed`, [], { cause: error });
    }
  }
}

/** Whether SQLite refused because another process holds the lock. */
export function isBusy(error: unknown): boolean {
  return error instanceof NeighborKbError && codeOf(error.cause).startsWith('SQLITE_BUSY');
}

function translate(error: unknown, file: string): unknown {
  const code = codeOf(error);
  if (!code.startsWith('SQLITE_')) return error;
  if (code.startsWith('SQLITE_CONSTRAINT') || code === 'SQLITE_ERROR')
    return new NeighborKbError('INTERNAL', `${file}: ${messageOf(error)}`, [], { cause: error });
  const reason = REASONS.find(([codes]) => codes.test(code))?.[1] ?? 'refuses to work';
  return new NeighborKbError('STORE_UNAVAILABLE', `${file} ${reason}: ${messageOf(error)} (${code})`, [], {
    cause: error,
  });
}

/** What a code of SQLite means for whoever runs NeighborKB. */
const REASONS: readonly (readonly [RegExp, string])[] = [
  [/^SQLITE_(NOTADB|CORRUPT)/, 'is corrupt or no database of NeighborKB'],
  // A write past a limit on the size of files fails as an I/O error.
  [
    /^SQLITE_(FULL|IOERR_WRITE)/,
    'cannot grow: make room on its disk, then repeat; nothing of this was stored',
  ],
];

/** The native binding aborts the process on a value that it does not know: refused here. */
function checked(params: readonly SqlValue[]): SqlValue[] {
  for (const value of params)
    if (
      value !== null &&
      typeof value !== 'string' &&
      typeof value !== 'number' &&
      !(value instanceof Uint8Array)
    )
      throw new TypeError(`cannot store a value of type ${typeof value}`);
  return params as SqlValue[];
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
