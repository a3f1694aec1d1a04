import { describe, expect, it } from 'vitest';
import { NeighborKbError } from '../../src/domain/errors.js';
import { entityId } from '../../src/domain/identity.js';
import { isEvidence } from '../../src/domain/model.js';

describe('a prediction', () => {
  const ada = { entityId: entityId('PER', 'Ada Lund') };
  const oslo = { entityId: entityId('LOC', 'Oslo') };

  it('is evidence where a relation joins two different entities', () => {
    expect(isEvidence({ label: 'P19' }, ada, oslo)).toBe(true);
  });

  it('is none for NIL, an unresolved pronoun, or one entity twice', () => {
    expect(isEvidence({ label: 'NIL' }, ada, oslo)).toBe(false);
    expect(isEvidence({ label: 'P19' }, { entityId: null }, oslo)).toBe(false);
    expect(isEvidence({ label: 'P19' }, ada, { entityId: null })).toBe(false);
    expect(isEvidence({ label: 'P26' }, ada, ada)).toBe(false);
  });
});

describe('an error', () => {
  it('keeps code, message and cause when a caller puts its path before', () => {
    const cause = new Error('below');
    const error = new NeighborKbError('INVALID_MENTION', 'bad', ['mentions', 3, 'end'], { cause });
    const seen = error.under('documents', 7);
    expect(seen.path).toEqual(['documents', 7, 'mentions', 3, 'end']);
    expect(seen).toMatchObject({ code: 'INVALID_MENTION', message: 'bad', name: 'NeighborKbError' });
    expect(seen.cause).toBe(cause);
    expect(error.path).toEqual(['mentions', 3, 'end']);
  });
});
