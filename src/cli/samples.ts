import type { Config } from '../config.js';
import type { NeighborKbError } from '../domain/errors.js';
import type { Ingestion } from '../jobs/ingest.js';
import type { GraphStore } from '../store/graph-store.js';
import { refusalLine } from './formats/refusal.js';
import { findFiles, type InputDocument, readDocuments } from './inputs.js';
import type { Io } from './io.js';

/**
 * Ingests the sample documents into a store without documents.
 * @returns whether the store holds samples now
 */
export async function ingestSamples(
  io: Io,
  { samplesDir, maxTextLength }: Config,
  ingestion: Ingestion,
  store: GraphStore,
): Promise<boolean> {
  const { documents: stored } = await store.counts();
  if (stored > 0) {
    await io.stdout.line(`The store holds ${stored} documents: the samples are left out.\n`);
    return false;
  }
  const files = await findFiles([samplesDir]);
  await io.stdout.line(`Reading ${files.length} sample documents ...`);
  const started = performance.now();
  const good: (InputDocument & { ok: true })[] = [];
  for (const file of files)
    for await (const input of readDocuments(file, { unit: 'utf16', maxTextLength }))
      if (input.ok) good.push(input);
      else await refused(io, input.place, input.error);
  const outcomes = await ingestion.ingestNow(good.map(({ document }) => document));
  for (const [index, outcome] of outcomes.entries())
    if (!outcome.ok) await refused(io, good[index]?.place ?? outcome.externalId, outcome.error);
  const { triples, entities } = await store.counts();
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  await io.stdout.line(`${triples} facts about ${entities} entities in ${seconds} s. Some of them:\n`);
  return true;
}

function refused(io: Io, what: string, error: NeighborKbError): Promise<void> {
  return io.stderr.line(refusalLine(what, error));
}
