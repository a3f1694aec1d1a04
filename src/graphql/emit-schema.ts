import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { buildApiSchema } from './schema.js';

/*
 * Writes schema/schema.graphql. With --check it writes nothing and exits with 1 if the file differs from what
 * the code says.
 */

/** The SDL of the API, sorted, so that a diff shows what changed and not where. */
export function emittedSchema(): string {
  return `${printSchema(lexicographicSortSchema(buildApiSchema()))}\n`;
}

export const SCHEMA_FILE = fileURLToPath(new URL('../../schema/schema.graphql', import.meta.url));

async function main(): Promise<void> {
  const emitted = emittedSchema();
  if (!process.argv.includes('--check')) {
    await writeFile(SCHEMA_FILE, emitted);
    return;
  }
  const committed = await readFile(SCHEMA_FILE, 'utf8').catch(() => '');
  if (committed === emitted) return;
  console.error('schema/schema.graphql is not what the code says: run `npm run schema:emit` and commit it.');
  process.exitCode = 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
