import { Command } from 'commander';
import { loadConfig } from '../../config.js';
import { EXIT_CODES_HELP } from '../exit-codes.js';
import { readProfile } from '../../resources.js';
import type { CliContext } from '../context.js';

export function profileCommand({ io }: CliContext): Command {
  const command = new Command('profile')
    .summary('read scoring profiles')
    .description(
      'A scoring profile names model, memories and settings; every prediction says which one made it.',
    )
    .addHelpText('after', EXIT_CODES_HELP);
  command
    .command('show')
    .summary('a profile as JSON')
    .argument('[name]', 'file name in models/profiles without .json (default: the configured one)')
    .addHelpText('after', EXIT_CODES_HELP)
    .action(async (name?: string) => {
      const config = loadConfig();
      const profile = await readProfile(config, name ?? config.profile);
      await io.stdout.line(JSON.stringify(profile, null, 2));
    });
  return command;
}
