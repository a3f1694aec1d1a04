import type { EvaluationReport } from './comparison.js';
import { bandName } from './fact-score.js';
import type { ReportTable } from './report.js';

/** The report as tables for people; `nameOf` says a predicate's name beside its id. */
export function comparisonTables(report: EvaluationReport, nameOf: (label: string) => string): ReportTable[] {
  const { calibration } = report;
  return [
    systemTable(report),
    relationTable(report, nameOf),
    bandTable(report),
    {
      title: `expected calibration error of ${calibration.predictions} judged predictions`,
      head: ['before', 'after'],
      rows: [[figure(calibration.before.error), figure(calibration.after.error)]],
    },
    {
      title: 'what is taken for what',
      head: ['gold', 'predicted', 'pairs'],
      rows: report.confusions
        .slice(0, 15)
        .map(({ gold, predicted, count }) => [nameOf(gold), nameOf(predicted), String(count)]),
    },
  ];
}

const SYSTEM_HEAD = [
  'scoring',
  'F1',
  '95% interval',
  'P',
  'R',
  'F1 (exact spans)',
  'macro F1',
  'gain',
  '95% interval',
  'p',
] as const;

function systemTable({ data, passages, facts, pairs, mentions, systems }: EvaluationReport): ReportTable {
  return {
    title: `${data}: ${passages} texts, ${facts} facts, ${pairs} pairs, mentions ${mentions}`,
    head: SYSTEM_HEAD,
    rows: systems.map(({ system, micro, macro, interval, exact, gain }) => [
      system,
      figure(micro.f1),
      range(interval),
      figure(micro.precision),
      figure(micro.recall),
      figure(exact.f1),
      figure(macro.f1),
      gain ? signed(gain.gain) : '',
      gain ? `${signed(gain.interval.low)} … ${signed(gain.interval.high)}` : '',
      gain ? gain.pValue.toFixed(3) : '',
    ]),
  };
}

function relationTable(
  { systems, relations }: EvaluationReport,
  nameOf: (label: string) => string,
): ReportTable {
  return {
    title: 'by relation, fewest entries in the memories first (F1)',
    head: ['relation', 'entries', 'gold', ...systems.map(({ system }) => system)],
    rows: relations.map(({ label, gold, support, scores }) => [
      nameOf(label),
      String(support),
      String(gold),
      ...scores.map(({ f1 }) => figure(f1)),
    ]),
  };
}

function bandTable({ systems }: EvaluationReport): ReportTable {
  const bands = systems.at(-1)?.bands ?? [];
  return {
    title: 'by entries of a relation in the memories (micro F1)',
    head: ['entries', 'relations', 'gold', ...systems.map(({ system }) => system)],
    rows: bands.map((own, band) => [
      bandName(own),
      String(own.labels),
      String(own.score.found + own.score.missed),
      ...systems.map((system) => figure(system.bands[band]?.score.f1 ?? 0)),
    ]),
  };
}

function figure(value: number): string {
  return value.toFixed(4);
}

function signed(value: number): string {
  return `${value > 0 ? '+' : ''}${value.toFixed(4)}`;
}

function range(bounds: { readonly low: number; readonly high: number } | null): string {
  return bounds ? `${bounds.low.toFixed(3)}-${bounds.high.toFixed(3)}` : '';
}
