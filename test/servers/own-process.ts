import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { describe, test } from 'vitest';

/**
 * Ties a server's process to this one: a test process that ends without cleaning up takes its server along.
 *
 * @param onExit hears of its end
 */
export function tieToUs(child: ChildProcess, onExit: () => void): void {
  const killChild = () => child.kill('SIGKILL');
  process.once('exit', killChild);
  child.once('exit', () => {
    process.off('exit', killChild);
    onExit();
  });
}

/** Ends a process and waits for that; one that takes longer than `patience` milliseconds is killed. */
export async function endProcess(
  child: ChildProcess,
  signal: 'SIGTERM' | 'SIGKILL',
  patience: number,
): Promise<void> {
  const ended = once(child, 'exit');
  child.kill(signal);
  const timer = setTimeout(() => child.kill('SIGKILL'), patience);
  await ended;
  clearTimeout(timer);
}

/**
 * Stands in for a suite whose server is not installed: it is skipped and says how to install it; with
 * NEIGHBORKB_REQUIRE_SERVERS=1 it fails instead.
 */
export function describeNotInstalled(name: string, howToInstall: string): void {
  if (process.env['NEIGHBORKB_REQUIRE_SERVERS'] === '1')
    test(name, () => Promise.reject(new Error(howToInstall)));
  else describe.skip(`${name} (${howToInstall})`, () => void test('skipped', () => undefined));
}
