import type { PredictionId } from '../../domain/identity.js';
import type { ExtractedDocument, Neighbour } from '../../domain/model.js';
import type { Redirects } from '../../domain/redirects.js';
import { documentGraph, type DocumentGraph } from '../document-graph.js';

/** A document that is about to be written, with what it adds to the graph. */
export interface PreparedDocument {
  readonly extracted: ExtractedDocument;
  readonly graph: DocumentGraph;
  /** Who voted for each prediction that keeps its voters. */
  readonly votings: ReadonlyMap<PredictionId, Voting>;
}

export interface Voting {
  readonly neighbours: readonly Neighbour[];
  /** Of the memory entries, in the order of the neighbours. */
  readonly entryIds: readonly string[];
}

/** @throws NeighborKbError INVALID_DOCUMENT as `documentGraph` */
export function prepareDocument(extracted: ExtractedDocument): PreparedDocument {
  const graph = documentGraph(extracted);
  const votings = new Map<PredictionId, Voting>();
  for (const [place, { id, neighbours }] of extracted.predictions.entries())
    if (graph.keepsVoters[place] && neighbours.length > 0)
      votings.set(id, { neighbours, entryIds: neighbours.map(entryId) });
  return { extracted, graph, votings };
}

/** The same document where its entities stand for others. Who votes does not depend on that. */
export function redirectDocument(document: PreparedDocument, redirects: Redirects): PreparedDocument {
  return { ...document, graph: documentGraph(document.extracted, redirects) };
}

function entryId({ memory, memoryVersion, entry }: Neighbour): string {
  return `${memory}@${memoryVersion}/${entry}`;
}
