import { scaleLinear, scaleLog, scaleSequential } from 'd3-scale';
import { line } from 'd3-shape';

/*
 * Charts as SVG text: scales and paths by d3, nothing that a page would have to load.
 */

export interface Series {
  readonly name: string;
  readonly points: readonly (readonly [number, number])[];
}

export interface LineChart {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  readonly logarithmic?: boolean;
  readonly series: readonly Series[];
  /** Ranges of the axes; absent: those of the points. */
  readonly xRange?: readonly [number, number];
  readonly yRange?: readonly [number, number];
}

export interface HeatMap {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  readonly columns: readonly string[];
  readonly rows: readonly string[];
  /** By row, then column; null where nothing was measured. */
  readonly values: readonly (readonly (number | null)[])[];
}

/** Colours that differ for readers who tell red from green badly (Okabe and Ito 2008). */
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#000000'] as const;
const SIZE = { width: 640, height: 360 } as const;
const MARGIN = { left: 60, right: 150, top: 36, bottom: 48 } as const;

export function lineChart(chart: LineChart): string {
  const points = chart.series.flatMap(({ points: own }) => own);
  const [left, right] = [MARGIN.left, SIZE.width - MARGIN.right];
  const [bottom, top] = [SIZE.height - MARGIN.bottom, MARGIN.top];
  const xRange = chart.xRange ?? extent(points.map(([x]) => x));
  const x = (chart.logarithmic ? scaleLog() : scaleLinear()).domain(xRange).range([left, right]);
  const y = scaleLinear()
    .domain(chart.yRange ?? extent(points.map(([, value]) => value)))
    .nice()
    .range([bottom, top]);
  const xTicks = chart.logarithmic
    ? [...new Set(points.map(([value]) => value))].sort((a, b) => a - b)
    : x.ticks(6);
  const path = line<readonly [number, number]>(
    ([value]) => x(value),
    ([, value]) => y(value),
  );
  const parts = [
    ...y
      .ticks(6)
      .map((tick) => grid(left, right, y(tick)) + text(left - 8, y(tick) + 4, format(tick), 'end')),
    ...xTicks.map((tick) => text(x(tick), bottom + 18, format(tick), 'middle')),
    `<path d="M${left},${top}V${bottom}H${right}" fill="none" stroke="#444"/>`,
    ...chart.series.flatMap(({ name, points: own }, index) => {
      const colour = COLOURS[index % COLOURS.length] as string;
      return [
        `<path d="${path([...own]) ?? ''}" fill="none" stroke="${colour}" stroke-width="2"/>`,
        ...own.map(
          ([a, b]) =>
            `<circle cx="${round(x(a))}" cy="${round(y(b))}" r="3" fill="${colour}"><title>${escapeText(`${name}: ${format(a)}, ${format(b)}`)}</title></circle>`,
        ),
        `<rect x="${right + 14}" y="${top + 20 * index}" width="12" height="12" fill="${colour}"/>`,
        text(right + 32, top + 20 * index + 11, name, 'start'),
      ];
    }),
    text((left + right) / 2, SIZE.height - 10, chart.x, 'middle'),
    sideways(16, (top + bottom) / 2, chart.y),
    heading(chart.title),
  ];
  return svg(SIZE.width, SIZE.height, chart.title, parts);
}

export function heatMap(map: HeatMap): string {
  const cell = { width: 54, height: 26 };
  const [left, top] = [90, 56];
  const width = left + cell.width * map.columns.length + 20;
  const height = top + cell.height * map.rows.length + 50;
  const known = map.values.flat().filter((value) => value !== null);
  const [low, high] = extent(known);
  const colour = scaleSequential([low, high], mix);
  const parts = [
    ...map.columns.map((name, column) => text(left + cell.width * (column + 0.5), top - 8, name, 'middle')),
    ...map.rows.map((name, row) => text(left - 8, top + cell.height * (row + 0.5) + 4, name, 'end')),
    ...map.values.flatMap((values, row) =>
      values.map((value, column) => {
        const [cx, cy] = [left + cell.width * column, top + cell.height * row];
        const fill = value === null ? '#eee' : colour(value);
        const ink = value !== null && value > (low + high) / 2 ? '#fff' : '#000';
        return (
          `<rect x="${cx}" y="${cy}" width="${cell.width - 1}" height="${cell.height - 1}" fill="${fill}"/>` +
          (value === null
            ? ''
            : text(cx + cell.width / 2, cy + cell.height / 2 + 4, (100 * value).toFixed(1), 'middle', ink))
        );
      }),
    ),
    text(left + (cell.width * map.columns.length) / 2, height - 14, map.x, 'middle'),
    sideways(16, top + (cell.height * map.rows.length) / 2, map.y),
    heading(map.title),
  ];
  return svg(width, height, map.title, parts);
}

/** From white to dark blue. */
function mix(share: number): string {
  const channel = (from: number, to: number): number => Math.round(from + (to - from) * share);
  return `rgb(${channel(240, 8)},${channel(246, 64)},${channel(252, 129)})`;
}

function svg(width: number, height: number, title: string, parts: readonly string[]): string {
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" ` +
    `role="img" font-family="system-ui, sans-serif" font-size="12"><title>${escapeText(title)}</title>` +
    `<rect width="${width}" height="${height}" fill="#fff"/>${parts.join('')}</svg>`
  );
}

function heading(title: string): string {
  return `<text x="16" y="20" font-size="14" font-weight="600">${escapeText(title)}</text>`;
}

function text(
  x: number,
  y: number,
  content: string,
  anchor: 'start' | 'middle' | 'end',
  fill = '#222',
): string {
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}" fill="${fill}">${escapeText(content)}</text>`;
}

function sideways(x: number, y: number, content: string): string {
  return `<text x="${x}" y="${round(y)}" transform="rotate(-90 ${x} ${round(y)})" text-anchor="middle">${escapeText(content)}</text>`;
}

function grid(from: number, to: number, y: number): string {
  return `<path d="M${from},${round(y)}H${to}" stroke="#ddd"/>`;
}

function extent(values: readonly number[]): [number, number] {
  const finite = values.filter((value) => Number.isFinite(value));
  if (finite.length === 0) return [0, 1];
  const low = finite.reduce((least, value) => Math.min(least, value), Infinity);
  const high = finite.reduce((most, value) => Math.max(most, value), -Infinity);
  return low === high ? [low - 0.5, high + 0.5] : [low, high];
}

function format(value: number): string {
  return String(Number(value.toPrecision(4)));
}

function round(value: number): number {
  return Math.round(10 * value) / 10;
}

/** Text of others inside markup. */
export function escapeText(content: string): string {
  return content.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
