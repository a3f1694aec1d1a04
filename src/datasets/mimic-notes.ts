import { pipeline, Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { z } from 'zod';
import type { CorpusText } from './ports.js';
import { bytesOf, invalidAt, parseAt, placeName, type ReaderOptions } from './reading.js';

/*
 * MIMIC-III's NOTEEVENTS.csv (https://mimic.mit.edu/docs/iii/tables/noteevents/): quoted CSV with a header, a note a
 * record over many lines. Notes that a physician marked as an error (ISERROR = 1) are left out.
 */

const recordShape = z.object({
  ROW_ID: z.string().min(1),
  ISERROR: z.string().optional(),
  TEXT: z.string(),
});

/** @throws NeighborKbError INVALID_FILE naming file, line and column */
export async function* readMimicNotes(path: string, options: ReaderOptions): AsyncGenerator<CorpusText> {
  for await (const { record, line } of csvRecords(path, options)) {
    const place = { file: path, line };
    const { ROW_ID: id, ISERROR: isError, TEXT: text } = parseAt(recordShape, record, place);
    if (isError === '1') options.onSkipped?.(place, 'marked as an error');
    else if (text.trim() === '') options.onSkipped?.(place, 'without text');
    else yield { id, origin: placeName(place), text };
  }
}

interface CsvRecord {
  readonly record: unknown;
  /** The line on which the record begins, from 1. */
  readonly line: number;
}

async function* csvRecords(path: string, options: ReaderOptions): AsyncGenerator<CsvRecord> {
  const parser = parse({ bom: true, columns: true, info: true, relax_column_count: false });
  pipeline(Readable.from(bytesOf(path, options)), parser, () => undefined); // iterating the parser throws
  let line = 1;
  try {
    for await (const read of parser as AsyncIterable<{ record: unknown; info: { lines: number } }>) {
      yield { record: read.record, line: line + 1 };
      line = read.info.lines;
    }
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    throw invalidAt({ file: path, line: Number(cause['lines'] ?? line) }, [], cause.message, cause);
  }
}
