import type { Command } from 'commander';
import { CommanderError } from 'commander';
import { NeighborKbError } from '../domain/errors.js';
import type { CliContext } from './context.js';
import { EXIT, exitCodeOf } from './exit-codes.js';
import { type Io, OutputClosedError } from './io.js';
import { buildProgram } from './program.js';

/**
 * Runs one command line.
 * @param args without `node` and the script
 * @returns the exit status
 */
export async function runCli(args: readonly string[], io: Io): Promise<number> {
  const context: CliContext = { io, exitCode: null };
  const program = buildProgram(context);
  try {
    await parse(program, args);
    return context.exitCode ?? (io.stop.aborted ? EXIT.interrupted : EXIT.ok);
  } catch (error) {
    if (error instanceof OutputClosedError) return EXIT.ok;
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    if (io.stop.aborted) return EXIT.interrupted;
    await io.stderr.line(describe(error)).catch(() => undefined);
    return exitCodeOf(error);
  }
}

async function parse(program: Command, args: readonly string[]): Promise<void> {
  await program.parseAsync([...args], { from: 'user' });
}

/** A foreseen error in a line; the stack of an unforeseen one, for a report. */
export function describe(error: unknown): string {
  if (error instanceof NeighborKbError) {
    const place = error.path.length === 0 ? '' : ` (at ${error.path.join('.')})`;
    return `error ${error.code}: ${error.message}${place}`;
  }
  return error instanceof Error
    ? `unforeseen error: ${error.stack ?? error.message}`
    : `unforeseen error: ${String(error)}`;
}
