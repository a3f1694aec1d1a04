import { describe, expect, it } from 'vitest';
import { runInMemory } from './memory-io.js';

const COMMANDS = [
  [],
  ['dataset'],
  ['dataset', 'describe'],
  ['memory', 'index'],
  ['serve'],
  ['ingest'],
  ['extract'],
  ['explain'],
  ['export'],
  ['retract'],
  ['migrate-store'],
  ['memory'],
  ['memory', 'build'],
  ['memory', 'list'],
  ['memory', 'show'],
  ['profile'],
  ['profile', 'show'],
  ['evaluate'],
  ['evaluate', 'knowledgenet'],
  ['evaluate', 'redocred'],
  ['tune'],
  ['tune', 'knowledgenet'],
  ['jobs'],
  ['jobs', 'submit'],
  ['jobs', 'list'],
  ['jobs', 'show'],
  ['jobs', 'follow'],
  ['jobs', 'pause'],
  ['jobs', 'resume'],
  ['jobs', 'seal'],
  ['jobs', 'cancel'],
  ['jobs', 'retry'],
  ['jobs', 'dead-letters'],
  ['worker'],
];

describe('help', () => {
  it.each(COMMANDS.map((command) => ({ name: command.join(' ') || 'neighborkb', command })))(
    'of $name says how to call it and what the exit codes mean',
    async ({ command }) => {
      const { code, stdout, stderr } = await runInMemory([...command, '--help']);
      expect(code).toBe(0);
      expect(stderr).toBe('');
      expect(stdout).toContain(`Usage: ${['neighborkb', ...command].join(' ')}`);
      expect(stdout).toContain('Exit codes:');
    },
  );

  it.each(['serve', 'ingest', 'extract', 'explain', 'export', 'retract'])(
    'of %s has examples',
    async (command) => {
      const { stdout } = await runInMemory([command, '--help']);
      expect(stdout).toMatch(new RegExp(`Examples:\n( {2}\\$ .*neighborkb ${command}.*\n|.*\n)+`));
    },
  );

  it('names every command', async () => {
    const { stdout } = await runInMemory(['--help']);
    for (const [command] of COMMANDS) if (command !== undefined) expect(stdout).toContain(`  ${command} `);
  });
});

describe('the version', () => {
  it('is that of the package', async () => {
    const { code, stdout } = await runInMemory(['--version']);
    expect(code).toBe(0);
    expect(stdout.trim()).toMatch(/^\d+\.\d+\.\d+/);
  });
});

describe('wrong usage', () => {
  it.each([
    [['frobnicate'], "unknown command 'frobnicate'"],
    [['extract', '--frobnicate'], "unknown option '--frobnicate'"],
    [['extract', '--lambda', '1.5'], 'a number from 0 to 1'],
    [['extract', '--lambda', ''], 'a number from 0 to 1'],
    [['extract', '--k', '2.5'], 'a whole number from 1 to 1024'],
    [['extract', '--k', '0'], 'a whole number from 1 to 1024'],
    [['extract', '--temperature', '0'], 'a number from'],
    [['extract', '--offsets', 'bytes'], 'utf16, code-points'],
    [['export', '--format', 'xml'], 'jsonl, csv, nt'],
    [['serve', '--port', '65536'], 'a whole number from 0 to 65535'],
    [['explain'], "missing required argument 'text'"],
    [['retract'], "missing required argument 'externalIds'"],
    [['ingest'], "missing required argument 'paths'"],
    [['profile', 'show', '../../etc/passwd'], 'INVALID_ARGUMENT'],
    [['profile', 'show', 'no-such-profile'], 'INVALID_ARGUMENT'],
    [['memory', 'build', '../general'], 'INVALID_ARGUMENT'],
  ])('%j ends with 2 and says what is wrong', async (args, message) => {
    const { code, stdout, stderr } = await runInMemory(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
  });
});
