import { Readable, Writable } from 'node:stream';
import { type Io, Output } from '../../src/cli/io.js';
import { runCli } from '../../src/cli/run.js';

export interface CliResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command line in this process, its streams in memory. */
export async function runInMemory(args: readonly string[], stdin = ''): Promise<CliResult> {
  const [stdout, out] = gatherer();
  const [stderr, err] = gatherer();
  const io: Io = {
    stdin: Readable.from([Buffer.from(stdin)]),
    stdout: new Output(stdout),
    stderr: new Output(stderr),
    stop: new AbortController().signal,
  };
  const code = await runCli(args, io);
  return { code, stdout: out(), stderr: err() };
}

function gatherer(): [Writable, () => string] {
  const parts: Buffer[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      parts.push(chunk);
      done();
    },
  });
  return [stream, () => Buffer.concat(parts).toString('utf8')];
}
