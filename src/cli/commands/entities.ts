import { Command } from 'commander';
import type { CliContext } from '../context.js';
import { EXIT_CODES_HELP } from '../exit-codes.js';
import { dictionaryCommand } from './entities-dictionary.js';
import { duplicatesCommand } from './entities-duplicates.js';
import {
  apartCommand,
  distinctionsCommand,
  mergeCommand,
  mergesCommand,
  unmergeCommand,
} from './entities-merge.js';

export function entitiesCommand(context: CliContext): Command {
  const command = new Command('entities')
    .summary('which entities are one: dictionaries, duplicates, merges')
    .description(
      'What decides which entity a mention refers to beyond its document: dictionaries of known entities, and merges.\n' +
        'All of it can be undone; mentions, evidence and triples follow at once.',
    )
    .addHelpText('after', EXAMPLES + EXIT_CODES_HELP);
  for (const child of [
    dictionaryCommand,
    duplicatesCommand,
    mergeCommand,
    unmergeCommand,
    mergesCommand,
    apartCommand,
    distinctionsCommand,
  ])
    command.addCommand(child(context));
  return command;
}

const EXAMPLES = `
Examples:
  $ neighborkb entities dictionary import people people.csv
  $ neighborkb entities duplicates --first 20
  $ neighborkb entities merge 'PER:Maria Sklodowska' 'PER:Marie Curie' --note 'her maiden name'
`;
