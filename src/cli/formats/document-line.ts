import { NeighborKbError, type FieldPath } from '../../domain/errors.js';
import type { DocumentInput, GivenMention } from '../../domain/model.js';
import { OffsetMap, type OffsetUnit } from '../../domain/offsets.js';

/**
 * A document from one JSON line: `{"externalId", "text"}` with optional title, source, metadata and mentions
 * `[{start, end, type}]`. Fields that NeighborKB does not know are left alone. What the fields hold is judged by
 * the extraction, which every way in shares; here offsets are brought to UTF-16 units.
 *
 * @throws NeighborKbError INVALID_DOCUMENT, or INVALID_MENTION for offsets in code points that the text lacks
 */
export function documentOfLine(value: unknown, unit: OffsetUnit): DocumentInput {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new NeighborKbError('INVALID_DOCUMENT', 'a line must hold one JSON object');
  const { externalId, text, title, source, metadata, mentions } = value as Record<string, unknown>;
  if (typeof externalId !== 'string') fail('must be a string', ['externalId']);
  if (typeof text !== 'string') fail('must be a string', ['text']);
  const document = { externalId, text, ...present({ title, source, metadata }) } as DocumentInput;
  if (mentions === undefined || mentions === null) return document;
  if (!Array.isArray(mentions)) fail('must be an array', ['mentions']);
  return { ...document, mentions: unit === 'utf16' ? (mentions as GivenMention[]) : toUtf16(text, mentions) };
}

/** The line's externalId if it has one: what an error line is filed under. */
export function externalIdOfLine(value: unknown): string | null {
  const id =
    typeof value === 'object' && value !== null ? (value as { externalId?: unknown }).externalId : null;
  return typeof id === 'string' ? id : null;
}

function present(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && value !== null),
  );
}

function toUtf16(text: string, mentions: readonly unknown[]): GivenMention[] {
  const offsets = new OffsetMap(text);
  const length = offsets.toCodePoints(text.length);
  return mentions.map((mention, index) => {
    // What is no mention at all is named by the extraction's own check.
    if (typeof mention !== 'object' || mention === null) return mention as GivenMention;
    const { start, end, type } = mention as GivenMention;
    const convert = (offset: unknown, field: string): number => {
      if (!Number.isInteger(offset)) return offset as number;
      // Past the end the conversion would bend the offset to the end and hide the fault.
      if ((offset as number) < 0 || (offset as number) > length)
        throw new NeighborKbError('INVALID_MENTION', `must be within 0..${length} code points`, [
          'mentions',
          index,
          field,
        ]);
      return offsets.toUtf16(offset as number);
    };
    return { start: convert(start, 'start'), end: convert(end, 'end'), type };
  });
}

function fail(message: string, path: FieldPath): never {
  throw new NeighborKbError('INVALID_DOCUMENT', message, path);
}
