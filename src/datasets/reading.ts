import { createReadStream } from 'node:fs';
import type { z } from 'zod';
import { type FieldPath, NeighborKbError } from '../domain/errors.js';
import { DEFAULT_JSON_LINES_LIMITS, readJsonLines, splitLines } from '../domain/json-lines.js';
import type { LabelledText } from './ports.js';
import type { TokenJoining } from './token-joining.js';

/** What a caller may say to every reader. */
export interface ReaderOptions {
  /** How lists of tokens become text: with a space between each two (the default), or as people write. */
  readonly tokens?: TokenJoining | undefined;
  /** Told of a text that the reader leaves out, and why: a fault that the data set is known for. */
  readonly onSkipped?: ((place: Place, reason: string) => void) | undefined;
  /** Told how many bytes of the files were read since it was last told. */
  readonly onBytes?: ((bytes: number) => void) | undefined;
}

/** Reads one file, or one folder where the format keeps a document in several files. */
export type DatasetReader = (path: string, options: ReaderOptions) => AsyncIterable<LabelledText>;

/** Where in a data set something stands: a file, and its line from 1 where lines mean something. */
export interface Place {
  readonly file: string;
  readonly line?: number;
}

/** `file:line`, as editors and terminals understand it. */
export function placeName({ file, line }: Place): string {
  return line === undefined ? file : `${file}:${line}`;
}

/** An INVALID_FILE error whose message and path name file, line and field. */
export function invalidAt(place: Place, field: FieldPath, problem: string, cause?: unknown): NeighborKbError {
  const where = field.length === 0 ? '' : `${field.join('.')}: `;
  const path = [place.file, ...(place.line === undefined ? [] : ['line', place.line]), ...field];
  return new NeighborKbError('INVALID_FILE', `${placeName(place)}: ${where}${problem}`, path, { cause });
}

/** @throws NeighborKbError INVALID_FILE naming the first field that is not of this shape */
export function parseAt<Output>(shape: z.ZodType<Output>, value: unknown, place: Place): Output {
  const parsed = shape.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = (issue?.path ?? []).map((part) => (typeof part === 'symbol' ? String(part) : part));
  throw invalidAt(place, field, issue?.message ?? 'malformed');
}

/** Chunks of a file as they come from the disk. @throws NeighborKbError NOT_FOUND for a path that is no file */
export async function* bytesOf(path: string, { onBytes }: ReaderOptions): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of createReadStream(path)) {
      const bytes = chunk as Uint8Array;
      onBytes?.(bytes.length);
      yield bytes;
    }
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'EISDIR') throw cause;
    throw new NeighborKbError('NOT_FOUND', `${path}: there is no such file`, [path], { cause });
  }
}

/** A JSON value of a file and its place. */
export interface PlacedValue {
  readonly place: Place & { readonly line: number };
  readonly value: unknown;
}

/** The values of a JSON lines file. @throws NeighborKbError INVALID_FILE, MALFORMED_TEXT naming the line */
export async function* jsonLinesOf(path: string, options: ReaderOptions): AsyncGenerator<PlacedValue> {
  for await (const read of readJsonLines(bytesOf(path, options))) {
    if (!read.ok)
      throw new NeighborKbError(
        read.error.code,
        `${path}: ${read.error.message}`,
        [path, ...read.error.path],
        { cause: read.error.cause },
      );
    yield { place: { file: path, line: read.line }, value: read.value };
  }
}

/** A line of a text file without its end. */
export interface PlacedLine {
  readonly place: Place & { readonly line: number };
  readonly text: string;
}

/** The lines of a UTF-8 file, blank ones too. @throws NeighborKbError INVALID_FILE, MALFORMED_TEXT naming the line */
export async function* textLinesOf(path: string, options: ReaderOptions): AsyncGenerator<PlacedLine> {
  const { maxLineBytes } = DEFAULT_JSON_LINES_LIMITS;
  let line = 0;
  for await (const bytes of splitLines(bytesOf(path, options), maxLineBytes)) {
    const place = { file: path, line: ++line };
    if (bytes === 'too long') throw invalidAt(place, [], `is longer than ${maxLineBytes} bytes`);
    yield { place, text: decoded(bytes, place).replace(/\r$/, '') };
  }
}

/** A UTF-8 file as a whole: a document of a format that keeps one a file. @throws NeighborKbError MALFORMED_TEXT */
export async function wholeText(path: string, options: ReaderOptions): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of bytesOf(path, options)) chunks.push(chunk);
  return decoded(Buffer.concat(chunks), { file: path });
}

function decoded(bytes: Uint8Array, place: Place): string {
  try {
    // `ignoreBOM: false` drops a byte order mark.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch (cause) {
    const path = [place.file, ...(place.line === undefined ? [] : ['line', place.line])];
    throw new NeighborKbError('MALFORMED_TEXT', `${placeName(place)}: is not UTF-8`, path, { cause });
  }
}
