import { Output } from './io.js';
import { runCli } from './run.js';

/**
 * The command line as a process. The first SIGINT or SIGTERM asks the command to finish what is in hand; a second
 * one ends the process at once, which the store survives.
 */
const stop = new AbortController();
const onSignal = (): void => {
  if (stop.signal.aborted) process.exit(130);
  stop.abort();
  // A command that waits for input has nothing in hand: its wait ends here.
  process.stdin.destroy();
};
process.on('SIGINT', onSignal);
process.on('SIGTERM', onSignal);

process.exitCode = await runCli(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: new Output(process.stdout),
  stderr: new Output(process.stderr),
  stop: stop.signal,
});
process.removeListener('SIGINT', onSignal);
process.removeListener('SIGTERM', onSignal);
// A terminal or a pipe on standard input that nobody reads any more must not keep the process.
process.stdin.destroy();
