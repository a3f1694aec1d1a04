import { execFile, spawnSync } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { promisify } from 'node:util';

/** How this process mounts: as root, or by sudo where it asks for no password; null where it may not. */
const MOUNTER = mounter();

function mounter(): readonly string[] | null {
  if (process.platform !== 'linux') return null;
  const prefix = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  // In a container root itself may not: asked by something that needs the same right and leaves nothing behind.
  const [command = '', ...args] = [...prefix, 'unshare', '--mount', 'true'];
  return spawnSync(command, args).status === 0 ? prefix : null;
}

export const MAY_MOUNT = MOUNTER !== null;

/** A file system of its own size in a folder. */
export class SmallDisk {
  private constructor(private readonly folder: string) {}

  /** @param folder is made where it is not there */
  static async mount(folder: string, kibibytes: number): Promise<SmallDisk> {
    await mkdir(folder, { recursive: true });
    await run('mount', '-t', 'tmpfs', '-o', `size=${kibibytes}k,mode=777`, 'tmpfs', folder);
    return new SmallDisk(folder);
  }

  async resize(kibibytes: number): Promise<void> {
    await run('mount', '-o', `remount,size=${kibibytes}k`, this.folder);
  }

  async unmount(): Promise<void> {
    // At once, though SQLite lets go of a closed file only when its statements are collected.
    await run('umount', '--lazy', this.folder);
  }
}

async function run(...call: string[]): Promise<void> {
  const [command = '', ...args] = [...(MOUNTER ?? []), ...call];
  await promisify(execFile)(command, args);
}
