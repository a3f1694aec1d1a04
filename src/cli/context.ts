import type { Io } from './io.js';

/** What commands share. */
export interface CliContext {
  readonly io: Io;
  /** The status to end with, where a command says so: some of its input was refused. */
  exitCode: number | null;
}
