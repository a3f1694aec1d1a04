import type { JsonObject, TaskKind } from './tasks.js';

/*
 * What completed tasks leave as their job's `result`, by kind: JSON, as it is kept and as `--json` prints it. Handlers
 * write it (src/tasks), the API shows it (graphql/types/job-results.ts); a change of a field has to compile in both.
 * Memories and profiles are named `name@version`, files as in the exchange folder or on the command line.
 */

/** Number of entries by label: predicate id, or NIL. */
type CountsByLabel = Readonly<Record<string, number>>;

/** A version of a memory that a task made. */
export type MadeMemory = Readonly<{
  memory: string;
  entries: number;
  countsByLabel: CountsByLabel;
}>;

export type LabelledBuildResult = MadeMemory &
  Readonly<{
    /** What became of texts, relations and pairs. */
    counts: Readonly<Record<string, number>>;
  }>;

/** How far entries are from what a trusted memory would call them. */
export type NoiseResult = Readonly<{
  memory: string;
  /** Neighbours that were asked. */
  k: number;
  byLabel: Readonly<Record<string, Readonly<{ judged: number; disagreeing: number }>>>;
  /** Share of all judged entries whose neighbours call them something else, in [0, 1]. */
  share: number;
}>;

export type DistantBuildResult = MadeMemory &
  Readonly<{
    facts: number;
    /** What became of texts, names and pairs; `matches` are pairs with a fact, by label. */
    counts: Readonly<Record<string, number | CountsByLabel>>;
    /** Facts that were passed over, by the name of their predicate. */
    skippedPredicates: Readonly<Record<string, number>>;
    noise: NoiseResult | null;
  }>;

export type MemoryDeriveResult = MadeMemory &
  Readonly<{
    /** What became of the parents' entries. */
    counts: Readonly<{ kept: number; relabelled: number; dropped: number; repeated: number }>;
  }>;

export type MemoryAuditResult = Readonly<{
  memory: string;
  entries: number;
  /** Number of findings by kind. */
  findings: Readonly<Record<string, number>>;
  files: readonly string[];
}>;

/** `index` is null where it was taken away. */
export type MemoryIndexResult = Readonly<{
  memory: string;
  entries: number;
  index: Readonly<{
    kind: string;
    lists: number;
    /** Lists that a search looks into. */
    probes: number;
    /** Share of the 32 nearest that a search finds, measured for `measuredOn` entries, in [0, 1]. */
    recall: number;
    measuredOn: number;
  }> | null;
}>;

export type MemoryExportResult = Readonly<{ memory: string; entries: number; files: readonly string[] }>;

/** Scores are in [0, 1]; `report` is the file of the HTML page. */
export type TuneResult = Readonly<{
  profile: string;
  tunedOn: string;
  f1: number;
  precision: number;
  recall: number;
  /** F1 of the classifier without memories. */
  classifierF1: number;
  calibrationError: number;
  report: string | null;
}>;

export type SystemScore = Readonly<{
  system: string;
  f1: number;
  precision: number;
  recall: number;
  /** Mean over the predicates. */
  macroF1: number;
  /** F1 above the first system's, and the p-value of the difference; null for the first. */
  gain: number | null;
  pValue: number | null;
}>;

export type EvaluateResult = Readonly<{
  profile: string;
  data: string;
  systems: readonly SystemScore[];
  calibrationError: number;
  report: string | null;
}>;

export type DictionaryImportResult = Readonly<{
  dictionary: string;
  entities: number;
  names: number;
  /** Names that several entities have: they link nothing. */
  ambiguousNames: number;
  /** Mentions that refer to another entity than before. */
  mentions: number;
  /** Pieces of evidence that support another triple than before, or none, or one again. */
  evidence: number;
}>;

export type StoreMigrationResult = Readonly<{
  /** The stores, without passwords. */
  from: string;
  to: string;
  /** Documents that are the same in both. */
  documents: number;
  /** Whether an earlier run was taken up. */
  resumed: boolean;
}>;

/** The results by the kind of their task. */
export interface TaskResults extends Readonly<Record<TaskKind, JsonObject>> {
  readonly 'memory-build': LabelledBuildResult | DistantBuildResult;
  readonly 'memory-audit': MemoryAuditResult;
  readonly 'memory-import': MadeMemory;
  readonly 'memory-export': MemoryExportResult;
  readonly 'memory-derive': MemoryDeriveResult;
  readonly 'memory-index': MemoryIndexResult;
  readonly tune: TuneResult;
  readonly evaluate: EvaluateResult;
  readonly 'dictionary-import': DictionaryImportResult;
  readonly 'store-migration': StoreMigrationResult;
}
