import { groupBy } from '../domain/arrays.js';
import type { GivenMention, ExtractedDocument } from '../domain/model.js';
import { spansOverlap } from '../domain/offsets.js';
import type { ScoringProfile } from '../domain/profile.js';
import type { AnnotatedDocument, GoldMention } from './annotated-documents.js';
import { DisjointSpans } from './disjoint-spans.js';
import { classifierAlone, type EvaluationContext, extractAll } from './encode.js';
import { CountsByKey, compareSets, type Score, scoreOf } from './f1.js';
import { plainDocuments } from './gold-documents.js';
import { relationsOf } from './pair-table.js';

export interface ScoreByKey {
  readonly micro: Score;
  readonly byKey: readonly { readonly key: string; readonly score: Score }[];
}

export interface ReDocRedReport {
  readonly documents: number;
  readonly profile: ScoringProfile;
  /** Mentions from raw text: exact span and type. */
  readonly mentions: ScoreByKey;
  /**
   * Relations with gold mentions. `pairs`: each related pair of mentions of one sentence; `facts`: relations
   * between entities whose mentions meet in a sentence; `allFacts`: those that no sentence holds count as missed.
   */
  readonly relations: {
    readonly pairs: ScoreByKey;
    readonly facts: ScoreByKey;
    readonly allFacts: ScoreByKey;
  };
}

/** Mention F1 from raw text and relation F1 with gold mentions. Predicates that the file never uses are not judged. */
export async function evaluateReDocRed(
  context: EvaluationContext,
  documents: readonly AnnotatedDocument[],
  profile: ScoringProfile,
): Promise<ReDocRedReport> {
  const mentions = new CountsByKey();
  const raw = plainDocuments(documents);
  await extractAll(context, raw, classifierAlone(profile), (extracted, index) => {
    const found = extracted.mentions.filter(({ origin }) => origin === 'detector');
    compareSets(keyMentions((documents[index] as AnnotatedDocument).mentions), keyMentions(found), mentions);
  });

  const judged = new Set(documents.flatMap(({ relations }) => relations.map(({ predicate }) => predicate)));
  const counts = { pairs: new CountsByKey(), facts: new CountsByKey(), allFacts: new CountsByKey() };
  const inputs = raw.map((document, index) => ({
    ...document,
    mentions: givenMentions(documents[index] as AnnotatedDocument), // as many as documents
  }));
  await extractAll(context, inputs, profile, (extracted, index) => {
    compareRelations(documents[index] as AnnotatedDocument, extracted, judged, counts);
  });
  return {
    documents: documents.length,
    profile,
    mentions: scores(mentions),
    relations: {
      pairs: scores(counts.pairs),
      facts: scores(counts.facts),
      allFacts: scores(counts.allFacts),
    },
  };
}

function givenMentions({ mentions }: AnnotatedDocument): GivenMention[] {
  const disjoint = DisjointSpans.longestOf(mentions).inOrder();
  return disjoint.map(({ start, end, type }) => ({ start, end, type }));
}

function compareRelations(
  { mentions, relations }: AnnotatedDocument,
  extracted: ExtractedDocument,
  judged: ReadonlySet<string>,
  into: Readonly<Record<'pairs' | 'facts' | 'allFacts', CountsByKey>>,
): void {
  const bySpan = new Map(mentions.map((mention) => [`${mention.start}-${mention.end}`, mention]));
  const predictedPairs = new Map<string, string>();
  const predictedFacts = new Map<string, string>();
  for (const { prediction, subject, object } of relationsOf(extracted)) {
    const gold = [subject, object].map(({ start, end }) => bySpan.get(`${start}-${end}`)) as [
      GoldMention | undefined,
      GoldMention | undefined,
    ];
    const { label } = prediction;
    if (!gold[0] || !gold[1] || !judged.has(label)) continue;
    predictedPairs.set(pairKey(gold[0], label, gold[1]), label);
    predictedFacts.set(`${gold[0].entity} ${label} ${gold[1].entity}`, label);
  }

  const goldPairs = new Map<string, string>();
  const goldFacts = new Map<string, string>();
  const allGoldFacts = new Map<string, string>();
  const byEntity = groupBy(mentions, ({ entity }) => entity);
  for (const { subject, predicate, object } of relations) {
    const fact = `${subject} ${predicate} ${object}`;
    allGoldFacts.set(fact, predicate);
    for (const one of byEntity.get(subject) ?? [])
      for (const other of byEntity.get(object) ?? [])
        if (one.sentence === other.sentence && !spansOverlap(one, other)) {
          goldPairs.set(pairKey(one, predicate, other), predicate);
          goldFacts.set(fact, predicate);
        }
  }
  compareSets(goldPairs, predictedPairs, into.pairs);
  compareSets(goldFacts, predictedFacts, into.facts);
  compareSets(allGoldFacts, predictedFacts, into.allFacts);
}

function pairKey(subject: GoldMention, predicate: string, object: GoldMention): string {
  return `${subject.start}-${subject.end} ${predicate} ${object.start}-${object.end}`;
}

function keyMentions(
  mentions: readonly { readonly start: number; readonly end: number; readonly type: string }[],
): ReadonlyMap<string, string> {
  return new Map(mentions.map(({ start, end, type }) => [`${start}-${end} ${type}`, type]));
}

function scores(counts: CountsByKey): ScoreByKey {
  return { micro: scoreOf(counts.total()), byKey: counts.scores() };
}
