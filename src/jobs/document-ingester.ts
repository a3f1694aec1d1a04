import { inSlices } from '../domain/chunks.js';
import { NeighborKbError } from '../domain/errors.js';
import { documentId, type TripleId } from '../domain/identity.js';
import type { Document, DocumentInput } from '../domain/model.js';
import type { ScoringProfile } from '../domain/profile.js';
import { validateBatch, type DocumentLimits } from '../extraction/document-input.js';
import type { ExtractionOutcome, Extractor } from '../extraction/ports.js';
import { documentRevision } from '../extraction/prepare.js';
import { allPages } from '../store/all-pages.js';
import type { GraphStore, PageRequest, SaveOutcome } from '../store/graph-store.js';

/** What became of one document. */
export type IngestOutcome =
  | { readonly ok: true; readonly externalId: string; readonly saved: SaveOutcome }
  | {
      readonly ok: false;
      readonly externalId: string;
      /** Its path starts inside the document: `['mentions', 3, 'end']`. */
      readonly error: NeighborKbError;
    };

export interface DocumentIngesterParts {
  readonly store: GraphStore;
  readonly extractor: Extractor;
  /** The profile under which documents are scored. */
  readonly profile: ScoringProfile;
  readonly limits: DocumentLimits;
}

/** UTF-16 units of text that are extracted together, about: full batches, and memory that stays flat. */
const UNITS_PER_SLICE = 100_000;
/** Pairs of one transaction, about: more gain little, make other writers wait, and fill the store's memory. */
const PAIRS_SAVED_TOGETHER = 500;

type Extraction = ExtractionOutcome & { readonly ok: true };

/** Extracts documents and stores what they bring. */
export class DocumentIngester {
  constructor(private readonly parts: DocumentIngesterParts) {}

  /**
   * @param onOutcome called as soon as each document is stored or refused, in the order of the documents
   * @returns outcomes in the order of the documents; a bad document, or one that cannot be saved, leaves the
   *   others alone
   * @throws errors of the machine that no document is to blame for
   */
  async ingest(
    documents: readonly DocumentInput[],
    onOutcome?: (outcome: IngestOutcome) => void,
  ): Promise<IngestOutcome[]> {
    const outcomes: IngestOutcome[] = [];
    const checks = validateBatch(documents, this.parts.limits);
    const size = (check: (typeof checks)[number]) => (check.ok ? check.document.text.length : 0);
    for (const slice of inSlices(checks, UNITS_PER_SLICE, size)) {
      const sound = slice.flatMap((check) => (check.ok ? [check.document] : []));
      const ingested = this.ingestSound(sound);
      for (const check of slice) {
        const next = check.ok ? await ingested.next() : undefined;
        const outcome: IngestOutcome | undefined = check.ok ? next?.value : check;
        if (!outcome) throw new Error('the extractor gave fewer outcomes than it had documents');
        outcomes.push(outcome);
        onOutcome?.(outcome);
      }
    }
    return outcomes;
  }

  /** The outcomes of documents that were checked, in their order. */
  private async *ingestSound(documents: readonly DocumentInput[]): AsyncGenerator<IngestOutcome, undefined> {
    const unchanged = await this.unchanged(documents);
    const extractions = (
      await this.extract(documents.filter(({ externalId }) => !unchanged.has(externalId)))
    ).values();
    const parts = documents.map(({ externalId }) => {
      const saved = unchanged.get(externalId);
      return saved ? { externalId, saved } : { externalId, extraction: extractions.next().value };
    });
    for (const group of inSlices(parts, PAIRS_SAVED_TOGETHER, pairsOf)) {
      const fresh = group.flatMap(({ extraction }) => (extraction?.ok ? extraction : []));
      const outcomes = (await this.save(fresh)).values();
      for (const { externalId, saved, extraction } of group) {
        const outcome = extraction?.ok ? outcomes.next().value : extraction;
        if (saved) yield { ok: true, externalId, saved };
        else if (outcome) yield outcome;
      }
    }
    return undefined;
  }

  private async extract(documents: readonly DocumentInput[]): Promise<ExtractionOutcome[]> {
    return documents.length === 0 ? [] : this.parts.extractor.extract(documents, this.parts.profile);
  }

  /** All in one transaction; where that cannot be, each in its own, so that one leaves the others alone. */
  private async save(extractions: readonly Extraction[]): Promise<IngestOutcome[]> {
    if (extractions.length === 0) return [];
    const { store } = this.parts;
    try {
      const saved = await store.saveDocuments(extractions.map(({ extracted }) => extracted));
      return saved.map((outcome, place) => savedAs(extractions[place] as Extraction, outcome));
    } catch (error) {
      if (!(error instanceof NeighborKbError)) throw error;
      // A store that is away is away for each of them.
      if (extractions.length > 1 && error.code !== 'STORE_UNAVAILABLE') {
        const outcomes: IngestOutcome[] = [];
        for (const extraction of extractions) outcomes.push(...(await this.save([extraction])));
        return outcomes;
      }
      return extractions.map(({ extracted: { document } }) => ({
        ok: false,
        externalId: document.externalId,
        error,
      }));
    }
  }

  /** Documents that are stored as they are now, under this profile: they need no encoder. */
  private async unchanged(documents: readonly DocumentInput[]): Promise<ReadonlyMap<string, SaveOutcome>> {
    const { store, profile } = this.parts;
    const stored = await store.documentsById(documents.map(({ externalId }) => documentId(externalId)));
    const outcomes = new Map<string, SaveOutcome>();
    for (const [index, input] of documents.entries()) {
      const document = stored[index];
      if (!document || !isSame(input, document)) continue;
      const revision = await store.storedRevision(input.externalId);
      if (revision?.profile !== `${profile.name}@${profile.version}`) continue;
      const tripleIds = await this.triplesOf(document);
      outcomes.set(input.externalId, { documentId: document.id, change: 'unchanged', tripleIds });
    }
    return outcomes;
  }

  private async triplesOf({ id }: Document): Promise<TripleId[]> {
    const ids = new Set<TripleId>();
    const read = (request: PageRequest) =>
      this.parts.store.evidence({ ...request, filter: { documentIds: [id] } });
    for await (const page of allPages(read)) for (const { node } of page.items) ids.add(node.tripleId);
    return [...ids];
  }
}

function pairsOf({ extraction }: { readonly extraction?: ExtractionOutcome | undefined }): number {
  return extraction?.ok ? 1 + extraction.extracted.predictions.length : 0;
}

function savedAs({ extracted }: Extraction, saved: SaveOutcome): IngestOutcome {
  return { ok: true, externalId: extracted.document.externalId, saved };
}

function isSame(input: DocumentInput, document: Document): boolean {
  return (
    document.revision === documentRevision(input) &&
    document.title === (input.title ?? null) &&
    document.source === (input.source ?? null) &&
    JSON.stringify(document.metadata) === JSON.stringify(input.metadata ?? null)
  );
}
