import { parse, CsvError } from 'csv-parse';
import { Readable } from 'node:stream';
import { inChunks } from '../domain/chunks.js';
import { NeighborKbError, type FieldPath } from '../domain/errors.js';
import type { EntityId } from '../domain/identity.js';
import { readJsonLines } from '../domain/json-lines.js';
import type { KnownEntity } from '../store/identity-store.js';
import { DICTIONARY_FIELDS, knownEntityOf, type DictionaryEntry } from './dictionary-entry.js';

export const DICTIONARY_FORMATS = ['csv', 'jsonl'] as const;
export type DictionaryFormat = (typeof DICTIONARY_FORMATS)[number];

/** Entries of one batch. */
const BATCH = 500;
/** An entry with a thousand aliases fits well. */
const MAX_LINE_BYTES = 1024 * 1024;
/** Between the values of one field in CSV. */
const SEPARATOR = '|';

/**
 * Reads a dictionary in batches; memory holds a batch and the ids seen so far.
 *
 * JSON lines: `{"type": "PER", "name": "Marie Curie", "aliases": ["Maria Skłodowska"], "externalIds": ["wikidata:Q7186"]}`.
 * CSV with a header of the same names in any order, `type` and `name` at least; several aliases or external ids are
 * joined by `|`.
 *
 * @param file what errors call it
 * @throws NeighborKbError INVALID_FILE, its path file, line and field; also where there is no entry at all
 */
export async function* readDictionary(
  chunks: AsyncIterable<Uint8Array>,
  format: DictionaryFormat,
  file: string,
): AsyncGenerator<KnownEntity[]> {
  const lines = format === 'csv' ? csvEntries(chunks, file) : jsonEntries(chunks, file);
  yield* inChunks(known(lines, file), { count: BATCH });
}

/**
 * Entries that a client gave all at once, checked like a file's.
 * @throws NeighborKbError INVALID_ARGUMENT, its path `['entries', place, field]`
 */
export function knownEntities(entries: readonly DictionaryEntry[]): KnownEntity[] {
  const seen = new Set<EntityId>();
  return entries.map((entry, place) => {
    const checked = at(['entries', place], () => knownEntityOf(entry));
    if (seen.has(checked.id)) throw repeated('an earlier entry').under('entries', place);
    seen.add(checked.id);
    return checked;
  });
}

interface Line {
  readonly line: number;
  readonly entry: DictionaryEntry;
}

async function* known(lines: AsyncIterable<Line>, file: string): AsyncGenerator<KnownEntity> {
  const lineOf = new Map<EntityId, number>();
  for await (const { line, entry } of lines) {
    const place = [file, 'line', line];
    let checked: KnownEntity;
    try {
      checked = knownEntityOf(entry);
    } catch (error) {
      throw error instanceof NeighborKbError ? inFile(error, place) : error;
    }
    const earlier = lineOf.get(checked.id);
    if (earlier !== undefined) throw inFile(repeated(`line ${earlier}`), place);
    lineOf.set(checked.id, line);
    yield checked;
  }
  // A pipe whose first part failed is empty, too: it must not take the place of a dictionary.
  if (lineOf.size === 0)
    throw new NeighborKbError(
      'INVALID_FILE',
      `${file} holds no entries: to be without a dictionary, remove it`,
      [file],
    );
}

async function* jsonEntries(chunks: AsyncIterable<Uint8Array>, file: string): AsyncGenerator<Line> {
  for await (const read of readJsonLines(chunks, { maxLineBytes: MAX_LINE_BYTES })) {
    const { line } = read;
    if (!read.ok) {
      const message = read.error.message.replace(/^line \d+ /, '');
      throw inFile(new NeighborKbError('INVALID_FILE', message, [], { cause: read.error }), [
        file,
        'line',
        line,
      ]);
    }
    if (typeof read.value !== 'object' || read.value === null || Array.isArray(read.value))
      throw inFile(new NeighborKbError('INVALID_FILE', 'expected one JSON object'), [file, 'line', line]);
    yield { line, entry: read.value as DictionaryEntry };
  }
}

async function* csvEntries(chunks: AsyncIterable<Uint8Array>, file: string): AsyncGenerator<Line> {
  const parser = parse({
    bom: true,
    columns: (header: string[]) => checkHeader(header, file),
    info: true,
    max_record_size: MAX_LINE_BYTES,
    skip_empty_lines: true,
  });
  try {
    for await (const record of Readable.from(chunks).compose(parser) as AsyncIterable<CsvRecord>)
      yield { line: record.info.lines, entry: entryOfRow(record.record) };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = typeof error['lines'] === 'number' ? error['lines'] : 1;
    throw inFile(new NeighborKbError('INVALID_FILE', error.message, [], { cause: error }), [
      file,
      'line',
      line,
    ]);
  }
}

interface CsvRecord {
  /** `lines`: of the record's last line, from 1. */
  readonly info: { readonly lines: number };
  readonly record: Readonly<Record<string, string>>;
}

function entryOfRow(row: Readonly<Record<string, string>>): DictionaryEntry {
  const several = (text: string | undefined): string[] =>
    (text ?? '').split(SEPARATOR).filter((value) => value.trim() !== '');
  return {
    type: row['type']?.trim(),
    name: row['name'],
    aliases: several(row['aliases']),
    externalIds: several(row['externalIds']),
  };
}

function checkHeader(header: readonly string[], file: string): string[] {
  const names = header.map((name) => name.trim());
  const unknown = names.find((name) => !(DICTIONARY_FIELDS as readonly string[]).includes(name));
  const missing = ['type', 'name'].find((name) => !names.includes(name));
  const repeatedName = names.find((name, place) => names.indexOf(name) !== place);
  const problem =
    missing !== undefined
      ? `the header has no column ${missing}`
      : repeatedName !== undefined
        ? `the header has the column ${repeatedName} twice`
        : unknown !== undefined
          ? `unknown column ${JSON.stringify(unknown)}`
          : null;
  if (problem !== null)
    throw inFile(
      new NeighborKbError('INVALID_FILE', `${problem}; expected ${DICTIONARY_FIELDS.join(', ')}`),
      [file, 'line', 1],
    );
  return names;
}

function repeated(where: string): NeighborKbError {
  return new NeighborKbError(
    'INVALID_ARGUMENT',
    `${where} has the same entity: type and first external id, or type and name where there is none`,
    ['name'],
  );
}

function at<T>(path: FieldPath, body: () => T): T {
  try {
    return body();
  } catch (error) {
    throw error instanceof NeighborKbError ? error.under(...path) : error;
  }
}

function inFile(error: NeighborKbError, place: FieldPath): NeighborKbError {
  const path = [...place, ...error.path];
  const [file, , line] = place;
  return new NeighborKbError('INVALID_FILE', `${file}:${line}: ${error.message}`, path, { cause: error });
}
