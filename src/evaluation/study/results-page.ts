import type { NamedTable, StudyTable } from './table.js';

/** docs/results.md of all studies: tables as Markdown, plots as pictures beside it. */
export function resultsPage(studies: readonly StudyTable[]): string {
  const parts = [
    '# Results',
    '',
    'Every table is made by the command above it, from the data sets and the encoders that `training/README.md` describes;',
    'the same figures as JSON stand in [results/](results). This page is written by `npm run reproduce`: do not edit it.',
    'F1, precision, recall and gains are points of 100.',
    '',
  ];
  for (const study of studies) {
    parts.push(`## ${study.title}`, '', `    ${study.command}`, '');
    for (const note of study.notes) parts.push(note, '');
    for (const table of study.tables) parts.push(`### ${table.title}`, '', ...markdownTable(table), '');
    for (const plot of study.plots) parts.push(`![${plot.title}](results/${plot.name}.svg)`, '');
  }
  return `${parts.join('\n').trimEnd()}\n`;
}

function markdownTable({ head, rows }: NamedTable): string[] {
  const line = (cells: readonly (string | number | null)[]): string =>
    `| ${cells.map((cell) => (cell === null ? '' : String(cell)).replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}
