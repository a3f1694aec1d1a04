import type { ScoringProfile } from '../domain/profile.js';
import type { Memory } from '../memory/ports.js';
import { type EvaluationContext, extractAll } from './encode.js';
import { documentsWithGoldSpans, plainDocuments } from './gold-documents.js';
import { scoreKnowledgeNet, type TextScore } from './knowledgenet-score.js';
import { PairTableBuilder, relationsOf } from './pair-table.js';
import type { Passage } from './passages.js';
import { factsByDocument, rescore } from './rescored-facts.js';
import type { PredictedFact } from './text-f1.js';
import { searchVoters, type Voters } from './voters.js';

export interface KnowledgeNetContext extends EvaluationContext {
  /** Memories of the profile, by name. */
  readonly memory: (name: string) => Promise<Memory>;
  /** Lower-cased words that count as pronouns. */
  readonly pronouns: ReadonlySet<string>;
}

/** One row a way of scoring the same encoded pairs. */
export interface KnowledgeNetReport {
  readonly passages: number;
  readonly mentions: 'detected' | 'gold and detected';
  readonly pairs: number;
  readonly profile: ScoringProfile;
  readonly rows: readonly {
    readonly scoring: 'profile' | 'classifier only (λ = 0)' | 'neighbours only (λ = 1)';
    readonly score: TextScore;
  }[];
}

/**
 * Text F1 of a profile on annotated passages, from raw text or from gold spans. The profile's own row is what the
 * extractor wrote; the rows with λ = 0 and λ = 1 score the same representations again.
 */
export async function evaluateKnowledgeNet(
  context: KnowledgeNetContext,
  passages: readonly Passage[],
  profile: ScoringProfile,
  options: { readonly goldMentions: boolean },
): Promise<KnowledgeNetReport> {
  const documents = options.goldMentions
    ? await documentsWithGoldSpans(context, passages, profile, context.pronouns)
    : plainDocuments(passages);

  const builder = new PairTableBuilder(context.labels, context.schema);
  const extractedFacts: PredictedFact[][] = [];
  await extractAll(context, documents, profile, (extracted, index) => {
    builder.add(index, extracted);
    extractedFacts[index] = relationsOf(extracted).map(({ prediction, subject, object }) => ({
      subject,
      object,
      predicate: prediction.label,
    }));
  });
  const pairs = builder.build();
  const voters: Voters[] = [];
  for (const use of profile.memories)
    voters.push(await searchVoters(pairs, await context.memory(use.memory), use.k));
  const withLambda = (lambda: number): TextScore => {
    const uses = profile.memories.map((use, index) => ({
      use: { ...use, lambda },
      voters: voters[index] as Voters,
    }));
    return scoreKnowledgeNet(
      passages,
      factsByDocument(pairs, rescore(pairs, uses, profile), passages.length),
    );
  };
  return {
    passages: passages.length,
    mentions: options.goldMentions ? 'gold and detected' : 'detected',
    pairs: pairs.count,
    profile,
    rows: [
      { scoring: 'profile', score: scoreKnowledgeNet(passages, extractedFacts) },
      { scoring: 'classifier only (λ = 0)', score: withLambda(0) },
      ...(profile.memories.length > 0
        ? [{ scoring: 'neighbours only (λ = 1)' as const, score: withLambda(1) }]
        : []),
    ],
  };
}
