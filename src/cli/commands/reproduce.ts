import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Argument, Command } from 'commander';
import { loadConfig } from '../../config.js';
import { lineChart } from '../../evaluation/charts.js';
import { PairCache } from '../../evaluation/pair-cache.js';
import { resultsPage } from '../../evaluation/study/results-page.js';
import { runStudy, STUDY_NAMES } from '../../evaluation/study/studies.js';
import type { StudyTable } from '../../evaluation/study/table.js';
import { makeFolders } from '../../files/make-folders.js';
import { openExtraction, readSchema } from '../../resources.js';
import { scoringTools } from '../../tasks/scoring-handlers.js';
import type { CliContext } from '../context.js';
import { EXIT_CODES_HELP } from '../exit-codes.js';
import { reportTo, startProgress } from '../progress.js';
import { writeJson, writeTables } from '../report-output.js';
import { YOUR_FILES } from '../scoring-files.js';

interface ReproduceOptions {
  readonly data: string;
  readonly encoders: string;
  readonly cache?: string;
  readonly out: string;
}

export function reproduceCommand(context: CliContext): Command {
  return new Command('reproduce')
    .summary('make a table of the method again')
    .description(
      'Encodes the data sets with the encoders of a study, tunes every way of scoring on dev, and writes the table as\n' +
        'JSON with its plots as SVG, and all tables as a page. Encodings are kept: a second run costs seconds.',
    )
    .addArgument(new Argument('<study>', 'which table').choices(STUDY_NAMES))
    .option('--data <dir>', 'folder of the data sets', '../shared/data')
    .option('--encoders <dir>', "folder of the studies' encoders (training/README.md)", 'training/studies')
    .option('--cache <dir>', 'folder for encodings (default: study-cache in NEIGHBORKB_DATA_DIR)')
    .option('--out <dir>', 'folder of results.md and results/', 'docs')
    .addHelpText('after', EXAMPLES + EXIT_CODES_HELP)
    .action((study: string, options: ReproduceOptions) => reproduce(context, study, options));
}

const EXAMPLES = `
Examples:
  $ neighborkb reproduce scierc --data ../data --encoders training/studies
  $ npm run reproduce -- wiki80-low
`;

async function reproduce({ io }: CliContext, study: string, options: ReproduceOptions): Promise<void> {
  const config = loadConfig();
  const table = await runStudy(study, {
    data: options.data,
    encoders: options.encoders,
    workers: config.inferenceWorkers,
    shippedEncoder: join(config.modelsDir, config.relationEncoder),
    schema: await readSchema(config),
    withProduct: async (use) => {
      const extraction = await openExtraction(config, { searchMode: 'exact' });
      try {
        const { bench, memory } = scoringTools(config, extraction, YOUR_FILES);
        return await use({ bench, memory, profile: extraction.profile });
      } finally {
        await extraction.close();
      }
    },
    cache: new PairCache(options.cache ?? join(config.dataDir, 'study-cache')),
    onProgress: progressOf(io),
  });
  const folder = join(options.out, 'results');
  await makeFolders(folder);
  await writeJson(join(folder, `${table.name}.json`), table);
  for (const plot of table.plots) await writeFile(join(folder, `${plot.name}.svg`), `${lineChart(plot)}\n`);
  await writeFile(join(options.out, 'results.md'), resultsPage(await studiesIn(folder)));
  await writeTables(
    io,
    table.tables.map(({ title, head, rows }) => ({
      title: `${table.title}: ${title}`,
      head,
      rows: rows.map((row) => row.map((cell) => (cell === null ? '' : String(cell)))),
    })),
  );
  await io.stderr.line(`wrote ${join(folder, `${table.name}.json`)} and ${join(options.out, 'results.md')}`);
}

/** A bar a set: one ends where the next begins. */
function progressOf(io: CliContext['io']): (what: string, done: number, total: number) => void {
  let current: {
    readonly what: string;
    readonly report: (done: number, total: number) => void;
    end(): void;
  } | null = null;
  return (what, done, total) => {
    if (current?.what !== what) {
      current?.end();
      const progress = startProgress(io, `encode ${what}`, 'texts');
      current = { what, report: reportTo(io, progress), end: () => progress.end() };
    }
    current.report(done, total);
    if (done === total) {
      current.end();
      current = null;
    }
  };
}

/** Every table that was ever made, in the order of the studies. */
async function studiesIn(folder: string): Promise<StudyTable[]> {
  const files = (await readdir(folder)).filter((name) => STUDY_NAMES.includes(name.replace(/\.json$/, '')));
  const tables = await Promise.all(
    files.map(async (name) => JSON.parse(await readFile(join(folder, name), 'utf8')) as StudyTable),
  );
  return tables.sort((a, b) => STUDY_NAMES.indexOf(a.name) - STUDY_NAMES.indexOf(b.name));
}
