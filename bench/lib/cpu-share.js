import { mkdir, rmdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';

const ROOT = '/sys/fs/cgroup';
/** Microseconds: short, so that a process that waits for its next share does not keep others waiting long. */
const PERIOD = 10_000;

/**
 * Holds processes to a share of a core, as if each ran on a slower core of its own (Linux control groups, version 1 or 2;
 * the user must be allowed to make them).
 */
export class CpuShare {
  #group;

  constructor(group) {
    this.#group = group;
  }

  /** @param share of one core, above 0; the processes that are added have it together */
  static async of(share, name) {
    const controller = path.join(ROOT, 'cpu');
    const isFirstVersion = await stat(controller).then(
      () => true,
      () => false,
    );
    const group = path.join(isFirstVersion ? controller : ROOT, name);
    await mkdir(group);
    const quota = Math.round(share * PERIOD);
    const limits = isFirstVersion
      ? { 'cpu.cfs_period_us': PERIOD, 'cpu.cfs_quota_us': quota }
      : { 'cpu.max': `${quota} ${PERIOD}` };
    for (const [file, value] of Object.entries(limits)) await writeFile(path.join(group, file), `${value}`);
    return new CpuShare(group);
  }

  async add(pid) {
    await writeFile(path.join(this.#group, 'cgroup.procs'), `${pid}`);
  }

  /** Once its processes have ended. */
  async remove() {
    await rmdir(this.#group);
  }
}
