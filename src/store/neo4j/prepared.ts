import type { ExtractedDocument } from '../../domain/model.js';
import type { DocumentGraph } from '../document-graph.js';

/** A document that is about to be written, with what it adds to the graph. */
export interface PreparedDocument {
  readonly extracted: ExtractedDocument;
  readonly graph: DocumentGraph;
}
