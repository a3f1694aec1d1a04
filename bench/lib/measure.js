import { readFile } from 'node:fs/promises';
import { cpus } from 'node:os';

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

/** Cores of this machine that were busy on average, whoever kept them so, while `work` ran; and what it returned. */
export async function coresBusy(work) {
  const before = coreTimes();
  const result = await work();
  const after = coreTimes();
  const busy = (after.busy - before.busy) / (after.all - before.all);
  return { result, busy: busy * cpus().length };
}

/** Milliseconds of all cores since the machine started. */
function coreTimes() {
  const times = cpus().map(({ times }) => times);
  const all = times.flatMap(Object.values).reduce((sum, each) => sum + each, 0);
  return { all, busy: all - times.reduce((sum, { idle }) => sum + idle, 0) };
}
