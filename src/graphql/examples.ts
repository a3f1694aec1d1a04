import type { Example } from './examples/example.js';
import { COUNTS, DOCUMENTS, ENTITIES, FACTS, NEIGHBOURHOOD, SCHEMA, SERVER } from './examples/graph.js';
import { MEMORY, SIMILAR } from './examples/memory.js';
import { CHANGES, PATTERN, SEARCH } from './examples/questions.js';
import { FOLLOW, INGEST, RETRACT, SCORE_TEXT, SUBMIT } from './examples/texts.js';

/** What the explorer offers, in its order. */
export const EXAMPLES: readonly Example[] = [
  FACTS,
  SCORE_TEXT,
  INGEST,
  ENTITIES,
  NEIGHBOURHOOD,
  SEARCH,
  PATTERN,
  CHANGES,
  COUNTS,
  DOCUMENTS,
  MEMORY,
  SIMILAR,
  SUBMIT,
  FOLLOW,
  RETRACT,
  SCHEMA,
  SERVER,
];
