import { NeighborKbError } from '../domain/errors.js';
import type { DocumentInput, ExtractedDocument, Prediction } from '../domain/model.js';
import { spanText } from '../domain/offsets.js';
import type { PredicateSchema } from '../domain/predicates.js';
import type { ScoringProfile } from '../domain/profile.js';
import type { DetectedMention, MentionDetector, RelationEncoder } from '../inference/ports.js';
import type { Memory } from '../memory/ports.js';
import { Breathing } from './breathing.js';
import { DEFAULT_DOCUMENT_LIMITS, validateBatch, type DocumentLimits } from './document-input.js';
import { DEFAULT_MAX_PAIRS_PER_SENTENCE } from './pairs.js';
import type { ExtractionOutcome, Extractor } from './ports.js';
import { predictSentences } from './predictions.js';
import { prepareDocument, splitDocument, type PreparedDocument, type SplitDocument } from './prepare.js';
import { Scorer } from './scoring.js';
import { keepRelatedApart } from './related-apart.js';
import { inSlices } from '../domain/chunks.js';

export interface ExtractionLimits extends DocumentLimits {
  /** Most pairs of one sentence that are scored. */
  readonly maxPairsPerSentence: number;
  /** Pairs that are encoded and searched together, about: what memory the pipeline needs. */
  readonly pairsPerSlice: number;
  /** Sentences that the detector gets at once, about. */
  readonly sentencesPerSlice: number;
  /** Characters of text whose documents go through the pipeline together, about. */
  readonly charactersPerGroup: number;
}

export const DEFAULT_EXTRACTION_LIMITS: ExtractionLimits = {
  ...DEFAULT_DOCUMENT_LIMITS,
  maxPairsPerSentence: DEFAULT_MAX_PAIRS_PER_SENTENCE,
  pairsPerSlice: 2_048,
  sentencesPerSlice: 512,
  charactersPerGroup: 100_000,
};

export interface ExtractionParts {
  readonly detector: MentionDetector;
  readonly encoder: RelationEncoder;
  /** An open memory by its name. @throws NeighborKbError MEMORY_MISSING */
  readonly memories: (name: string) => Memory;
  readonly schema: PredicateSchema;
  readonly limits?: Partial<ExtractionLimits>;
}

/** Errors that one document's content can cause inside a model: they are that document's own. */
const DOCUMENT_ERRORS: ReadonlySet<string> = new Set([
  'INVALID_MENTION',
  'MALFORMED_TEXT',
  'INVALID_DOCUMENT',
]);

/** Text in, predictions out. */
export class ExtractionPipeline implements Extractor {
  private readonly limits: ExtractionLimits;
  /** Scores pairs that were encoded before: replay and re-scoring use the same. */
  readonly scorer: Scorer;

  constructor(private readonly parts: ExtractionParts) {
    this.limits = { ...DEFAULT_EXTRACTION_LIMITS, ...parts.limits };
    const predicates = parts.schema.predicates.map(({ id }) => id);
    this.scorer = new Scorer(parts.encoder.labels, parts.memories, predicates);
  }

  async extract(documents: readonly DocumentInput[], profile: ScoringProfile): Promise<ExtractionOutcome[]> {
    const outcomes: ExtractionOutcome[] = [];
    for await (const outcome of this.stream(documents, profile)) outcomes.push(outcome);
    return outcomes;
  }

  /**
   * The outcomes one by one, in the order of the documents: memory depends on the limits, not on how many
   * documents there are, if the caller lets go of what it has used.
   * @throws NeighborKbError INVALID_ARGUMENT where the profile is for another encoder; errors of the machine
   */
  async *stream(
    documents: readonly DocumentInput[],
    profile: ScoringProfile,
  ): AsyncGenerator<ExtractionOutcome> {
    if (profile.model !== this.parts.encoder.model)
      throw new NeighborKbError(
        'INVALID_ARGUMENT',
        `the profile ${profile.name} is for ${profile.model}, the relation encoder is ${this.parts.encoder.model}`,
        ['profile', 'model'],
      );
    const checks = validateBatch(documents, this.limits);
    const size = (check: (typeof checks)[number]): number => (check.ok ? check.document.text.length : 0);
    for (const group of inSlices(checks, this.limits.charactersPerGroup, size)) {
      const good = group.flatMap((check) => (check.ok ? [check.document] : []));
      const extracted = await this.extractGroup(good, profile);
      let next = 0;
      for (const check of group) yield check.ok ? (extracted[next++] as ExtractionOutcome) : check;
    }
  }

