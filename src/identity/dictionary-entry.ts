import { formatExternalId, parseExternalId, type ExternalId } from '../domain/external-id.js';
import { NeighborKbError, type FieldPath } from '../domain/errors.js';
import { knownEntityId, normaliseName } from '../domain/identity.js';
import { ENTITY_TYPES, type EntityType } from '../domain/mention-types.js';
import type { KnownEntity } from '../store/identity-store.js';

/** Types that dictionaries may hold: a date or a number is its value and needs no dictionary. */
export const DICTIONARY_TYPES: readonly EntityType[] = ENTITY_TYPES.filter(
  (type) => type !== 'TIME' && type !== 'NUM',
);

/** Most characters of a name (UTF-16 units), most aliases and most external ids of an entry. */
export const MAX_NAME_LENGTH = 500;
export const MAX_ALIASES = 1_000;
export const MAX_EXTERNAL_IDS = 50;

/** Fields of an entry; columns of a CSV file. */
export const DICTIONARY_FIELDS = ['type', 'name', 'aliases', 'externalIds'] as const;

/** An entry as a file or a client gives it. */
export interface DictionaryEntry {
  readonly type: unknown;
  readonly name: unknown;
  readonly aliases?: unknown;
  readonly externalIds?: unknown;
}

/**
 * Checks an entry and gives it its id.
 * @throws NeighborKbError INVALID_ARGUMENT, its path the field: `['aliases', 2]`
 */
export function knownEntityOf(entry: DictionaryEntry): KnownEntity {
  checkFields(entry);
  const type = typeOf(entry.type);
  const name = nameAt(entry.name, ['name']);
  const externalIds = distinct(
    list(entry.externalIds, 'externalIds', MAX_EXTERNAL_IDS).map(externalIdAt),
    formatExternalId,
  );
  const aliases = list(entry.aliases, 'aliases', MAX_ALIASES).map((alias, place) =>
    nameAt(alias, ['aliases', place]),
  );
  return {
    id: knownEntityId(type, name, externalIds),
    type,
    name,
    aliases: distinct(aliases, (alias) => alias).filter((alias) => alias !== name),
    externalIds,
  };
}

/** A field that is misspelt would be lost without a word. */
function checkFields(entry: DictionaryEntry): void {
  const unknown = Object.keys(entry).find(
    (field) => !(DICTIONARY_FIELDS as readonly string[]).includes(field),
  );
  if (unknown !== undefined)
    throw fault(`unknown field ${shown(unknown)}; expected ${DICTIONARY_FIELDS.join(', ')}`, [unknown]);
}

function typeOf(value: unknown): EntityType {
  const type = DICTIONARY_TYPES.find((known) => known === value);
  if (type === undefined)
    throw fault(`expected one of ${DICTIONARY_TYPES.join(', ')}, got ${shown(value)}`, ['type']);
  return type;
}

function nameAt(value: unknown, path: FieldPath): string {
  if (typeof value !== 'string') throw fault(`expected a string, got ${shown(value)}`, path);
  const name = value.normalize('NFC').replace(/\s+/gu, ' ').trim();
  if (name === '' || normaliseName(name) === '') throw fault('expected a name, got nothing', path);
  if (name.length > MAX_NAME_LENGTH)
    throw fault(`expected at most ${MAX_NAME_LENGTH} characters, got ${name.length}`, path);
  if (/[\p{Cc}\p{Cs}]/u.test(name)) throw fault('holds a control character or half a character', path);
  return legible(name, path);
}

function externalIdAt(value: unknown, place: number): ExternalId {
  const path = ['externalIds', place];
  if (typeof value !== 'string') throw fault(`expected a string, got ${shown(value)}`, path);
  legible(value, path);
  try {
    return parseExternalId(value);
  } catch (error) {
    throw error instanceof NeighborKbError ? error.under(...path) : error;
  }
}

/** Bytes of another encoding that were read as UTF-8 leave a mark, and a name that no document has. */
function legible(text: string, path: FieldPath): string {
  if (text.includes('\uFFFD')) throw fault('holds a character that could not be read: expected UTF-8', path);
  return text;
}

function list(value: unknown, field: string, most: number): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw fault(`expected a list, got ${shown(value)}`, [field]);
  if (value.length > most) throw fault(`expected at most ${most}, got ${value.length}`, [field]);
  return value;
}

function distinct<T>(values: readonly T[], keyOf: (value: T) => string): T[] {
  return [...new Map(values.map((value) => [keyOf(value), value])).values()];
}

function fault(message: string, path: FieldPath): NeighborKbError {
  return new NeighborKbError('INVALID_ARGUMENT', message, path);
}

function shown(value: unknown): string {
  return value === undefined ? 'nothing' : (JSON.stringify(value) ?? typeof value).slice(0, 60);
}
