import { readFile } from 'node:fs/promises';

/** @returns milliseconds of the fastest of several runs: what the machine can do while nothing disturbs it */
export async function fastest(run, runs) {
  let best = Infinity;
  for (let i = 0; i < runs; i++) {
    const begun = performance.now();
    await run();
    best = Math.min(best, performance.now() - begun);
  }
  return best;
}

/**
 * Resident memory of a process (Linux alone).
 *
 * @param pid a process id, or `self`
 * @returns null where the process is gone
 */
export async function residentMebibytes(pid) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kibibytes = /VmRSS:\s+(\d+)/.exec(status)?.[1];
  return kibibytes === undefined ? null : Number(kibibytes) / 1024;
}
