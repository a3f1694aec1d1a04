import { createReadStream } from 'node:fs';
import { z } from 'zod';
import { NeighborKbError } from '../domain/errors.js';
import { readJsonLines } from '../domain/json-lines.js';
import { OffsetMap, type Span } from '../domain/offsets.js';
import type { PredicateSchema } from '../domain/predicates.js';
import type { Passage } from './passages.js';

export type { GoldFact, Passage } from './passages.js';

const codePoints = z.tuple([z.number().int().min(0), z.number().int().min(0)]);
const passageShape = z.object({
  documentId: z.string(),
  text: z.string().min(1),
  properties: z.array(z.string()),
  facts: z.array(z.object({ subject: codePoints, object: codePoints, property: z.string() })),
});

/**
 * Reads KnowledgeNet passages as JSON lines, one at a time; their offsets count code points.
 * @throws NeighborKbError INVALID_FILE naming line and field; a property that the schema does not know included
 */
export async function* readKnowledgeNet(path: string, schema: PredicateSchema): AsyncGenerator<Passage> {
  const predicateOf = new Map<string, string>();
  for (const { id, knowledgeNet } of schema.predicates)
    if (knowledgeNet !== undefined) predicateOf.set(knowledgeNet, id);

  for await (const read of readJsonLines(createReadStream(path))) {
    if (!read.ok) throw read.error;
    yield toPassage(read.value, read.line, predicateOf);
  }
}

function toPassage(value: unknown, line: number, predicateOf: ReadonlyMap<string, string>): Passage {
  const parsed = passageShape.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new NeighborKbError('INVALID_FILE', `line ${line}: ${issue?.message ?? 'malformed'}`, [
      'line',
      line,
      ...(issue?.path ?? []).map((part) => (typeof part === 'symbol' ? String(part) : part)),
    ]);
  }
  const { documentId, text, properties, facts } = parsed.data;
  const predicate = (property: string): string => {
    const id = predicateOf.get(property);
    if (id === undefined)
      throw new NeighborKbError('INVALID_FILE', `line ${line}: no predicate answers to ${property}`, [
        'line',
        line,
      ]);
    return id;
  };
  const offsets = new OffsetMap(text);
  const span = ([start, end]: readonly [number, number]): Span =>
    offsets.fromUnit({ start, end }, 'code-points');
  return {
    id: `knowledgenet:${line}`,
    group: documentId,
    text,
    annotated: new Set(properties.map(predicate)),
    facts: facts.map((fact) => ({
      subject: span(fact.subject),
      object: span(fact.object),
      predicate: predicate(fact.property),
    })),
  };
}
