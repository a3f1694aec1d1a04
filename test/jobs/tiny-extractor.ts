import { NeighborKbError } from '../../src/domain/errors.js';
import type { DocumentInput } from '../../src/domain/model.js';
import { parseProfile, type ScoringProfile } from '../../src/domain/profile.js';
import { validateBatch } from '../../src/extraction/document-input.js';
import type { ExtractionOutcome, Extractor } from '../../src/extraction/ports.js';
import { documentRevision } from '../../src/extraction/prepare.js';
import { buildDocument, type Fact } from '../store/builders.js';

export const PROFILE: ScoringProfile = parseProfile({
  name: 'general',
  version: 1,
  model: 'tiny@1',
  memories: [],
  nilRatio: 1,
  minimumProbability: 0,
  calibration: { slope: 1, intercept: 0 },
});

/**
 * Understands sentences like "Ada P19 London."; everything else in a text is nothing to it. Refuses texts with
 * "unreadable", breaks off at texts with "poison", brings what contradicts itself where a text says "crooked". Counts
 * what it is asked.
 */
export class TinyExtractor implements Extractor {
  /** External ids of each call. */
  readonly calls: string[][] = [];
  /** Awaited before each call: a test's way to hold it up. */
  gate: Promise<unknown> = Promise.resolve();
  /** Whether "poison" kills. */
  isPoisonous = true;

  async extract(documents: readonly DocumentInput[], profile: ScoringProfile): Promise<ExtractionOutcome[]> {
    this.calls.push(documents.map(({ externalId }) => externalId));
    await this.gate;
    if (this.isPoisonous && documents.some(({ text }) => text.includes('poison')))
      throw new Error('the encoder died');
    return validateBatch(documents).map((check) => (check.ok ? outcomeOf(check.document, profile) : check));
  }
}

export function input(externalId: string, text = `Person${externalId} P19 London.`): DocumentInput {
  return { externalId, text };
}

function outcomeOf(document: DocumentInput, profile: ScoringProfile): ExtractionOutcome {
  const { externalId, text } = document;
  if (text.includes('unreadable'))
    return { ok: false, externalId, error: new NeighborKbError('MALFORMED_TEXT', 'unreadable', ['text']) };
  const facts = [...text.matchAll(/(\w+) (P\d+) (\w+)\./g)].map(
    ([, subject = '', predicate = '', object = '']): Fact => ({ subject, predicate, object }),
  );
  const built = buildDocument({ externalId, facts, profile: `${profile.name}@${profile.version}` });
  return {
    ok: true,
    extracted: {
      ...built,
      ...(text.includes('crooked') ? { sentences: [] } : {}),
      document: {
        ...built.document,
        text,
        revision: documentRevision(document),
        title: document.title ?? null,
        source: document.source ?? null,
        metadata: document.metadata ?? null,
      },
    },
  };
}
