import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';

/** Name of a worker that holds leases: `<host>/<process id>/<random>`. */
export function leaseOwner(): string {
  return `${hostname()}/${process.pid}/${randomBytes(6).toString('base64url')}`;
}

/**
 * Whether the process behind an owner's name is known to be gone: it ran on this host and runs no more. Its leases
 * need not be waited for. A process id that was given anew reads as alive: then the lease runs out by itself.
 */
export function isGone(owner: string): boolean {
  const [host, pid] = owner.split('/');
  if (host !== hostname() || pid === undefined) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
