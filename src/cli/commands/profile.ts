import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { loadConfig } from '../../config.js';
import { atField, NeighborKbError } from '../../domain/errors.js';
import { parseProfile, profileReference } from '../../domain/profile.js';
import { checkProfileMemories } from '../../evaluation/profile-memories.js';
import { compareProfiles } from '../../evaluation/profile-store.js';
import { settingsOf } from '../../evaluation/study/table.js';
import { memoryManifest } from '../../memory/shelf.js';
import { profileStore, readProfile } from '../../resources.js';
import type { CliContext } from '../context.js';
import { EXIT_CODES_HELP } from '../exit-codes.js';
import { writeTables } from '../report-output.js';

export function profileCommand(context: CliContext): Command {
  const command = new Command('profile')
    .summary('list, read, make and compare scoring profiles')
    .description(
      'A scoring profile names model, memories and settings; every prediction says which one made it. Profiles ship in\n' +
        'models/profiles; your own lie in <data folder>/profiles, a file a version, and are never written to again.',
    )
    .addHelpText('after', EXAMPLES + EXIT_CODES_HELP);
  command
    .command('list')
    .summary('every profile and version')
    .option('--json', 'as JSON')
    .addHelpText('after', EXIT_CODES_HELP)
    .action((options: { readonly json?: true }) => list(context, options.json === true));
  command
    .command('show')
    .summary('a profile as JSON')
    .argument('[profile]', 'name, or name@version (default: the configured one)')
    .addHelpText('after', EXIT_CODES_HELP)
    .action(async (name?: string) => {
      const config = loadConfig();
      const profile = await readProfile(config, name ?? config.profile);
      await context.io.stdout.line(JSON.stringify(profile, null, 2));
    });
  command
    .command('create')
    .summary('keep a profile from a JSON file as the next version of its name')
    .argument('<file>', 'as `profile show` prints it; its version is set here')
    .addHelpText('after', EXIT_CODES_HELP)
    .action((file: string) => create(context, file));
  command
    .command('compare')
    .summary('what differs between two profiles')
    .argument('<before>', 'name, or name@version')
    .argument('<after>', 'name, or name@version')
    .option('--json', 'as JSON')
    .addHelpText('after', EXIT_CODES_HELP)
    .action((before: string, after: string, options: { readonly json?: true }) =>
      compare(context, before, after, options.json === true),
    );
  return command;
}

const EXAMPLES = `
Examples:
  $ neighborkb profile list
  $ neighborkb profile show general > mine.json
  $ neighborkb profile create mine.json
  $ neighborkb profile compare general@1 mine
`;

async function list({ io }: CliContext, asJson: boolean): Promise<void> {
  const all = await profileStore(loadConfig()).list();
  if (asJson) return io.stdout.line(JSON.stringify(all, null, 2));
  await writeTables(io, [
    {
      title: 'scoring profiles',
      head: ['profile', 'from', 'model', 'memories', 'tuned on'],
      rows: all.map(({ profile, origin }) => [
        profileReference(profile),
        origin,
        profile.model,
        profile.memories.length === 0
          ? 'none: the classifier alone'
          : `${profile.memories.map(({ memory }) => memory).join(', ')}: ${settingsOf(profile.memories)}`,
        profile.tunedOn ?? '',
      ]),
    },
  ]);
}

async function create({ io }: CliContext, file: string): Promise<void> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new NeighborKbError('NOT_FOUND', `${file} cannot be read`, [file], { cause });
  });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new NeighborKbError('INVALID_FILE', `${file} is not JSON`, [file], { cause });
  }
  const profile = parseProfile({ ...(json as object), version: 1 });
  const config = loadConfig();
  await checkProfileMemories(profile, (memory) => memoryManifest(config.memoriesDir, memory));
  const stored = await profileStore(config).create(profile);
  await io.stdout.line(profileReference(stored));
}

async function compare({ io }: CliContext, before: string, after: string, asJson: boolean): Promise<void> {
  const config = loadConfig();
  const one = await atField(['before'], readProfile(config, before));
  const other = await atField(['after'], readProfile(config, after));
  const differences = compareProfiles(one, other);
  if (asJson) return io.stdout.line(JSON.stringify(differences, null, 2));
  await writeTables(io, [
    {
      title: `${profileReference(one)} and ${profileReference(other)}: ${differences.length} fields differ`,
      head: ['field', profileReference(one), profileReference(other)],
      rows: differences.map(({ field, before: old, after: now }) => [field, old ?? '', now ?? '']),
    },
  ]);
}
