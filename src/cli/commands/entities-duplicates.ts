import { Command } from 'commander';
import { DEFAULT_MIN_SCORE, MAX_SUGGESTIONS, suggestDuplicates } from '../../identity/duplicates.js';
import { DICTIONARY_TYPES } from '../../identity/dictionary-entry.js';
import type { EntityType } from '../../domain/mention-types.js';
import type { CliContext } from '../context.js';
import { EXIT_CODES_HELP } from '../exit-codes.js';
import { table } from '../formats/table.js';
import { integerBetween, numberBetween, repeated } from '../options.js';
import { reportTo, startProgress } from '../progress.js';
import { withStore } from '../with-store.js';
import { NeighborKbError } from '../../domain/errors.js';

interface DuplicatesOptions {
  readonly first: number;
  readonly minScore: number;
  readonly type?: readonly string[];
  readonly dataDir?: string;
  readonly json?: boolean;
}

export function duplicatesCommand(context: CliContext): Command {
  return new Command('duplicates')
    .summary('entities that may be one, with reasons')
    .description(
      'Suggests entities to merge, best first: by equal or shortened names, abbreviations, spelling, external ids and\n' +
        'shared triples. Pairs that were told apart (entities apart) are left out.',
    )
    .option(
      '--first <count>',
      `most suggestions, 1 to ${MAX_SUGGESTIONS}`,
      integerBetween(1, MAX_SUGGESTIONS),
      50,
    )
    .option('--min-score <number>', 'lowest score, 0 to 1', numberBetween(0, 1), DEFAULT_MIN_SCORE)
    .option(
      '--type <type>',
      `entities of this type alone (${DICTIONARY_TYPES.join(', ')}); may be repeated`,
      repeated,
    )
    .option('--data-dir <folder>', 'folder of the embedded store')
    .option('--json', 'one JSON object a line')
    .addHelpText(
      'after',
      `\nExamples:\n  $ neighborkb entities duplicates --type PER --min-score 0.7\n${EXIT_CODES_HELP}`,
    )
    .action((options: DuplicatesOptions) => duplicates(context, options));
}

async function duplicates({ io }: CliContext, options: DuplicatesOptions): Promise<void> {
  const types = options.type?.map(typeOf);
  await withStore(options, async (store) => {
    const progress = startProgress(io, 'read', 'entities');
    const { first, minScore } = options;
    const query = { first, minScore, ...(types === undefined ? {} : { types }) };
    const found = await suggestDuplicates(store, query, reportTo(io, progress));
    progress.end();
    if (options.json) for (const each of found) await io.stdout.line(JSON.stringify(each));
    else
      await io.stdout.write(
        table(
          ['score', 'keep', 'merge', 'why'],
          found.map(({ entities: [keep, merge], score, evidence }) => [
            ...[score.toFixed(2), `${keep.type} ${keep.name}\n${keep.id}`],
            ...[`${merge.type} ${merge.name}\n${merge.id}`, evidence.map(({ detail }) => detail).join('; ')],
          ]),
          { widths: [7, 32, 32, 60] },
        ),
      );
  });
}

function typeOf(text: string): EntityType {
  const type = DICTIONARY_TYPES.find((known) => known === text);
  if (!type)
    throw new NeighborKbError(
      'INVALID_ARGUMENT',
      `expected one of ${DICTIONARY_TYPES.join(', ')}, got ${text}`,
      ['type'],
    );
  return type;
}
