import { NeighborKbError } from '../domain/errors.js';
import type { ScoringProfile } from '../domain/profile.js';
import type { MemoryManifest } from '../memory/ports.js';

/**
 * Whether a profile's memories are there and were made with its model: settings of one encoder mean nothing to another.
 * @param manifestOf manifest of a memory by `name` or `name@1.0.0`; throws MEMORY_MISSING, MEMORY_CORRUPT
 * @throws NeighborKbError INVALID_ARGUMENT, MEMORY_MODEL_MISMATCH naming the memory's field in the profile
 */
export async function checkProfileMemories(
  { model, memories }: Pick<ScoringProfile, 'model' | 'memories'>,
  manifestOf: (memory: string) => Promise<Pick<MemoryManifest, 'model'>>,
): Promise<void> {
  for (const [index, { memory }] of memories.entries()) {
    const field = ['memories', index, 'memory'];
    const manifest = await manifestOf(memory).catch((cause: unknown) => {
      if (!(cause instanceof NeighborKbError) || cause.code === 'MEMORY_CORRUPT') throw cause;
      throw new NeighborKbError('INVALID_ARGUMENT', `scoring profile: ${cause.message}`, field, { cause });
    });
    if (manifest.model !== model)
      throw new NeighborKbError(
        'MEMORY_MODEL_MISMATCH',
        `scoring profile: memory ${memory} was built with ${manifest.model}, the profile is for ${model}`,
        field,
      );
  }
}