  private async extractGroup(
    documents: readonly DocumentInput[],
    profile: ScoringProfile,
  ): Promise<ExtractionOutcome[]> {
    try {
      const prepared = await this.prepare(documents);
      const predictions = await this.predict(prepared, profile);
      return prepared.map((document, index) => {
        const found = predictions[index] ?? [];
        return {
          ok: true,
          extracted: extractedDocument(keepRelatedApart(document, found, this.parts.schema), found),
        };
      });
    } catch (error) {
      const [first, ...others] = documents;
      if (!first || !(error instanceof NeighborKbError) || !DOCUMENT_ERRORS.has(error.code)) throw error;
      if (others.length === 0) return [{ ok: false, externalId: first.externalId, error }];
      // One of them is to blame: each on its own, so that the others are kept.
      const outcomes: ExtractionOutcome[] = [];
      for (const document of documents) outcomes.push(...(await this.extractGroup([document], profile)));
      return outcomes;
    }
  }

  /** Sentences, mentions, entities and pairs of documents that were checked. */
  private async prepare(documents: readonly DocumentInput[]): Promise<PreparedDocument[]> {
    const breathing = new Breathing();
    const split: SplitDocument[] = [];
    for (const document of documents) {
      split.push(splitDocument(document));
      await breathing.pause();
    }
    const found = await this.detect(
      split.flatMap((document) => [...textsForDetector(document), ...titlesForDetector(document)]),
    );
    let next = 0;
    const take = (count: number): DetectedMention[][] => found.slice(next, (next += count));
    const { detector, schema } = this.parts;
    const prepared: PreparedDocument[] = [];
    for (const document of split) {
      const sentences = take(textsForDetector(document).length);
      const title = take(titlesForDetector(document).length).flat();
      const detections = { sentences, title };
      const { maxPairsPerSentence } = this.limits;
      prepared.push(
        await prepareDocument(document, detections, detector.pronouns, schema, maxPairsPerSentence),
      );
    }
    return prepared;
  }

  private async detect(texts: readonly string[]): Promise<DetectedMention[][]> {
    const found: DetectedMention[][] = [];
    for (const slice of inSlices(texts, this.limits.sentencesPerSlice, () => 1))
      found.push(...(await this.parts.detector.detect(slice)));
    return found;
  }

  /** Predictions of each document, by position of the pair. */
  private async predict(
    documents: readonly PreparedDocument[],
    profile: ScoringProfile,
  ): Promise<Prediction[][]> {
    const predictions = documents.map((): Prediction[] => []);
    const all = documents.flatMap(({ candidates }, document) =>
      candidates.map((candidate) => ({ candidate, document })),
    );
    for (const slice of inSlices(all, this.limits.pairsPerSlice, ({ candidate }) => candidate.pairs.length)) {
      const scored = await predictSentences(
        slice.map(({ candidate }) => candidate),
        this.parts.encoder,
        this.scorer,
        profile,
      );
      slice.forEach(({ document }, index) => predictions[document]?.push(...(scored[index] ?? [])));
    }
    return predictions;
  }
}

function textsForDetector({ input, spans }: SplitDocument): string[] {
  return input.mentions ? [] : spans.map((span) => spanText(input.text, span));
}

/** The title tells whom a document is about, whoever names the mentions. */
function titlesForDetector({ input }: SplitDocument): string[] {
  return input.title?.trim() ? [input.title] : [];
}

function extractedDocument(
  { document, sentences, mentions, entities }: PreparedDocument,
  predictions: readonly Prediction[],
): ExtractedDocument {
  return { document, sentences, mentions, entities, predictions };
}
