import { setImmediate } from 'node:timers/promises';
import { confidenceOf } from '../domain/confidence.js';
import type { Interval } from './bootstrap.js';
import { bootstrapF1 } from './bootstrap.js';
import type { MemoryUse, ScoringProfile } from '../domain/profile.js';
import type { LabelRule } from '../domain/labelling.js';
import { labelRule } from '../extraction/scoring.js';
import type { Memory } from '../memory/ports.js';
import type { EvaluationSet, MentionSource } from './bench.js';
import { expectedCalibrationError, IDENTITY, type ReliabilityBin } from './calibration-fit.js';
import { confusions, type Confusion, type WorstError, worstErrors } from './errors-report.js';
import type { Score } from './f1.js';
import { type BandScore, type FactScore, type MacroScore, scoreByBand, scoreFacts } from './fact-score.js';
import { judgedPredictions } from './judged-predictions.js';
import { factsByDocument, rescore, type RescoredPair } from './rescored-facts.js';
import { compareScorings, type Gain } from './significance.js';
import { searchVoters, type Voters } from './voters.js';

/** One way of scoring the same encoded pairs. */
export interface SystemReport {
  readonly system: string;
  readonly micro: Score;
  readonly macro: MacroScore;
  /** 95% interval of micro F1, documents drawn with replacement. */
  readonly interval: Interval | null;
  /** Micro F1 where spans must be equal; the same as `micro` where mentions are given. */
  readonly exact: Score;
  /** Over the classifier, by the paired bootstrap over documents; null for the classifier itself. */
  readonly gain: Gain | null;
  readonly bands: readonly BandScore[];
}

/** A relation with its support, and what each way of scoring finds of it. */
export interface RelationReport {
  readonly label: string;
  readonly gold: number;
  /** Entries of the profile's memories with this label. */
  readonly support: number;
  /** By system, in the order of `systems`. */
  readonly scores: readonly Score[];
}

export interface EvaluationReport {
  readonly data: string;
  readonly mentions: MentionSource;
  readonly passages: number;
  readonly facts: number;
  readonly pairs: number;
  readonly profile: ScoringProfile;
  readonly systems: readonly SystemReport[];
  /** Fewest supporting entries first: the long tail. */
  readonly relations: readonly RelationReport[];
  readonly calibration: {
    readonly predictions: number;
    readonly before: Reliability;
    readonly after: Reliability;
  };
  readonly confusions: readonly Confusion[];
  readonly worst: readonly WorstError[];
}

export interface Reliability {
  /** Expected calibration error, in [0, 1]. */
  readonly error: number;
  readonly bins: readonly ReliabilityBin[];
}

interface System {
  readonly name: string;
  readonly uses: readonly MemoryUse[];
}

/** A system's answers and how good they are. */
interface Scored {
  readonly rescored: readonly RescoredPair[];
  readonly score: FactScore;
  /** Where spans must be equal. */
  readonly exact: FactScore;
}

/**
 * Scores a profile beside its parts: the classifier, the neighbours alone, each memory alone, and all together.
 * @param memories of the profile, in its order
 */
export async function compareSystems(
  set: EvaluationSet,
  profile: ScoringProfile,
  memories: readonly Memory[],
  onStep: (step: 'search' | 'score', done: number, total: number) => void = () => undefined,
): Promise<EvaluationReport> {
  const { pairs, passages, gold } = set;
  const voters = new Map<string, Voters>();
  for (const [index, memory] of memories.entries()) {
    const use = profile.memories[index] as MemoryUse; // as many as memories
    voters.set(use.memory, await searchVoters(pairs, memory, use.k));
    onStep('search', index + 1, memories.length);
  }
  const rule = labelRule(profile, pairs);
  const systems = systemsOf(profile);
  const scored: Scored[] = [];
  for (const [index, system] of systems.entries()) {
    scored.push(scoreSystem(set, system, voters, rule));
    onStep('score', index + 1, systems.length);
    await setImmediate();
  }
  const support = supportOf(memories);
  const whole = scored.at(-1) as Scored; // the classifier is always among them
  return {
    data: set.name,
    mentions: set.mentions,
    passages: passages.length,
    facts: gold.facts,
    pairs: pairs.count,
    profile,
    systems: systemReports(systems, scored, support),
    relations: relationsReport(
      scored.map(({ score }) => score),
      support,
    ),
    calibration: calibrationReport(set, profile, whole),
    confusions: confusions(set, whole.rescored),
    worst: worstErrors(set, whole.rescored, { profile, memories, voters }),
  };
}

