import type { PredicateSchema } from '../domain/predicates.js';
import { spanText } from '../domain/offsets.js';
import type { GraphStore } from '../store/graph-store.js';
import { predicateName } from './formats/extract-contract.js';
import { printable } from './formats/table.js';
import { type EvidenceRecord, tripleRecords, type TripleRecord } from './formats/triple-records.js';
import type { Io } from './io.js';

/** Facts that a newcomer is shown. */
const FACTS = 8;
/** So that no document and no predicate fills the screen. */
const FACTS_PER_DOCUMENT = 2;

/** Prints some facts, each with its sentence and the example that weighed most in the vote. */
export async function showSampleFacts(io: Io, store: GraphStore, schema: PredicateSchema): Promise<void> {
  const width = Math.max(60, Math.min(110, io.stdout.columns));
  for (const record of await variedFacts(store)) await io.stdout.line(factText(record, schema, width));
}

/** The most confident facts with different predicates, spread over the documents. */
async function variedFacts(store: GraphStore): Promise<TripleRecord[]> {
  const chosen: TripleRecord[] = [];
  const predicates = new Set<string>();
  const perDocument = new Map<string, number>();
  for await (const record of tripleRecords(store, {})) {
    const document = record.evidence[0]?.document.externalId ?? '';
    const before = perDocument.get(document) ?? 0;
    if (predicates.has(record.triple.predicate) || before >= FACTS_PER_DOCUMENT) continue;
    predicates.add(record.triple.predicate);
    perDocument.set(document, before + 1);
    chosen.push(record);
    if (chosen.length === FACTS) break;
  }
  return chosen;
}

function factText(
  { triple, subject, object, evidence }: TripleRecord,
  schema: PredicateSchema,
  width: number,
): string {
  const name = predicateName(schema, triple.predicate);
  // Rounded down: no fact is certain.
  const percent = `${Math.floor(triple.confidence * 100)}%`;
  const fact = `${subject.name}  ${name}  ${object.name}`;
  const [best] = evidence;
  return [
    `${fact.padEnd(width - 6)} ${percent.padStart(5)}`,
    ...(best === undefined ? [] : evidenceLines(best, schema, width)),
    '',
  ].join('\n');
}

function evidenceLines(record: EvidenceRecord, schema: PredicateSchema, width: number): string[] {
  const { document, sentence, neighbours } = record;
  const said = wrapped('because', spanText(document.text, sentence), width);
  const heaviest = [...neighbours].sort((a, b) => b.weight - a.weight || a.rank - b.rank)[0];
  if (heaviest === undefined) return said;
  const vote = `${predicateName(schema, heaviest.label)}, weight ${heaviest.weight.toFixed(2)} of 1`;
  return [...said, ...wrapped('like', `${heaviest.text} (${vote})`, width)];
}

/** Text beside a label, broken between words. */
function wrapped(label: string, text: string, width: number): string[] {
  const lines: string[] = [];
  let line = `  ${label}`.padEnd(LABEL_WIDTH);
  for (const word of printable(text).split(/\s+/u)) {
    if (line.length > LABEL_WIDTH && line.length + word.length >= width) {
      lines.push(line.trimEnd());
      line = ' '.repeat(LABEL_WIDTH);
    }
    line += `${word} `;
  }
  return [...lines, line.trimEnd()];
}

const LABEL_WIDTH = 11;
