import { Command, Option } from 'commander';
import { createReadStream } from 'node:fs';
import { extname } from 'node:path';
import { loadConfig } from '../../config.js';
import { NeighborKbError } from '../../domain/errors.js';
import {
  DICTIONARY_FORMATS,
  readDictionary,
  type DictionaryFormat,
} from '../../identity/dictionary-reader.js';
import { IdentityService } from '../../identity/identity-service.js';
import type { DictionaryOutcome } from '../../store/identity-store.js';
import type { CliContext } from '../context.js';
import { EXIT_CODES_HELP } from '../exit-codes.js';
import { table } from '../formats/table.js';
import type { Io } from '../io.js';
import { reportTo, startProgress } from '../progress.js';
import { openStore } from '../../open-store.js';
import { withStore } from '../with-store.js';

interface ImportOptions {
  readonly format?: DictionaryFormat;
  readonly dataDir?: string;
  readonly json?: boolean;
}

export function dictionaryCommand(context: CliContext): Command {
  return new Command('dictionary')
    .summary('import, list and remove dictionaries of known entities')
    .description(
      'A dictionary gives known entities with their external ids and all their names; mentions of a name that one known\n' +
        'entity alone has are linked to it, in documents that are there and in those to come.',
    )
    .addCommand(importCommand(context))
    .addCommand(listCommand(context))
    .addCommand(removeCommand(context));
}

const IMPORT_HELP = `
The file: CSV with the header type,name,aliases,externalIds (any order; the last two may be absent; several values are
joined by |), or JSON lines with the same fields, the last two as lists. Types: PER, ORG, LOC, MISC. External ids are
scheme:value; Wikidata's (Q7186) need no scheme.

Examples:
  $ neighborkb entities dictionary import people people.csv
  $ zcat entities.jsonl.gz | neighborkb entities dictionary import wikidata - --format jsonl
`;

function importCommand(context: CliContext): Command {
  return new Command('import')
    .summary('put a dictionary in the place of the one with its name')
    .description('Imports a dictionary as a whole or, where a line is wrong, not at all.')
    .argument('<name>', 'what the dictionary is called: lower-case letters, digits, . _ -')
    .argument('<file>', 'CSV or JSON lines; - for standard input')
    .addOption(new Option('--format <format>', 'default: by the extension').choices(DICTIONARY_FORMATS))
    .option('--data-dir <folder>', 'folder of the embedded store')
    .option('--json', 'the outcome as JSON')
    .addHelpText('after', IMPORT_HELP + EXIT_CODES_HELP)
    .action((name: string, file: string, options: ImportOptions) =>
      importDictionary(context, name, file, options),
    );
}

async function importDictionary(
  { io }: CliContext,
  name: string,
  file: string,
  options: ImportOptions,
): Promise<void> {
  const format = options.format ?? formatOf(file);
  const entries = readDictionary(bytesOf(io, file), format, file);
  const store = await openStore(loadConfig({ dataDir: options.dataDir }));
  const progress = startProgress(io, 'import', 'entries');
  const report = reportTo(io, progress);
  try {
    const outcome = await new IdentityService(store).importDictionary(name, entries, (done) =>
      report(done, done + 1),
    );
    progress.end();
    await reportImport(io, outcome, options.json === true);
  } finally {
    progress.end();
    await store.close();
  }
}

function formatOf(file: string): DictionaryFormat {
  const extension = extname(file).toLowerCase();
  if (extension === '.csv') return 'csv';
  if (extension === '.jsonl' || extension === '.ndjson') return 'jsonl';
  throw new NeighborKbError('INVALID_ARGUMENT', `${file}: say --format csv or --format jsonl`, ['format']);
}

/** Opened when the first byte is wanted. A file that cannot be read is the caller's fault, and named. */
async function* bytesOf(io: Io, file: string): AsyncGenerator<Uint8Array> {
  try {
    yield* (file === '-' ? io.stdin : createReadStream(file)) as AsyncIterable<Uint8Array>;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new NeighborKbError('INVALID_FILE', `${file} cannot be read: ${reason}`, [file], { cause });
  }
}

async function reportImport(io: Io, outcome: DictionaryOutcome, json: boolean): Promise<void> {
  if (json) return io.stdout.line(JSON.stringify(outcome));
  const { dictionary, changes, ambiguous } = outcome;
  await io.stdout.line(
    `${dictionary.name}: ${dictionary.entities} entities, ${dictionary.names} names; ` +
      `${changes.mentions} mentions and ${changes.evidence} pieces of evidence moved`,
  );
  if (dictionary.ambiguousNames === 0) return;
  await io.stderr.line(
    `${dictionary.ambiguousNames} names belong to several known entities and link to none, such as:`,
  );
  for (const { name, type, entities } of ambiguous)
    await io.stderr.line(`  ${type} ${name}: ${entities.map((entity) => entity.name).join('; ')}`);
}

interface StoreOptions {
  readonly dataDir?: string;
  readonly json?: boolean;
}

function listCommand({ io }: CliContext): Command {
  return new Command('list')
    .summary('the dictionaries of the store')
    .option('--data-dir <folder>', 'folder of the embedded store')
    .option('--json', 'one JSON object a line')
    .addHelpText('after', `\nExamples:\n  $ neighborkb entities dictionary list\n${EXIT_CODES_HELP}`)
    .action((options: StoreOptions) =>
      withStore(options, async ({ identity }) => {
        const dictionaries = await identity.dictionaries();
        if (options.json) for (const each of dictionaries) await io.stdout.line(JSON.stringify(each));
        else
          await io.stdout.write(
            table(
              ['dictionary', 'entities', 'names', 'ambiguous', 'imported'],
              dictionaries.map(({ name, entities, names, ambiguousNames, importedAt }) => [
                ...[name, String(entities), String(names), String(ambiguousNames), importedAt],
              ]),
              { align: ['left', 'right', 'right', 'right', 'left'] },
            ),
          );
      }),
    );
}

function removeCommand({ io }: CliContext): Command {
  return new Command('remove')
    .summary('remove a dictionary; what it linked is as if it had never been there')
    .argument('<name>', 'its name')
    .option('--data-dir <folder>', 'folder of the embedded store')
    .addHelpText('after', `\nExamples:\n  $ neighborkb entities dictionary remove people\n${EXIT_CODES_HELP}`)
    .action((name: string, options: StoreOptions) =>
      withStore(options, async ({ identity }) => {
        const changes = await identity.removeDictionary(name);
        if (!changes)
          throw new NeighborKbError('NOT_FOUND', `there is no dictionary ${JSON.stringify(name)}`, ['name']);
        await io.stdout.line(
          `${name}: removed; ${changes.mentions} mentions and ${changes.evidence} pieces of evidence moved`,
        );
      }),
    );
}
