import { NeighborKbError } from '../domain/errors.js';

/*
 * What a memory is called. `general` is the newest version of the memory, `general@1.2.0` that version and no other.
 * Both are names of folders: nothing in them can lead elsewhere.
 */

const NAME = /^[a-z0-9][a-z0-9-]{0,63}$/;
const VERSION = /^\d{1,9}\.\d{1,9}\.\d{1,9}$/;

export interface MemoryReference {
  readonly name: string;
  /** Null: the newest. */
  readonly version: string | null;
}

/** @throws NeighborKbError INVALID_ARGUMENT unless it is `name` or `name@1.2.3` */
export function parseReference(reference: string): MemoryReference {
  const at = reference.indexOf('@');
  if (at < 0) {
    checkMemoryName(reference);
    return { name: reference, version: null };
  }
  const [name, version] = [reference.slice(0, at), reference.slice(at + 1)];
  checkMemoryName(name);
  checkVersion(version);
  return { name, version };
}

/** `general@1.2.0`: the folder's name, and what a profile writes to pin a version. */
export function formatReference(name: string, version: string): string {
  return `${name}@${version}`;
}

export function isMemoryName(name: string): boolean {
  return NAME.test(name);
}

/** @throws NeighborKbError INVALID_ARGUMENT for a name that is no plain folder name */
export function checkMemoryName(name: string): void {
  if (!isMemoryName(name))
    throw new NeighborKbError(
      'INVALID_ARGUMENT',
      `memory name ${JSON.stringify(name)}: must be lower-case letters, digits and hyphens, at most 64`,
      ['memory'],
    );
}

/** @throws NeighborKbError INVALID_ARGUMENT unless it is three numbers with dots */
export function checkVersion(version: string): void {
  if (!VERSION.test(version))
    throw new NeighborKbError(
      'INVALID_ARGUMENT',
      `version ${JSON.stringify(version)}: must be three numbers with dots, such as 1.2.0`,
      ['version'],
    );
}

/** Below 0 where `a` is the older one. Parts that a version lacks count as 0. */
export function compareVersions(a: string, b: string): number {
  const [one, other] = [numbersOf(a), numbersOf(b)];
  for (let i = 0; i < Math.max(one.length, other.length); i++) {
    const difference = (one[i] ?? 0) - (other[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/**
 * How a version differs from the one before it.
 * `incompatible`: its distances mean something else (another encoder, or another normalisation), so that profiles
 * have to be tuned again; `content`: entries of another source or another choice; `repair`: entries of the version
 * before, some of them dropped, relabelled or kept in fewer bytes.
 */
export type VersionChange = 'incompatible' | 'content' | 'repair';

/** The version after `latest`; 1.0.0 where there is none yet. */
export function nextVersion(latest: string | null, change: VersionChange): string {
  if (latest === null) return '1.0.0';
  const [major = 0, minor = 0, patch = 0] = numbersOf(latest);
  if (change === 'incompatible') return `${major + 1}.0.0`;
  return change === 'content' ? `${major}.${minor + 1}.0` : `${major}.${minor}.${patch + 1}`;
}

function numbersOf(version: string): number[] {
  return version.split('.').map((part) => Number.parseInt(part, 10) || 0);
}
