import { escapeText, heatMap, lineChart } from './charts.js';
import type { ReliabilityBin } from './calibration-fit.js';
import type { EvaluationReport } from './comparison.js';
import type { GridCell } from './grid.js';
import type { ReportTable } from './report.js';
import type { TuneReport } from './tune.js';

/*
 * Reports as one HTML page each: style and pictures inline, nothing is loaded from anywhere.
 */

export function evaluationPage(report: EvaluationReport, tables: readonly ReportTable[]): string {
  const { before, after } = report.calibration;
  return page(`Evaluation on ${report.data}`, [
    `<p>Profile <code>${escapeText(`${report.profile.name}@${report.profile.version}`)}</code>, tuned on ${escapeText(report.profile.tunedOn ?? 'nothing')}. Mentions: ${report.mentions}.</p>`,
    ...tables.map(tableOf),
    '<h2>Reliability</h2>',
    reliabilityChart(before.bins, after.bins),
    '<h2>Most confident errors</h2>',
    ...report.worst.map(
      ({ passage, text, subject, object, gold, predicted, confidence, neighbours }) =>
        `<details><summary><b>${escapeText(subject)}</b> → <b>${escapeText(object)}</b>: ${escapeText(predicted)} (${confidence.toFixed(2)}), gold ${escapeText(gold.join(', ') || 'NIL')}</summary>` +
        `<p>${escapeText(passage)}: ${escapeText(text)}</p><ol>${neighbours
          .map(
            (one) =>
              `<li>${escapeText(one.label)}, distance ${one.squaredDistance.toFixed(3)}, ${escapeText(one.memory)}: <b>${escapeText(one.subject)}</b> → <b>${escapeText(one.object)}</b>: ${escapeText(one.text)}</li>`,
          )
          .join('')}</ol></details>`,
    ),
  ]);
}

export function tuningPage(name: string, report: TuneReport, tables: readonly ReportTable[]): string {
  return page(`Profile ${name}, tuned on ${report.tunedOn}`, [
    `<p>Search: ${report.search}. ${report.passages} texts, ${report.pairs} pairs. The settings are the best on these very texts; the column for held-out folds says what to expect of others.</p>`,
    ...tables.map(tableOf),
    ...report.memories.flatMap(({ memory, grid }) => [
      `<h2>Memory ${escapeText(memory)}</h2>`,
      ...heatMaps(memory, grid.cells),
    ]),
    '<h2>Reliability after calibration</h2>',
    reliabilityChart([], report.calibration.bins),
  ]);
}

/** k x λ and T x λ of each kernel, every cell the best over what is not shown. */
export function heatMaps(memory: string, cells: readonly GridCell[]): string[] {
  const kernels = [...new Set(cells.map(({ settings }) => settings.kernel))];
  return kernels.flatMap((kernel) => {
    const own = cells.filter(({ settings }) => settings.kernel === kernel);
    const lambdas = ascending(own.map(({ settings }) => settings.lambda));
    const map = (axis: 'k' | 'temperature', name: string): string => {
      const rows = ascending(own.map(({ settings }) => settings[axis]));
      const best = new Map<string, number>();
      for (const { settings, f1 } of own) {
        const key = `${settings[axis]} ${settings.lambda}`;
        best.set(key, Math.max(best.get(key) ?? 0, f1));
      }
      return heatMap({
        title: `${memory}, ${kernel}: F1 by ${name} and λ`,
        x: 'λ',
        y: name,
        columns: lambdas.map(String),
        rows: rows.map((value) => String(Number(value.toPrecision(3)))),
        values: rows.map((row) => lambdas.map((lambda) => best.get(`${row} ${lambda}`) ?? null)),
      });
    };
    return [map('k', 'k'), map('temperature', 'T')];
  });
}

function reliabilityChart(before: readonly ReliabilityBin[], after: readonly ReliabilityBin[]): string {
  const points = (bins: readonly ReliabilityBin[]): (readonly [number, number])[] =>
    bins.map(({ meanConfidence, shareRight }) => [meanConfidence, shareRight]);
  return lineChart({
    title: 'Share that is right by confidence',
    x: 'mean confidence',
    y: 'share right',
    xRange: [0, 1],
    yRange: [0, 1],
    series: [
      ...(before.length > 0 ? [{ name: 'before', points: points(before) }] : []),
      { name: 'calibrated', points: points(after) },
      {
        name: 'ideal',
        points: [
          [0, 0],
          [1, 1],
        ],
      },
    ],
  });
}

function ascending(values: readonly number[]): number[] {
  return [...new Set(values)].sort((a, b) => a - b);
}

function tableOf({ title, head, rows }: ReportTable): string {
  const cells = (tag: 'th' | 'td', row: readonly string[]): string =>
    `<tr>${row.map((cell) => `<${tag}>${escapeText(cell)}</${tag}>`).join('')}</tr>`;
  return `<h2>${escapeText(title)}</h2><table>${cells('th', head)}${rows.map((row) => cells('td', row)).join('')}</table>`;
}

const STYLE =
  'body{font:15px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#222}' +
  'table{border-collapse:collapse;margin:.5rem 0}td,th{border:1px solid #ccc;padding:.2rem .5rem;text-align:left}' +
  'td:nth-child(n+2){font-variant-numeric:tabular-nums}details{margin:.4rem 0}svg{max-width:100%;height:auto}';

function page(title: string, parts: readonly string[]): string {
  return (
    `<!doctype html>\n<html lang="en"><head><meta charset="utf-8">` +
    `<meta name="viewport" content="width=device-width,initial-scale=1"><title>${escapeText(title)}</title>` +
    `<style>${STYLE}</style></head><body><h1>${escapeText(title)}</h1>\n${parts.join('\n')}\n</body></html>\n`
  );
}
