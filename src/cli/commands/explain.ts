import { Command } from 'commander';
import { loadConfig } from '../../config.js';
import { NeighborKbError } from '../../domain/errors.js';
import type { ExtractedDocument, LocalEntity, Mention, Prediction } from '../../domain/model.js';
import { NIL, type PredicateSchema } from '../../domain/predicates.js';
import { EXIT_CODES_HELP } from '../exit-codes.js';
import { extractLine, predicateName } from '../formats/extract-contract.js';
import { shorten, table } from '../formats/table.js';
import { collect, decode } from '../inputs.js';
import type { Io } from '../io.js';
import { addScoringOptions, integerBetween, overridesOf, type ScoringOptions } from '../options.js';
import { openExtraction } from '../../resources.js';
import type { CliContext } from '../context.js';

interface ExplainOptions extends ScoringOptions {
  readonly title?: string;
  readonly allPairs?: true;
  readonly neighbours: number;
  readonly json?: true;
}

export function explainCommand(context: CliContext): Command {
  const command = new Command('explain')
    .summary('what is found in one text, and which examples voted for it')
    .description('Shows the mentions of a text, its pairs and the votes on each. Nothing is stored.')
    .argument('<text>', 'the text, or - to read it from standard input')
    .option('--title <title>', 'title of the text: it tells whom "he" or "she" stands for')
    .option('--all-pairs', 'show pairs without a relation too')
    .option('--neighbours <count>', 'voters shown for each pair', integerBetween(0, 1024), 3)
    .option('--json', 'the line that `extract` would write, in place of tables');
  return addScoringOptions(command)
    .addHelpText('after', EXAMPLES + EXIT_CODES_HELP)
    .action((text: string, options: ExplainOptions) => explain(context, text, options));
}

const EXAMPLES = `
Examples:
  $ neighborkb explain "Ada Lovelace was born in London in 1815."
  $ neighborkb explain --all-pairs --neighbours 5 - < page.txt
`;

async function explain({ io }: CliContext, argument: string, options: ExplainOptions): Promise<void> {
  const config = loadConfig();
  const text = argument === '-' ? decode(await collect(io.stdin, 3 * config.maxTextLength)) : argument;
  const extraction = await openExtraction(config, {
    ...(options.profile === undefined ? {} : { profile: options.profile }),
    overrides: overridesOf(options),
  });
  try {
    const { extractor, profile, schema } = extraction;
    const document = {
      externalId: 'explained',
      text,
      ...(options.title === undefined ? {} : { title: options.title }),
    };
    const [outcome] = await extractor.extract([document], profile);
    if (outcome === undefined) throw new NeighborKbError('INTERNAL', 'the extractor gave no outcome');
    if (!outcome.ok) throw outcome.error;
    if (options.json) {
      const format = { schema, unit: 'utf16', allPairs: options.allPairs === true } as const;
      await io.stdout.line(JSON.stringify(extractLine(outcome.extracted, format)));
    } else await show(io, outcome.extracted, schema, options);
  } finally {
    await extraction.close();
  }
}

async function show(
  io: Io,
  extracted: ExtractedDocument,
  schema: PredicateSchema,
  options: ExplainOptions,
): Promise<void> {
  const entityById = new Map(extracted.entities.map((entity) => [entity.id, entity]));
  const entityOf = (mention: Mention): LocalEntity | undefined =>
    mention.entityId === null ? undefined : entityById.get(mention.entityId);
  const rows = extracted.mentions.map((mention) => [
    mention.text,
    mention.type,
    entityOf(mention)?.name ?? 'unresolved',
    mention.score.toFixed(2),
  ]);
  await io.stdout.write(`${table(['mention', 'type', 'stands for', 'score'], rows)}\n`);

  const shown = extracted.predictions.filter(({ label }) => options.allPairs === true || label !== NIL);
  if (shown.length === 0) {
    await io.stdout.line(`no relation in ${extracted.predictions.length} pairs; --all-pairs shows them`);
    return;
  }
  const mentionById = new Map(extracted.mentions.map((mention) => [mention.id, mention]));
  const nameOf = (id: Mention['id']): string => {
    const mention = mentionById.get(id);
    if (mention === undefined) return '';
    const name = entityOf(mention)?.name;
    return name === undefined || name === mention.text ? mention.text : `${mention.text} (${name})`;
  };
  for (const prediction of shown) {
    const subject = nameOf(prediction.subjectMentionId);
    const object = nameOf(prediction.objectMentionId);
    const predicate = `${predicateName(schema, prediction.label)} ${prediction.label}`;
    await io.stdout.line(`${subject}  →  ${predicate}  →  ${object}`);
    await io.stdout.line(`  ${figures(prediction)}`);
    await io.stdout.line(votes(prediction, schema, options.neighbours, io.stdout.columns));
  }
}

function figures({ confidence, p, pRe, pKnn }: Prediction): string {
  const parts = [`p ${p.toFixed(3)}`, `classifier ${pRe.toFixed(3)}`, `neighbours ${pKnn.toFixed(3)}`];
  return [...(confidence === null ? [] : [`confidence ${confidence.toFixed(3)}`]), ...parts].join('   ');
}

function votes({ neighbours }: Prediction, schema: PredicateSchema, limit: number, columns: number): string {
  const heaviest = [...neighbours].sort((a, b) => b.weight - a.weight || a.rank - b.rank).slice(0, limit);
  if (heaviest.length === 0) return '';
  const rows = heaviest.map(({ label, weight, squaredDistance, text }) => [
    `  ${shorten(`${predicateName(schema, label)} ${label}`, 36)}`,
    weight.toFixed(3),
    squaredDistance.toFixed(3),
    shorten(text, Math.max(40, columns - 62)),
  ]);
  return table(['  voter', 'weight', 'distance', 'text'], rows);
}
