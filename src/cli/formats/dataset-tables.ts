import type { Count, DatasetDescription, SplitDescription } from '../../datasets/describe.js';
import type { ReportTable } from '../../evaluation/report.js';

/** A description for people: a column a split. */
export function datasetTables({ splits, overlaps }: DatasetDescription): ReportTable[] {
  const names = splits.map(({ name }) => name);
  const row = (title: string, figure: (split: SplitDescription) => string): string[] => [
    title,
    ...splits.map(figure),
  ];
  const tables = [
    {
      title: 'Texts',
      head: ['', ...names],
      rows: [
        row('texts', ({ texts }) => String(texts)),
        row('sentences', ({ sentences }) => String(sentences)),
        row('characters of a text', ({ characters }) => spread(characters)),
        row('words of a sentence', ({ wordsInSentence }) => spread(wordsInSentence)),
        row('mentions', ({ mentions }) => String(mentions.total)),
        row('relations', ({ relations }) => String(relations.total)),
        row('judged pairs', ({ pairs }) => String(pairs.judged)),
        row('NIL pairs', ({ pairs }) => String(pairs.nil)),
        row('NIL share', ({ pairs }) => (pairs.nilShare === null ? '-' : percent(pairs.nilShare))),
        row('pairs with several labels', ({ pairs }) => String(pairs.severalLabels)),
        row('relations across sentences', ({ pairs }) => String(pairs.acrossSentences)),
      ],
    },
    countTable('Relations by label', names, splits, ({ relations }) => relations.byLabel),
    countTable('Mentions by type', names, splits, ({ mentions }) => mentions.byType),
  ];
  if (splits.some(({ predictedMentions }) => predictedMentions))
    tables.push(
      countTable(
        'Predicted mentions by type',
        names,
        splits,
        (split) => split.predictedMentions?.byType ?? [],
      ),
    );
  if (overlaps.length > 0)
    tables.push({
      title: 'In both of two splits (different ones)',
      head: ['splits', 'texts', 'sentences', 'entity pairs', 'entity pairs with label'],
      rows: overlaps.map(({ one, other, texts, sentences, entityPairs, facts }) => [
        `${one}, ${other}`,
        ...[texts, sentences, entityPairs, facts].map(String),
      ]),
    });
  return tables;
}

/** A row a key, in the order of the first split that has it. */
function countTable(
  title: string,
  names: readonly string[],
  splits: readonly SplitDescription[],
  counts: (split: SplitDescription) => readonly Count[],
): ReportTable {
  const bySplit = splits.map((split) => new Map(counts(split).map(({ key, count }) => [key, count])));
  const keys = [...new Set(bySplit.flatMap((byKey) => [...byKey.keys()]))];
  return {
    title,
    head: ['', ...names],
    rows: keys.map((key) => [key, ...bySplit.map((byKey) => String(byKey.get(key) ?? 0))]),
  };
}

function spread({ median, percentile95, maximum }: SplitDescription['characters']): string {
  return `median ${median}, 95% up to ${percentile95}, at most ${maximum}`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)}%`;
}
