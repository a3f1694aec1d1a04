import { stat } from 'node:fs/promises';
import { z } from 'zod';
import { NeighborKbError } from '../domain/errors.js';
import { documentFiles, isFolder } from './document-files.js';
import { readMimicNotes } from './mimic-notes.js';
import {
  CORPUS_FORMATS,
  type CorpusFormat,
  type CorpusText,
  type CorpusTexts,
  isCorpusFormat,
} from './ports.js';
import { jsonLinesOf, parseAt, placeName, type ReaderOptions, wholeText } from './reading.js';

type CorpusReader = (path: string, options: ReaderOptions) => AsyncIterable<CorpusText>;

const READERS: Readonly<Record<CorpusFormat, CorpusReader>> = {
  text: readTexts,
  jsonl: readTextLines,
  mimic: readMimicNotes,
};

/**
 * Opens text without annotations. Several paths are read one after the other, as one corpus.
 * @throws NeighborKbError NOT_FOUND for a path that is not there, INVALID_ARGUMENT for an unknown format. While it is
 *   read: INVALID_FILE, MALFORMED_TEXT naming file, line and field
 */
export async function openCorpus(
  format: CorpusFormat,
  paths: string | readonly string[],
  options: ReaderOptions = {},
): Promise<CorpusTexts> {
  if (!isCorpusFormat(format))
    throw new NeighborKbError(
      'INVALID_ARGUMENT',
      `${String(format)} is no corpus format, expected one of ${CORPUS_FORMATS.join(', ')}`,
      ['format'],
    );
  const files = typeof paths === 'string' ? [paths] : [...paths];
  for (const file of files)
    await stat(file).catch((cause: unknown) => {
      throw new NeighborKbError('NOT_FOUND', `${file}: there is no such file or folder`, [file], { cause });
    });
  return {
    format,
    paths: files,
    async *[Symbol.asyncIterator]() {
      for (const file of files) yield* READERS[format](file, options);
    },
  };
}

/** A text file, or every `.txt` below a folder. Texts without a visible character are left out. */
async function* readTexts(path: string, options: ReaderOptions): AsyncGenerator<CorpusText> {
  const files = (await isFolder(path))
    ? (await documentFiles(path, ['.txt'], true)).flatMap(({ paths }) => paths['.txt'] ?? [])
    : [path];
  for (const file of files) {
    const text = await wholeText(file, options);
    if (text.trim() === '') options.onSkipped?.({ file }, 'without text');
    else yield { id: file, origin: file, text };
  }
}

const lineShape = z.object({
  externalId: z.string().optional(),
  id: z.union([z.string(), z.number()]).optional(),
  text: z.string(),
});

async function* readTextLines(path: string, options: ReaderOptions): AsyncGenerator<CorpusText> {
  for await (const { place, value } of jsonLinesOf(path, options)) {
    const { externalId, id, text } = parseAt(lineShape, value, place);
    const origin = placeName(place);
    if (text.trim() === '') options.onSkipped?.(place, 'without text');
    else yield { id: externalId ?? (id === undefined ? origin : String(id)), origin, text };
  }
}
