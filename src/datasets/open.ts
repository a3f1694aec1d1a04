import { stat } from 'node:fs/promises';
import { NeighborKbError } from '../domain/errors.js';
import { readBrat } from './brat-reader.js';
import { readConll04 } from './conll04-reader.js';
import { detectFormat } from './detect.js';
import { readDocRed } from './docred-reader.js';
import { readI2b2 } from './i2b2-reader.js';
import { readKnowledgeNet } from './knowledgenet-reader.js';
import { markedLinesReader } from './marked-lines-reader.js';
import { readOpenNre } from './opennre-reader.js';
import { DATASET_FORMATS, type DatasetFormat, isDatasetFormat, type LabelledTexts } from './ports.js';
import { readPure } from './pure-reader.js';
import type { DatasetReader, ReaderOptions } from './reading.js';
import { readTacred } from './tacred-reader.js';

const READERS: Readonly<Record<DatasetFormat, DatasetReader>> = {
  pure: readPure,
  opennre: readOpenNre,
  tacred: readTacred,
  i2b2: readI2b2,
  docred: readDocRed,
  knowledgenet: readKnowledgeNet,
  conll04: readConll04,
  kbp37: markedLinesReader('no_relation'),
  semeval: markedLinesReader('Other'),
  brat: readBrat,
};

/** A format by name, or `auto`: the one that the files look like. */
export type FormatOrAuto = DatasetFormat | 'auto';

/** Files of one format, as options and arguments name them. */
export interface DatasetReference {
  readonly format: FormatOrAuto;
  readonly paths: readonly string[];
}

/**
 * `FORMAT:FILE[,FILE]...`, or the files alone for a format that is to be detected: `pure:train.json,dev.json`.
 * @throws NeighborKbError INVALID_ARGUMENT for an unknown format or no file
 */
export function parseDatasetReference(reference: string): DatasetReference {
  // A drive's letter (`C:\data`) is no format.
  const [, format, files] = /^([a-z][\w-]+):(.*)$/s.exec(reference) ?? [undefined, 'auto', reference];
  if (format !== 'auto' && !isDatasetFormat(format)) throw unknownFormat(format ?? '');
  const paths = (files ?? '').split(',').filter((path) => path !== '');
  if (paths.length === 0)
    throw new NeighborKbError('INVALID_ARGUMENT', `${reference}: names no file`, ['paths']);
  return { format, paths };
}

/**
 * Opens labelled data. Several paths are read one after the other, as one data set.
 * @param format `auto` looks at the beginning of each file
 * @throws NeighborKbError NOT_FOUND for a path that is not there; INVALID_ARGUMENT for a format that is unknown or
 *   cannot be detected. While it is read: INVALID_FILE, MALFORMED_TEXT naming file, line and field
 */
export async function openDataset(
  format: FormatOrAuto,
  paths: string | readonly string[],
  options: ReaderOptions = {},
): Promise<LabelledTexts> {
  const files = typeof paths === 'string' ? [paths] : [...paths];
  if (files.length === 0) throw new NeighborKbError('INVALID_ARGUMENT', 'no file was named', ['paths']);
  for (const file of files)
    await stat(file).catch((cause: unknown) => {
      throw new NeighborKbError('NOT_FOUND', `${file}: there is no such file or folder`, [file], { cause });
    });
  const known = format === 'auto' ? await commonFormat(files) : format;
  if (!isDatasetFormat(known)) throw unknownFormat(known);
  const reader = READERS[known];
  return {
    format: known,
    paths: files,
    async *[Symbol.asyncIterator]() {
      for (const file of files) yield* reader(file, options);
    },
  };
}

async function commonFormat(files: readonly string[]): Promise<DatasetFormat> {
  const formats = await Promise.all(files.map(detectFormat));
  const [first] = formats;
  const other = formats.findIndex((format) => format !== first);
  if (first === undefined || other >= 0)
    throw new NeighborKbError(
      'INVALID_ARGUMENT',
      `${files[0]} looks like ${first}, ${files[other]} like ${formats[other]}: name files of one format`,
      ['paths', other],
    );
  return first;
}

function unknownFormat(format: string): NeighborKbError {
  return new NeighborKbError(
    'INVALID_ARGUMENT',
    `${format} is no data set format, expected auto or one of ${DATASET_FORMATS.join(', ')}`,
    ['format'],
  );
}
