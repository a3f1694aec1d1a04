import { inChunks } from '../domain/chunks.js';
import { type FieldPath, NeighborKbError } from '../domain/errors.js';
import { DocumentIngester, type IngestOutcome } from '../jobs/document-ingester.js';
import type { GraphStore } from '../store/graph-store.js';
import { CHUNK_LIMITS } from './chunks.js';
import type { InputDocument } from './inputs.js';
import type { Io } from './io.js';
import { startProgress } from './progress.js';
import type { Extraction } from '../resources.js';

export interface IngestSummary {
  readonly created: number;
  readonly replaced: number;
  readonly unchanged: number;
  /** Different triples that the documents support. */
  readonly triples: number;
  readonly seconds: number;
  readonly failures: readonly IngestFailure[];
}

export interface IngestFailure {
  readonly externalId: string | null;
  /** The file, and the line where it holds several. */
  readonly place: string;
  readonly code: string;
  readonly message: string;
  readonly path: FieldPath;
}

interface IngestParts {
  readonly io: Io;
  readonly extraction: Extraction;
  readonly store: GraphStore;
  readonly maxTextLength: number;
}

/** Reads, extracts and stores chunk by chunk; a refused document is named in the summary and the others are kept. */
export async function ingestAll(
  { documents, files }: { readonly documents: AsyncIterable<InputDocument>; readonly files: number },
  { io, extraction, store, maxTextLength }: IngestParts,
): Promise<IngestSummary> {
  const { extractor, profile } = extraction;
  const ingester = new DocumentIngester({ extractor, store, profile, limits: { maxTextLength } });
  const started = performance.now();
  const progress = startProgress(io, 'ingest', 'documents');
  const changes = { created: 0, replaced: 0, unchanged: 0 };
  const failures: IngestFailure[] = [];
  const triples = new Set<string>();
  const seen = new Set<string>();
  let done = 0;

  const refuse = (
    externalId: string | null,
    place: string,
    { code, message, path }: NeighborKbError,
  ): void => {
    failures.push({ externalId, place, code, message, path });
  };
  const count = (outcome: IngestOutcome, place: string): void => {
    if (!outcome.ok) return refuse(outcome.externalId, place, outcome.error);
    changes[outcome.saved.change]++;
    for (const id of outcome.saved.tripleIds) triples.add(id);
  };

  for await (const chunk of inChunks(documents, CHUNK_LIMITS, sizeOf)) {
    const good = chunk.flatMap((input) => {
      if (!input.ok) {
        refuse(input.externalId, input.place, input.error);
        return [];
      }
      const { externalId } = input.document;
      if (seen.has(externalId)) {
        refuse(externalId, input.place, repeatedId());
        return [];
      }
      seen.add(externalId);
      return [input];
    });
    const outcomes = await ingester.ingest(good.map(({ document }) => document));
    for (const [index, { place }] of good.entries()) count(outcomes[index] as IngestOutcome, place); // one for each
    done += chunk.length;
    // Files are known beforehand, lines are not: the total is at least what was read.
    await progress.update(done, Math.max(done, files));
    if (io.stop.aborted) break;
  }
  progress.end();
  return { ...changes, triples: triples.size, seconds: (performance.now() - started) / 1000, failures };
}

function repeatedId(): NeighborKbError {
  return new NeighborKbError('DUPLICATE_EXTERNAL_ID', 'an earlier document has this externalId', [
    'externalId',
  ]);
}

function sizeOf(input: InputDocument): number {
  return input.ok ? input.document.text.length : 0;
}
