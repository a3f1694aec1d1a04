import { NeighborKbError } from '../domain/errors.js';
import type { EntityId, MergeId } from '../domain/identity.js';
import type { Distinction, EntityReference } from '../domain/redirects.js';
import type { GraphStore } from '../store/graph-store.js';
import type { DictionaryOutcome, KnownEntity, MergeOutcome } from '../store/identity-store.js';

export interface Judgement {
  /** Who says so: a name or an account. 1 to 200 characters. */
  readonly by: string;
  /** Why; at most 2,000 characters. */
  readonly note?: string | null;
}

/** Limits of a judgement, and of a dictionary's name. */
export const MAX_BY_LENGTH = 200;
export const MAX_NOTE_LENGTH = 2_000;
/** What a dictionary may be called. */
export const DICTIONARY_NAME = /^[a-z0-9][a-z0-9._-]{0,99}$/;

/** What people and programs do to identity: every way in goes through here. */
export class IdentityService {
  constructor(private readonly store: GraphStore) {}

  /**
   * Makes two entities one: what `from` was now goes by `into`.
   * @throws NeighborKbError NOT_FOUND, INVALID_ARGUMENT, CONFLICT where they are one already
   */
  async merge(from: EntityId, into: EntityId, judgement: Judgement): Promise<MergeOutcome> {
    const { by, note } = checked(judgement);
    const [source, target] = await this.references(['from', from], ['into', into]);
    return this.store.identity.merge({ from: source, into: target, by, note });
  }

  /** @throws NeighborKbError NOT_FOUND, CONFLICT where it is undone already */
  async unmerge(id: MergeId, judgement: Pick<Judgement, 'by'>): Promise<MergeOutcome> {
    return this.store.identity.unmerge(id, checked(judgement).by);
  }

  /**
   * Records that two entities are not one: suggestions leave them out.
   * @throws NeighborKbError NOT_FOUND, INVALID_ARGUMENT, CONFLICT where they are one
   */
  async keepApart(a: EntityId, b: EntityId, judgement: Judgement): Promise<Distinction> {
    const { by, note } = checked(judgement);
    const [first, second] = await this.references(['a', a], ['b', b]);
    if (first.id === second.id)
      throw new NeighborKbError(
        'CONFLICT',
        `${JSON.stringify(first.name)} is one entity: undo the merge first`,
        ['b'],
      );
    const entities = first.id < second.id ? ([first, second] as const) : ([second, first] as const);
    return this.store.identity.distinguish({ entities, by, at: new Date().toISOString(), note });
  }

  /**
   * Takes back that two entities are not one: as it was recorded of the ids, else of what they stand for now, so that
   * the words that recorded it take it back.
   * @returns whether it was recorded
   */
  async withdrawApart(a: EntityId, b: EntityId): Promise<boolean> {
    const { identity } = this.store;
    if (await identity.withdrawDistinction(a, b)) return true;
    const [first, second] = await identity.redirectsOf([a, b]);
    return identity.withdrawDistinction(first?.id ?? a, second?.id ?? b);
  }

  /**
   * Puts a dictionary in the place of the one with its name.
   * @throws NeighborKbError INVALID_ARGUMENT at `name`, and whatever the entries throw
   */
  async importDictionary(
    name: string,
    entries: AsyncIterable<readonly KnownEntity[]>,
    onProgress: (entries: number) => void = () => undefined,
  ): Promise<DictionaryOutcome> {
    if (!DICTIONARY_NAME.test(name))
      throw new NeighborKbError(
        'INVALID_ARGUMENT',
        `expected 1 to 100 lower-case letters, digits, dots, hyphens and underscores, got ${JSON.stringify(name)}`,
        ['name'],
      );
    return this.store.identity.importDictionary(name, counted(entries, onProgress));
  }

  private async references(
    ...asked: readonly [readonly [string, EntityId], readonly [string, EntityId]]
  ): Promise<[EntityReference, EntityReference]> {
    const found = await this.store.entitiesById(asked.map(([, id]) => id));
    const [first, second] = asked.map(([field, id], place) => {
      const entity = found[place];
      if (!entity)
        throw new NeighborKbError('NOT_FOUND', `there is no entity with the id ${JSON.stringify(id)}`, [
          field,
        ]);
      return { id: entity.id, type: entity.type, name: entity.name };
    }) as [EntityReference, EntityReference]; // two were asked for
    return [first, second];
  }
}

async function* counted(
  entries: AsyncIterable<readonly KnownEntity[]>,
  onProgress: (entries: number) => void,
): AsyncGenerator<readonly KnownEntity[]> {
  let done = 0;
  for await (const batch of entries) {
    yield batch;
    done += batch.length;
    onProgress(done);
  }
}

/** @throws NeighborKbError INVALID_ARGUMENT at `by` or `note` */
function checked({ by, note }: Judgement): { by: string; note: string | null } {
  const name = by.trim();
  if (name === '' || name.length > MAX_BY_LENGTH)
    throw new NeighborKbError('INVALID_ARGUMENT', `expected who says so, 1 to ${MAX_BY_LENGTH} characters`, [
      'by',
    ]);
  const why = note?.trim() ?? '';
  if (why.length > MAX_NOTE_LENGTH)
    throw new NeighborKbError('INVALID_ARGUMENT', `expected at most ${MAX_NOTE_LENGTH} characters`, ['note']);
  return { by: name, note: why === '' ? null : why };
}
