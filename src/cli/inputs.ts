import { createReadStream } from 'node:fs';
import { opendir, readFile, stat } from 'node:fs/promises';
import { extname, join, relative } from 'node:path';
import type { Readable } from 'node:stream';
import { NeighborKbError } from '../domain/errors.js';
import { readJsonLines } from '../domain/json-lines.js';
import type { DocumentInput } from '../domain/model.js';
import type { OffsetUnit } from '../domain/offsets.js';
import { readableText, READABLE_EXTENSIONS } from '../extraction/readable.js';
import { documentOfLine, externalIdOfLine } from './formats/document-line.js';

/** A document that was read, or why it could not be. */
export type InputDocument = {
  /** The file, and the line where it holds several, for people. */
  readonly place: string;
} & (
  | { readonly ok: true; readonly document: DocumentInput }
  | {
      readonly ok: false;
      /** null where a line could not be read so far. */
      readonly externalId: string | null;
      readonly error: NeighborKbError;
    }
);

/** A file that was named or found in a folder; `externalId` is what its one document is called. */
export interface InputFile {
  readonly path: string;
  readonly externalId: string;
}

const JSON_LINES_EXTENSIONS = ['.jsonl', '.ndjson'];
const EXTENSIONS: readonly string[] = [...READABLE_EXTENSIONS, ...JSON_LINES_EXTENSIONS];

/** UTF-8 takes at most this many bytes for a UTF-16 unit. */
const BYTES_PER_UNIT = 3;

/**
 * The files that arguments stand for: a file as it is named, a folder with all files below it whose extension is
 * known, by name; hidden ones and links are left out.
 * @throws NeighborKbError NOT_FOUND, or INVALID_FILE for an extension that no reader takes
 */
export async function findFiles(paths: readonly string[]): Promise<InputFile[]> {
  const files: InputFile[] = [];
  for (const path of paths) {
    const found = await stat(path).catch((cause: unknown) => {
      throw new NeighborKbError('NOT_FOUND', `${path}: there is no such file or folder`, [path], { cause });
    });
    if (found.isDirectory()) files.push(...(await filesBelow(path, path)));
    else if (EXTENSIONS.includes(extname(path).toLowerCase()))
      files.push({ path, externalId: slashed(path) });
    else
      throw new NeighborKbError('INVALID_FILE', `${path}: expected one of ${EXTENSIONS.join(', ')}`, [path]);
  }
  return files;
}

async function filesBelow(root: string, folder: string): Promise<InputFile[]> {
  const files: InputFile[] = [];
  for await (const entry of await opendir(folder)) {
    if (entry.name.startsWith('.')) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) files.push(...(await filesBelow(root, path)));
    else if (entry.isFile() && EXTENSIONS.includes(extname(entry.name).toLowerCase()))
      files.push({ path, externalId: slashed(relative(root, path)) });
  }
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Documents of one file: one of a text, Markdown or HTML file, one a line of a JSON lines file. */
export async function* readDocuments(
  file: InputFile,
  options: { readonly unit: OffsetUnit; readonly maxTextLength: number },
): AsyncGenerator<InputDocument> {
  if (JSON_LINES_EXTENSIONS.includes(extname(file.path).toLowerCase()))
    yield* readDocumentLines(createReadStream(file.path), file.path, options.unit);
  else yield await readWholeFile(file, options.maxTextLength);
}

/** Documents of a JSON lines stream; a bad line is named and the others are kept. */
export async function* readDocumentLines(
  stream: AsyncIterable<Uint8Array>,
  place: string,
  unit: OffsetUnit,
): AsyncGenerator<InputDocument> {
  for await (const read of readJsonLines(stream)) {
    const here = `${place}:${read.line}`;
    if (!read.ok) yield { ok: false, externalId: null, place: here, error: read.error };
    else
      try {
        yield { ok: true, document: documentOfLine(read.value, unit), place: here };
      } catch (error) {
        if (!(error instanceof NeighborKbError)) throw error;
        yield { ok: false, externalId: externalIdOfLine(read.value), place: here, error };
      }
  }
}

/** Standard input: JSON lines if it begins with a brace, else one text. */
export async function* readStandardInput(
  stdin: Readable,
  options: { readonly unit: OffsetUnit; readonly maxTextLength: number; readonly externalId: string },
): AsyncGenerator<InputDocument> {
  const chunks: AsyncIterator<Uint8Array> = (stdin as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]();
  const head: Uint8Array[] = [];
  let first: number | undefined;
  while (first === undefined) {
    const next = await chunks.next();
    if (next.done === true) break;
    head.push(next.value);
    first = next.value.find((byte) => !WHITE_SPACE.has(byte));
  }
  const all = resume(head, chunks);
  if (first === OPENING_BRACE) return yield* readDocumentLines(all, 'stdin', options.unit);
  const { externalId } = options;
  try {
    const text = decode(await collect(all, options.maxTextLength * BYTES_PER_UNIT));
    yield { ok: true, document: { externalId, text }, place: 'stdin' };
  } catch (error) {
    if (!(error instanceof NeighborKbError)) throw error;
    yield { ok: false, externalId, place: 'stdin', error };
  }
}

/** Space, tab, line feed, carriage return and the bytes of a byte order mark. */
const WHITE_SPACE = new Set([0x20, 0x09, 0x0a, 0x0d, 0xef, 0xbb, 0xbf]);
const OPENING_BRACE = 0x7b;

async function* resume(
  head: readonly Uint8Array[],
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield* head;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}

/** @throws NeighborKbError TEXT_TOO_LARGE past `maxBytes` */
export async function collect(chunks: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > maxBytes)
      throw new NeighborKbError('TEXT_TOO_LARGE', `is larger than ${maxBytes} bytes`, ['text']);
    parts.push(chunk);
  }
  return Buffer.concat(parts);
}

async function readWholeFile(file: InputFile, maxTextLength: number): Promise<InputDocument> {
  const { path, externalId } = file;
  try {
    // Mark-up is longer than its text: a file may be a few times what its text may be, and no more.
    const { size } = await stat(path);
    const maxBytes = 4 * BYTES_PER_UNIT * maxTextLength;
    if (size > maxBytes)
      throw new NeighborKbError('TEXT_TOO_LARGE', `is larger than ${maxBytes} bytes`, ['text']);
    const { text, title } = readableText(decode(await readFile(path)), extname(path).toLowerCase());
    return {
      ok: true,
      document: { externalId, text, source: path, ...(title === undefined ? {} : { title }) },
      place: path,
    };
  } catch (error) {
    return { ok: false, externalId, place: path, error: asInputError(error, path) };
  }
}

/** @throws NeighborKbError MALFORMED_TEXT for bytes that are not UTF-8 */
export function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new NeighborKbError('MALFORMED_TEXT', 'is not UTF-8', ['text'], { cause });
  }
}

function asInputError(error: unknown, path: string): NeighborKbError {
  if (error instanceof NeighborKbError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new NeighborKbError('INVALID_FILE', `${path}: ${reason}`, [path], { cause: error });
}

function slashed(path: string): string {
  return path.replaceAll('\\', '/');
}
