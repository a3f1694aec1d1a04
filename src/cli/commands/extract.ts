import { Command, Option } from 'commander';
import { loadConfig } from '../../config.js';
import { inChunks } from '../../domain/chunks.js';
import { NeighborKbError } from '../../domain/errors.js';
import { OFFSET_UNITS, type OffsetUnit } from '../../domain/offsets.js';
import type { ExtractionOutcome } from '../../extraction/ports.js';
import { CHUNK_LIMITS } from '../chunks.js';
import { EXIT, EXIT_CODES_HELP } from '../exit-codes.js';
import { errorLine, extractLine, type ExtractLine } from '../formats/extract-contract.js';
import { findFiles, type InputDocument, readDocumentLines, readDocuments } from '../inputs.js';
import type { Io } from '../io.js';
import { addScoringOptions, overridesOf, type ScoringOptions } from '../options.js';
import { type Extraction, openExtraction } from '../../resources.js';
import type { CliContext } from '../context.js';

interface ExtractOptions extends ScoringOptions {
  readonly offsets: OffsetUnit;
  readonly allPairs?: true;
}

export function extractCommand(context: CliContext): Command {
  const command = new Command('extract')
    .summary('documents in, predictions out; nothing is stored')
    .description(
      'Reads documents as JSON lines, {"externalId", "text"} with optional "mentions": [{"start", "end", "type"}],\n' +
        'from files or standard input, and writes one JSON line a document, in their order, with the triples found.\n' +
        'A document that is refused gives a line {"externalId", "error": {"code", "message", "path"}}.',
    )
    .argument(
      '[files...]',
      'JSON lines, text, Markdown or HTML files, or folders; none or - for standard input',
    )
    .addOption(
      new Option('--offsets <unit>', 'what offsets count, in given mentions and in the output')
        .choices(OFFSET_UNITS)
        .default('utf16'),
    )
    .option('--all-pairs', 'write pairs without a relation too (predicate NIL)');
  return addScoringOptions(command)
    .addHelpText('after', EXAMPLES + EXIT_CODES_HELP)
    .action((files: readonly string[], options: ExtractOptions) => extract(context, files, options));
}

const EXAMPLES = `
Examples:
  $ echo '{"externalId":"1","text":"Ada Lovelace was born in London."}' | neighborkb extract
  $ neighborkb extract --offsets code-points documents.jsonl > triples.jsonl
  $ neighborkb extract --lambda 0 --all-pairs documents.jsonl | jq '.triples[].predicate.id'
`;

async function extract(
  context: CliContext,
  files: readonly string[],
  options: ExtractOptions,
): Promise<void> {
  const { io } = context;
  const config = loadConfig();
  const inputs = await inputsOf(io, files, options.offsets, config.maxTextLength);
  const extraction = await openExtraction(config, {
    ...(options.profile === undefined ? {} : { profile: options.profile }),
    overrides: overridesOf(options),
  });
  try {
    const format = { schema: extraction.schema, unit: options.offsets, allPairs: options.allPairs === true };
    const seen = new Set<string>();
    const sizeOf = (input: InputDocument): number => (input.ok ? input.document.text.length : 0);
    for await (const chunk of inChunks(inputs, CHUNK_LIMITS, sizeOf)) {
      const checked = chunk.map((input) => refuseRepeated(input, seen));
      const outcomes = await extractGood(extraction, checked);
      for (const input of checked) {
        const line = lineOf(input, outcomes, (outcome) =>
          outcome.ok ? extractLine(outcome.extracted, format) : errorLine(outcome.externalId, outcome.error),
        );
        if ('error' in line) context.exitCode = EXIT.badInput;
        await io.stdout.line(JSON.stringify(line));
      }
      if (io.stop.aborted) return;
    }
  } finally {
    await extraction.close();
  }
}

async function inputsOf(
  io: Io,
  files: readonly string[],
  unit: OffsetUnit,
  maxTextLength: number,
): Promise<AsyncGenerator<InputDocument>> {
  if (files.length === 0 || (files.length === 1 && files[0] === '-'))
    return readDocumentLines(io.stdin, 'stdin', unit);
  const found = await findFiles(files);
  return (async function* () {
    for (const file of found) yield* readDocuments(file, { unit, maxTextLength });
  })();
}

/** An externalId names one document of a run, however the run is cut into chunks. */
function refuseRepeated(input: InputDocument, seen: Set<string>): InputDocument {
  if (!input.ok) return input;
  const { externalId } = input.document;
  if (seen.has(externalId)) {
    const error = new NeighborKbError('DUPLICATE_EXTERNAL_ID', 'an earlier document has this externalId', [
      'externalId',
    ]);
    return { ok: false, externalId, place: input.place, error };
  }
  seen.add(externalId);
  return input;
}

async function extractGood(
  { extractor, profile }: Extraction,
  inputs: readonly InputDocument[],
): Promise<Iterator<ExtractionOutcome>> {
  const documents = inputs.flatMap((input) => (input.ok ? [input.document] : []));
  return (await extractor.extract(documents, profile))[Symbol.iterator]();
}

/** Lines come in the order of the input: refused lines between those that were extracted. */
function lineOf(
  input: InputDocument,
  outcomes: Iterator<ExtractionOutcome>,
  write: (outcome: ExtractionOutcome) => ExtractLine,
): ExtractLine {
  if (!input.ok) return errorLine(input.externalId, input.error);
  const next = outcomes.next();
  if (next.done === true) throw new RangeError('the extractor gave fewer outcomes than it had documents');
  return write(next.value);
}
