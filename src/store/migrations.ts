import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { NeighborKbError } from '../domain/errors.js';

/** One numbered step of a schema: `0001_graph.sql`, `0001_graph.cypher`. */
export interface Migration {
  /** From 1, without gaps. */
  readonly version: number;
  readonly name: string;
  readonly text: string;
  readonly sha256: string;
}

/** What a database remembers of a step. */
export interface AppliedMigration {
  readonly version: number;
  readonly name: string;
  readonly sha256: string;
  /** ISO 8601, UTC. */
  readonly appliedAt: string;
}

/** A step as `neighborkb migrate status` shows it; `appliedAt` null: still to come. */
export interface MigrationStatus {
  readonly version: number;
  readonly name: string;
  readonly sha256: string;
  readonly appliedAt: string | null;
}

/**
 * The steps in a folder, in their order.
 * @param extension of their files: `sql`, `cypher`
 * @throws NeighborKbError STORE_UNAVAILABLE where the numbers have gaps or the folder cannot be read
 */
export async function readMigrations(folder: string, extension: 'sql' | 'cypher'): Promise<Migration[]> {
  const pattern = new RegExp(`^\\d{4}_\\w+\\.${extension}$`);
  const names = (await listFolder(folder)).filter((name) => pattern.test(name)).sort();
  return Promise.all(
    names.map(async (name, index) => {
      const version = Number(name.slice(0, 4));
      if (version !== index + 1)
        throw new NeighborKbError(
          'STORE_UNAVAILABLE',
          `migration ${index + 1} is missing in ${folder}: found ${name}`,
        );
      const text = await readFile(path.join(folder, name), 'utf8');
      // Line ends differ between checkouts; the hash must not.
      const sha256 = createHash('sha256').update(text.replaceAll('\r\n', '\n')).digest('hex');
      return { version, name, text, sha256 };
    }),
  );
}

/**
 * The steps that a database still needs.
 * @param where the database, for messages
 * @param applied in the order of their versions
 * @throws NeighborKbError SCHEMA_TOO_NEW; SCHEMA_EDITED where an applied step is not the one that we have
 */
export function pendingMigrations(
  where: string,
  migrations: readonly Migration[],
  applied: readonly Pick<AppliedMigration, 'name' | 'sha256'>[],
): readonly Migration[] {
  if (applied.length > migrations.length)
    throw new NeighborKbError(
      'SCHEMA_TOO_NEW',
      `${where} has schema version ${applied.length}, this NeighborKB knows ${migrations.length}: upgrade NeighborKB`,
    );
  for (const [index, { name, sha256 }] of applied.entries())
    if (migrations[index]?.sha256 !== sha256)
      throw new NeighborKbError(
        'SCHEMA_EDITED',
        `${where}: its migration ${name} differs from the one that this NeighborKB has. An applied migration must ` +
          `not be edited: restore ${name} from the release that applied it, and put changes into a new migration`,
      );
  return migrations.slice(applied.length);
}

/** All steps with the time at which they were applied. @throws as `pendingMigrations` */
export function migrationStatus(
  where: string,
  migrations: readonly Migration[],
  applied: readonly AppliedMigration[],
): MigrationStatus[] {
  pendingMigrations(where, migrations, applied);
  return migrations.map(({ version, name, sha256 }, index) => ({
    ...{ version, name, sha256 },
    appliedAt: applied[index]?.appliedAt ?? null,
  }));
}

async function listFolder(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    throw new NeighborKbError('STORE_UNAVAILABLE', `the migrations in ${folder} cannot be read`, [], {
      cause: error,
    });
  }
}
