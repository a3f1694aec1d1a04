import { Command } from 'commander';
import { userInfo } from 'node:os';
import type { MergeId } from '../../domain/identity.js';
import type { Distinction, Merge } from '../../domain/redirects.js';
import { IdentityService } from '../../identity/identity-service.js';
import { allPages } from '../../store/all-pages.js';
import type { GraphStore } from '../../store/graph-store.js';
import type { MergeOutcome } from '../../store/identity-store.js';
import type { CliContext } from '../context.js';
import { asWritten, ENTITY_ARGUMENT, parseEntity } from '../entity-argument.js';
import { EXIT_CODES_HELP } from '../exit-codes.js';
import { table } from '../formats/table.js';
import type { Io } from '../io.js';
import { withStore } from '../with-store.js';

interface JudgementOptions {
  readonly by?: string;
  readonly note?: string;
  readonly dataDir?: string;
  readonly json?: boolean;
  readonly withdraw?: boolean;
}

const examples = (...lines: string[]) =>
  `\nExamples:\n${lines.map((line) => `  $ neighborkb entities ${line}\n`).join('')}${EXIT_CODES_HELP}`;

function judging(name: string, summary: string): Command {
  return new Command(name)
    .summary(summary)
    .option('--by <who>', 'who says so; default: the user of this machine')
    .option('--data-dir <folder>', 'folder of the embedded store')
    .option('--json', 'the outcome as JSON');
}

export function mergeCommand({ io }: CliContext): Command {
  return judging('merge', 'make two entities one')
    .description(
      'Makes two entities one: mentions, evidence and triples of the first go over to the second. The id of the first\n' +
        'still works. `entities unmerge` takes it back.',
    )
    .argument('<from>', ENTITY_ARGUMENT)
    .argument('<into>', 'the one to keep, named alike')
    .option('--note <text>', 'why')
    .addHelpText('after', examples("merge 'PER:Maria Sklodowska' 'PER:Marie Curie' --note 'her maiden name'"))
    .action((from: string, into: string, options: JudgementOptions) =>
      withStore(options, async (store) => {
        const judgement = { by: byOf(options), note: options.note ?? null };
        const service = new IdentityService(store);
        const ids = [parseEntity(from), parseEntity(into)] as const;
        const outcome = await asWritten({ from, into }, () => service.merge(...ids, judgement));
        await report(io, outcome, `${names(outcome.merge)}: merged as ${outcome.merge.id}`, options);
      }),
    );
}

export function unmergeCommand({ io }: CliContext): Command {
  return judging('unmerge', 'take a merge back')
    .description('Takes a merge back: the graph is as if it had never been made. Its record stays.')
    .argument('<merge>', 'id of the merge, as `entities merges` lists it')
    .addHelpText('after', examples('unmerge mer_0b7c…'))
    .action((id: string, options: JudgementOptions) =>
      withStore(options, async (store) => {
        const outcome = await new IdentityService(store).unmerge(id as MergeId, { by: byOf(options) });
        await report(io, outcome, `${names(outcome.merge)}: taken back`, options);
      }),
    );
}

export function apartCommand({ io }: CliContext): Command {
  return judging('apart', 'record that two entities are not one')
    .description(
      'Records that two entities are not one: `entities duplicates` leaves the pair out from then on.',
    )
    .argument('<a>', ENTITY_ARGUMENT)
    .argument('<b>', 'the other one, named alike')
    .option('--note <text>', 'why')
    .option('--withdraw', 'take it back')
    .addHelpText('after', examples("apart 'PER:Bohr' 'PER:Niels Bohr' --note 'his son Aage'"))
    .action((a: string, b: string, options: JudgementOptions) =>
      withStore(options, (store) => tellApart(io, store, [a, b], options)),
    );
}

