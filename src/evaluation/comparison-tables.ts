import type { EvaluationReport } from './comparison.js';
import type { ReportTable } from './report.js';

/** The report as tables for people; `nameOf` says a predicate's name beside its id. */
export function comparisonTables(report: EvaluationReport, nameOf: (label: string) => string): ReportTable[] {
  const names = report.systems.map(({ system }) => system);
  const bands = report.systems.at(-1)?.bands ?? [];
  return [
    {
      title: `${report.data}: ${report.passages} texts, ${report.facts} facts, ${report.pairs} pairs, mentions ${report.mentions}`,
      head: [
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
      ],
      rows: report.systems.map(({ system, micro, macro, interval, exact, gain }) => [
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
    },
    {
      title: 'by relation, fewest entries in the memories first (F1)',
      head: ['relation', 'entries', 'gold', ...names],
      rows: report.relations.map(({ label, gold, support, scores }) => [
        nameOf(label),
        String(support),
        String(gold),
        ...scores.map(({ f1 }) => figure(f1)),
      ]),
    },
    {
      title: 'by entries of a relation in the memories (micro F1)',
      head: ['entries', 'relations', 'gold', ...names],
      rows: bands.map(({ from, to, labels, score }, band) => [
        to === null ? `${from} and more` : from === to ? String(from) : `${from}-${to}`,
        String(labels),
        String(score.found + score.missed),
        ...report.systems.map(({ bands: own }) => figure(own[band]?.score.f1 ?? 0)),
      ]),
    },
    {
      title: `expected calibration error of ${report.calibration.predictions} judged predictions`,
      head: ['before', 'after'],
      rows: [[figure(report.calibration.before.error), figure(report.calibration.after.error)]],
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

function figure(value: number): string {
  return value.toFixed(4);
}

function signed(value: number): string {
  return `${value > 0 ? '+' : ''}${value.toFixed(4)}`;
}

function range(bounds: { readonly low: number; readonly high: number } | null): string {
  return bounds ? `${bounds.low.toFixed(3)}-${bounds.high.toFixed(3)}` : '';
}
