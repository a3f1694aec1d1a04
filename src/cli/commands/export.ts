import { Command, Option } from 'commander';
import { loadConfig } from '../../config.js';
import { NeighborKbError } from '../../domain/errors.js';
import type { PredicateSchema } from '../../domain/predicates.js';
import type { GraphStore, TripleFilter } from '../../store/graph-store.js';
import { EXIT_CODES_HELP } from '../exit-codes.js';
import { CSV_HEAD, tripleRow } from '../formats/csv.js';
import { tripleJson } from '../formats/export-json.js';
import { entityLines, tripleLines } from '../formats/n-triples.js';
import { allEntities, tripleRecords } from '../formats/triple-records.js';
import { numberBetween, repeated } from '../options.js';
import { openExistingStore } from '../../open-store.js';
import { readSchema } from '../../resources.js';
import type { CliContext } from '../context.js';

const FORMATS = ['jsonl', 'csv', 'nt'] as const;

interface ExportOptions {
  readonly format: (typeof FORMATS)[number];
  readonly predicate?: readonly string[];
  readonly minConfidence?: number;
  readonly dataDir?: string;
}

export function exportCommand(context: CliContext): Command {
  return new Command('export')
    .summary('the triples of the store, with their evidence')
    .description(
      'Writes triples to standard output, page by page. jsonl: one triple a line with its evidence and neighbours;\n' +
        'csv: one triple a row with its best evidence; nt: N-Triples under Wikidata property IRIs, with confidence.',
    )
    .addOption(new Option('--format <format>', 'what to write').choices(FORMATS).default('jsonl'))
    .option('--predicate <id>', 'triples with this predicate alone; may be repeated', repeated)
    .option('--min-confidence <number>', 'triples at least this confident', numberBetween(0, 1))
    .option('--data-dir <folder>', 'folder of the embedded store')
    .addHelpText('after', EXAMPLES + EXIT_CODES_HELP)
    .action((options: ExportOptions) => exportTriples(context, options));
}

const EXAMPLES = `
Examples:
  $ neighborkb export --min-confidence 0.8 > triples.jsonl
  $ neighborkb export --format nt --predicate P26 --predicate P22 > family.nt
`;

async function exportTriples({ io }: CliContext, options: ExportOptions): Promise<void> {
  const config = loadConfig({ dataDir: options.dataDir });
  const schema = await readSchema(config);
  const store = await openExistingStore(config);
  const filter: TripleFilter = {
    ...(options.predicate === undefined ? {} : { predicates: options.predicate }),
    ...(options.minConfidence === undefined ? {} : { minConfidence: options.minConfidence }),
  };
  try {
    await requirePredicates(options.predicate ?? [], schema, store);
    for await (const text of exported(store, schema, filter, options.format)) {
      await io.stdout.write(text);
      if (io.stop.aborted) return;
    }
  } finally {
    await store.close();
  }
}

/** @throws NeighborKbError INVALID_ARGUMENT for an id that neither the schema nor a triple of an earlier one has */
async function requirePredicates(
  ids: readonly string[],
  schema: PredicateSchema,
  store: GraphStore,
): Promise<void> {
  const predicates = ids.filter((id) => !schema.has(id));
  if (predicates.length === 0) return;
  const stored = new Set((await store.countTriples('predicate', { predicates })).map(({ key }) => key));
  const unknown = predicates.find((id) => !stored.has(id));
  if (unknown === undefined) return;
  const known = schema.predicates.map(({ id }) => id).join(', ');
  throw new NeighborKbError(
    'INVALID_ARGUMENT',
    `--predicate ${unknown} is no predicate, expected one of ${known}`,
    ['predicate'],
  );
}

async function* exported(
  store: GraphStore,
  schema: PredicateSchema,
  filter: TripleFilter,
  format: ExportOptions['format'],
): AsyncGenerator<string> {
  if (format === 'csv') yield CSV_HEAD;
  if (format === 'nt') for await (const entity of allEntities(store)) yield entityLines(entity);
  for await (const record of tripleRecords(store, filter)) {
    if (format === 'jsonl') yield `${JSON.stringify(tripleJson(record, schema))}\n`;
    else yield format === 'csv' ? tripleRow(record, schema) : tripleLines(record);
  }
}
