import { NeighborKbError } from '../domain/errors.js';
import { entityId, type EntityId } from '../domain/identity.js';
import { ENTITY_TYPES } from '../domain/mention-types.js';

/** How help texts say what `parseEntity` takes. */
export const ENTITY_ARGUMENT = 'id of an entity, or TYPE:name as in "PER:Marie Curie"';

/** An entity as it is named on the command line. @throws NeighborKbError INVALID_ARGUMENT */
export function parseEntity(text: string): EntityId {
  if (/^ent_[\w-]+$/.test(text)) return text as EntityId;
  const [, type, name] = /^([A-Z]+):(.+)$/s.exec(text) ?? [];
  const known = ENTITY_TYPES.find((each) => each === type);
  if (!known || name === undefined || name.trim() === '')
    throw new NeighborKbError(
      'INVALID_ARGUMENT',
      `expected the ${ENTITY_ARGUMENT}, got ${JSON.stringify(text)}; types: ${ENTITY_TYPES.join(', ')}`,
    );
  return entityId(known, name.trim());
}

/**
 * Runs `body`; an entity that it does not find is told as it was written, not by the id that a name makes.
 *
 * @param written the arguments by the field that errors name
 */
export async function asWritten<T>(
  written: Readonly<Record<string, string>>,
  body: () => Promise<T>,
): Promise<T> {
  try {
    return await body();
  } catch (error) {
    if (!(error instanceof NeighborKbError) || error.code !== 'NOT_FOUND') throw error;
    const text = written[String(error.path[0])];
    if (text === undefined) throw error;
    throw new NeighborKbError('NOT_FOUND', `there is no entity ${JSON.stringify(text)}`, error.path, {
      cause: error,
    });
  }
}