function scoreSystem(
  { pairs, passages, gold }: EvaluationSet,
  { uses }: System,
  voters: ReadonlyMap<string, Voters>,
  rule: LabelRule,
): Scored {
  const parts = uses.map((use) => ({ use, voters: voters.get(use.memory) as Voters })); // of the profile, as its uses
  const rescored = rescore(pairs, parts, rule);
  const facts = factsByDocument(pairs, rescored, passages.length);
  const score = scoreFacts(passages, facts, gold.match);
  return {
    rescored,
    score,
    exact: gold.match === 'exact' ? score : scoreFacts(passages, facts, 'exact'),
  };
}

function systemReports(
  systems: readonly System[],
  scored: readonly Scored[],
  support: ReadonlyMap<string, number>,
): SystemReport[] {
  const base = scored[0] as Scored; // the classifier
  return systems.map(({ name }, index) => {
    const { score, exact } = scored[index] as Scored;
    return {
      system: name,
      micro: score.micro,
      macro: score.macro,
      interval: bootstrapF1(score.units),
      exact: exact.micro,
      gain: index === 0 ? null : compareScorings(base.score.units, score.units),
      bands: scoreByBand(score, support),
    };
  });
}

function calibrationReport(
  { pairs, gold }: EvaluationSet,
  profile: ScoringProfile,
  { rescored }: Scored,
): EvaluationReport['calibration'] {
  const judged = judgedPredictions(pairs, gold, rescored);
  const own = (p: number, index: number): number => confidenceOf(p, judged.labels[index] as string, profile);
  return {
    predictions: judged.p.length,
    before: expectedCalibrationError(judged, IDENTITY),
    after: expectedCalibrationError(judged, own),
  };
}

/** Classifier first, the profile as it is last. */
function systemsOf({ memories }: ScoringProfile): System[] {
  if (memories.length === 0) return [{ name: 'classifier', uses: [] }];
  const alone = (use: MemoryUse): MemoryUse => ({ ...use, alpha: 1 });
  return [
    { name: 'classifier (λ = 0)', uses: [] },
    { name: 'neighbours only (λ = 1)', uses: memories.map((use) => ({ ...use, lambda: 1 })) },
    ...(memories.length > 1
      ? memories.map((use) => ({ name: `with memory ${use.memory} alone`, uses: [alone(use)] }))
      : []),
    { name: memories.length > 1 ? 'all memories (the profile)' : 'both (the profile)', uses: memories },
  ];
}

function supportOf(memories: readonly Memory[]): ReadonlyMap<string, number> {
  const support = new Map<string, number>();
  for (const { manifest } of memories)
    for (const [label, count] of Object.entries(manifest.countsByLabel))
      support.set(label, (support.get(label) ?? 0) + count);
  return support;
}

function relationsReport(
  scores: readonly FactScore[],
  support: ReadonlyMap<string, number>,
): RelationReport[] {
  const byLabel = scores.map((score) => new Map(score.byLabel.map(({ label, score: own }) => [label, own])));
  const labels = new Set(byLabel.flatMap((own) => [...own.keys()]));
  return [...labels]
    .map((label): RelationReport => {
      const own = byLabel.map((of) => of.get(label) ?? NOTHING);
      const gold = Math.max(...own.map(({ found, missed }) => found + missed));
      return { label, gold, support: support.get(label) ?? 0, scores: own };
    })
    .sort((a, b) => a.support - b.support || a.gold - b.gold || (a.label < b.label ? -1 : 1));
}

const NOTHING: Score = { found: 0, missed: 0, spurious: 0, precision: 0, recall: 0, f1: 0 };