async function tellApart(
  io: Io,
  store: GraphStore,
  [a, b]: readonly [string, string],
  options: JudgementOptions,
): Promise<void> {
  const ids = [parseEntity(a), parseEntity(b)] as const;
  if (options.withdraw) {
    const withdrawn = await new IdentityService(store).withdrawApart(...ids);
    return options.json
      ? io.stdout.line(JSON.stringify({ withdrawn }))
      : io.stdout.line(withdrawn ? 'taken back' : 'nothing was recorded of the two');
  }
  const judgement = { by: byOf(options), note: options.note ?? null };
  const service = new IdentityService(store);
  const distinction = await asWritten({ a, b }, () => service.keepApart(...ids, judgement));
  if (options.json) return io.stdout.line(JSON.stringify(distinction));
  await io.stdout.line(`${distinction.entities.map(({ name }) => name).join(' and ')}: kept apart`);
}

interface ListOptions {
  readonly dataDir?: string;
  readonly json?: boolean;
}

interface MergesOptions extends ListOptions {
  readonly all?: boolean;
}

export function mergesCommand({ io }: CliContext): Command {
  return new Command('merges')
    .summary('the merges, latest first')
    .option('--all', 'with those that were taken back')
    .option('--data-dir <folder>', 'folder of the embedded store')
    .option('--json', 'one JSON object a line')
    .addHelpText('after', examples('merges --all'))
    .action((options: MergesOptions) =>
      withStore(options, (store) =>
        writeList(io, allMerges(store, options.all === true), MERGE_COLUMNS, options),
      ),
    );
}

export function distinctionsCommand({ io }: CliContext): Command {
  return new Command('distinctions')
    .summary('what was told apart, latest first')
    .option('--data-dir <folder>', 'folder of the embedded store')
    .option('--json', 'one JSON object a line')
    .addHelpText('after', examples('distinctions --json'))
    .action((options: ListOptions) =>
      withStore(options, (store) => writeList(io, allDistinctions(store), DISTINCTION_COLUMNS, options)),
    );
}

interface Columns<Row> {
  readonly head: readonly string[];
  readonly widths: readonly number[];
  cells(row: Row): string[];
}

const MERGE_COLUMNS: Columns<Merge> = {
  head: ['id', 'from', 'into', 'by', 'at', 'note', 'taken back'],
  widths: [42, 24, 24, 12, 26, 24, 26],
  cells: ({ id, from, into, by, at, note, undone }) => {
    return [id, from.name, into.name, by, at, note ?? '', undone === null ? '' : `${undone.at} ${undone.by}`];
  },
};

/** With types: an entity is named by both to take it back. */
const DISTINCTION_COLUMNS: Columns<Distinction> = {
  head: ['a', 'b', 'by', 'at', 'note'],
  widths: [36, 36, 12, 26, 24],
  cells: ({ entities: [a, b], by, at, note }) => {
    return [`${a.type}:${a.name}`, `${b.type}:${b.name}`, by, at, note ?? ''];
  },
};

async function writeList<Row>(
  io: Io,
  rows: AsyncIterable<Row>,
  { head, widths, cells }: Columns<Row>,
  { json }: ListOptions,
): Promise<void> {
  const body: string[][] = [];
  for await (const row of rows)
    if (json) await io.stdout.line(JSON.stringify(row));
    else body.push(cells(row));
  if (!json) await io.stdout.write(table(head, body, { widths }));
}

async function* allMerges({ identity }: GraphStore, all: boolean): AsyncGenerator<Merge> {
  const filter = all ? {} : { inForce: true };
  for await (const page of allPages((request) => identity.merges({ ...request, filter })))
    for (const { node } of page.items) yield node;
}

async function* allDistinctions({ identity }: GraphStore): AsyncGenerator<Distinction> {
  for await (const page of allPages((request) => identity.distinctions(request)))
    for (const { node } of page.items) yield node;
}

function byOf({ by }: JudgementOptions): string {
  return by ?? userInfo().username;
}

function names({ from, into }: Merge): string {
  return `${from.type} ${from.name} into ${into.type} ${into.name}`;
}

async function report(
  io: Io,
  outcome: MergeOutcome,
  text: string,
  { json }: JudgementOptions,
): Promise<void> {
  if (json) return io.stdout.line(JSON.stringify(outcome));
  const { mentions, evidence } = outcome.changes;
  await io.stdout.line(`${text}; ${mentions} mentions and ${evidence} pieces of evidence moved`);
}
