import type { PredicateSchema } from '../domain/predicates.js';
import type { Interval } from './bootstrap.js';
import type { Score } from './f1.js';
import type { KnowledgeNetReport } from './knowledgenet.js';
import type { TextScore } from './knowledgenet-score.js';
import type { RankedSettings } from './leaderboard.js';
import type { ReDocRedReport, ScoreByKey } from './redocred.js';
import type { TuneReport } from './tune.js';

/** A table for people: the caller decides how it is drawn. */
export interface ReportTable {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export function knowledgeNetTables(report: KnowledgeNetReport, schema: PredicateSchema): ReportTable[] {
  const [first] = report.rows;
  return [
    {
      title: `KnowledgeNet text F1: ${report.passages} passages, ${report.pairs} pairs, mentions ${report.mentions}`,
      head: ['scoring', 'F1 (overlap)', '95% interval', 'precision', 'recall', 'F1 (exact)'],
      rows: report.rows.map(({ scoring, score }) => [
        scoring,
        figure(score.overlap.f1),
        interval(score.overlapInterval),
        figure(score.overlap.precision),
        figure(score.overlap.recall),
        figure(score.exact.f1),
      ]),
    },
    ...(first === undefined ? [] : [byPredicateTable(first.score, schema)]),
  ];
}

export function reDocRedTables(report: ReDocRedReport, schema: PredicateSchema): ReportTable[] {
  const summary: readonly (readonly [string, Score])[] = [
    ['mentions, exact and typed, from raw text', report.mentions.micro],
    ['relations of mention pairs, gold mentions', report.relations.pairs.micro],
    ['facts that meet in a sentence, gold mentions', report.relations.facts.micro],
    ['all facts, across sentences too, gold mentions', report.relations.allFacts.micro],
  ];
  return [
    {
      title: `Re-DocRED: ${report.documents} documents`,
      head: ['what', 'F1', 'precision', 'recall', 'gold'],
      rows: summary.map(([what, score]) => [what, ...scoreCells(score)]),
    },
    keyTable('mentions', 'type', report.mentions, (type) => type),
    keyTable('relations of mention pairs', 'predicate', report.relations.pairs, nameOf(schema)),
  ];
}

export function tuneTables(report: TuneReport, schema: PredicateSchema): ReportTable[] {
  const { grid } = report;
  const row = (name: string, best: RankedSettings, heldOut: number): string[] => [
    name,
    figure(best.f1),
    figure(heldOut),
    settingsText(best),
  ];
  const [best] = grid.both;
  return [
    {
      title: `best of ${grid.settingsTried} settings on ${report.tunedOn}: ${report.passages} texts, ${report.pairs} pairs`,
      head: ['scoring', `F1 (${report.match})`, 'F1, folds held out', 'settings'],
      rows: [
        row('classifier only (λ = 0)', grid.classifierOnly, grid.heldOut.classifierOnly),
        row('neighbours only (λ = 1)', grid.neighboursOnly, grid.heldOut.neighboursOnly),
        ...(best === undefined ? [] : [row('both', best, grid.heldOut.both)]),
      ],
    },
    ...mixtureTable(report),
    byPredicateTable(report.score, schema),
    {
      title: `confidence of ${report.calibration.predictions} judged predictions, after calibration`,
      head: ['confidence', 'predictions', 'mean confidence', 'share right'],
      rows: report.calibration.bins.map(({ from, to, count, meanConfidence, shareRight }) => [
        `${from.toFixed(1)}-${to.toFixed(1)}`,
        String(count),
        figure(meanConfidence),
        figure(shareRight),
      ]),
    },
    {
      title: 'expected calibration error',
      head: ['before', 'one calibration', 'by predicate'],
      rows: [
        [
          figure(report.calibration.errorBefore),
          figure(report.calibration.errorOverall),
          figure(report.calibration.errorAfter),
        ],
      ],
    },
  ];
}

/** What each of several memories is best with alone, and its share. */
function mixtureTable({ memories, mixture }: TuneReport): ReportTable[] {
  if (!mixture) return [];
  return [
    {
      title: `mixture of ${memories.length} memories: F1 ${figure(mixture.f1)}, best of ${mixture.tried} mixtures`,
      head: ['memory', 'entries', 'α', 'F1 alone', 'settings'],
      rows: memories.map(({ memory, entries, grid }, index) => {
        const best = grid.both[0] ?? grid.classifierOnly;
        const alpha = mixture.alphas[index] ?? 0;
        return [memory, String(entries), alpha.toFixed(2), figure(best.f1), settingsText(best)];
      }),
    },
  ];
}

function byPredicateTable(score: TextScore, schema: PredicateSchema): ReportTable {
  const name = nameOf(schema);
  return {
    title: 'by predicate (overlap)',
    head: ['predicate', 'F1', 'precision', 'recall', 'gold'],
    rows: score.byPredicate.map(({ predicate, overlap }) => [name(predicate), ...scoreCells(overlap)]),
  };
}

function keyTable(
  title: string,
  keyName: string,
  { byKey }: ScoreByKey,
  name: (key: string) => string,
): ReportTable {
  return {
    title,
    head: [keyName, 'F1', 'precision', 'recall', 'gold'],
    rows: byKey.map(({ key, score }) => [name(key), ...scoreCells(score)]),
  };
}

function scoreCells(score: Score): string[] {
  return [
    figure(score.f1),
    figure(score.precision),
    figure(score.recall),
    String(score.found + score.missed),
  ];
}

function nameOf(schema: PredicateSchema): (id: string) => string {
  return (id) => `${schema.get(id)?.name ?? ''} ${id}`.trim();
}

function settingsText({ settings }: RankedSettings): string {
  const { k, lambda, temperature, kernel, nilVote, nilRatio, minimumProbability } = settings;
  const thresholds = `NIL ratio ${nilRatio}, minimum ${minimumProbability}`;
  if (lambda === 0) return thresholds;
  const nil = nilVote === 1 ? '' : `NIL votes ${nilVote}, `;
  return `k ${k}, λ ${lambda}, ${kernel}, T ${Number(temperature.toPrecision(4))}, ${nil}${thresholds}`;
}

function figure(value: number): string {
  return value.toFixed(4);
}

function interval(bounds: Interval | null): string {
  return bounds === null ? '' : `${bounds.low.toFixed(3)}-${bounds.high.toFixed(3)}`;
}
