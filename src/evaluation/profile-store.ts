import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NeighborKbError } from '../domain/errors.js';
import { parseProfile, profileReference, type ScoringProfile } from '../domain/profile.js';
import { makeFolders } from '../files/make-folders.js';

/** A profile and where it comes from: with the product, or made here. */
export interface StoredProfile {
  readonly profile: ScoringProfile;
  readonly origin: 'shipped' | 'own';
}

const NAME = /^[a-z0-9][a-z0-9-]*$/;
const OWN_FILE = /^([a-z0-9][a-z0-9-]*)@([1-9]\d*)\.json$/;

/**
 * Scoring profiles by name and version. The product ships `<name>.json`; own versions are `<name>@<version>.json` in
 * another folder and are never written to again: what a prediction names can always be looked up.
 */
export class ProfileStore {
  constructor(
    private readonly shippedDir: string,
    private readonly ownDir: string,
  ) {}

  /** Every version, by name and then version. @throws NeighborKbError INVALID_ARGUMENT naming a malformed file */
  async list(): Promise<StoredProfile[]> {
    const shipped = (await namesIn(this.shippedDir)).filter((file) =>
      /^[a-z0-9][a-z0-9-]*\.json$/.test(file),
    );
    const own = (await namesIn(this.ownDir)).filter((file) => OWN_FILE.test(file));
    const all = await Promise.all([
      ...shipped.map(async (file): Promise<StoredProfile> => {
        return { profile: await readProfileFile(join(this.shippedDir, file)), origin: 'shipped' };
      }),
      ...own.map(async (file): Promise<StoredProfile> => {
        return { profile: await readProfileFile(join(this.ownDir, file)), origin: 'own' };
      }),
    ]);
    return all.sort(({ profile: a }, { profile: b }) =>
      a.name < b.name ? -1 : a.name > b.name ? 1 : a.version - b.version,
    );
  }

  /**
   * @param reference `name` for its newest version, or `name@version`
   * @throws NeighborKbError INVALID_ARGUMENT for no name of a profile, one that there is not, or a malformed file
   */
  async get(reference: string): Promise<ScoringProfile> {
    const { name, version } = parseReference(reference);
    const versions = (await this.versions(name)).filter(
      ({ profile }) => version === null || profile.version === version,
    );
    const newest = versions.at(-1);
    if (newest) return newest.profile;
    throw new NeighborKbError('INVALID_ARGUMENT', `there is no scoring profile ${reference}`, ['profile']);
  }

  /** Versions of one name, oldest first. */
  async versions(name: string): Promise<StoredProfile[]> {
    const shipped = await readProfileFile(join(this.shippedDir, `${name}.json`)).catch((error: unknown) => {
      if (error instanceof NeighborKbError && error.code === 'NOT_FOUND') return null;
      throw error;
    });
    const own: StoredProfile[] = [];
    for (const file of await namesIn(this.ownDir))
      if (OWN_FILE.exec(file)?.[1] === name)
        own.push({ profile: await readProfileFile(join(this.ownDir, file)), origin: 'own' });
    const all: StoredProfile[] = [
      ...(shipped ? [{ profile: shipped, origin: 'shipped' as const }] : []),
      ...own,
    ];
    return all.sort(({ profile: a }, { profile: b }) => a.version - b.version);
  }

  /**
   * Keeps a profile as the next version of its name, whatever version it says.
   * @returns it with its version
   * @throws NeighborKbError INVALID_ARGUMENT naming the field; CONFLICT where another process took the version
   */
  async create(profile: Omit<ScoringProfile, 'version'>): Promise<ScoringProfile> {
    const checked = parseProfile({ ...profile, version: 1 });
    const versions = await this.versions(checked.name);
    const stored = { ...checked, version: (versions.at(-1)?.profile.version ?? 0) + 1 };
    await makeFolders(this.ownDir);
    const path = join(this.ownDir, `${profileReference(stored)}.json`);
    await writeFile(path, `${JSON.stringify(stored, null, 2)}\n`, { flag: 'wx', flush: true }).catch(
      (cause: unknown) => {
        if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
        throw new NeighborKbError('CONFLICT', `${profileReference(stored)} was made meanwhile`, ['name'], {
          cause,
        });
      },
    );
    return stored;
  }
}

/** @throws NeighborKbError INVALID_ARGUMENT for anything but `name` and `name@version` */
export function parseReference(reference: string): {
  readonly name: string;
  readonly version: number | null;
} {
  const [name = '', version, ...more] = reference.split('@');
  if (!NAME.test(name) || more.length > 0 || (version !== undefined && !/^[1-9]\d*$/.test(version)))
    throw new NeighborKbError('INVALID_ARGUMENT', `${reference} is no name of a profile`, ['profile']);
  return { name, version: version === undefined ? null : Number(version) };
}

/** What differs between two profiles, field by field: `memories.0.k`, before, after; null where a field is not there. */
export function compareProfiles(
  before: ScoringProfile,
  after: ScoringProfile,
): { readonly field: string; readonly before: string | null; readonly after: string | null }[] {
  const [old, now] = [fieldsOf(before), fieldsOf(after)];
  return [...new Set([...old.keys(), ...now.keys()])]
    .sort()
    .filter((field) => old.get(field) !== now.get(field))
    .map((field) => ({ field, before: old.get(field) ?? null, after: now.get(field) ?? null }));
}

function fieldsOf(value: unknown, path = ''): Map<string, string> {
  if (typeof value !== 'object' || value === null) return new Map([[path, JSON.stringify(value)]]);
  return new Map(
    Object.entries(value).flatMap(([key, own]) => [...fieldsOf(own, path === '' ? key : `${path}.${key}`)]),
  );
}

async function namesIn(folder: string): Promise<string[]> {
  return (await readdir(folder).catch(() => [])).sort();
}

async function readProfileFile(path: string): Promise<ScoringProfile> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new NeighborKbError('NOT_FOUND', `${path} cannot be read`, ['profile'], { cause });
  });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new NeighborKbError('INVALID_FILE', `${path} is not JSON`, [path], { cause });
  }
  return parseProfile(json);
}
