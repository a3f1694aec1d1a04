import type { EntityId } from '../../domain/identity.js';
import type { Redirects } from '../../domain/redirects.js';
import { localEntityIds } from '../document-graph.js';
import type { Neo4jParams, Neo4jTransaction } from './connection.js';
import { outdated } from './errors.js';
import { redirectDocument, type PreparedDocument } from './prepared.js';
import { redirectsOf, stillStand } from './redirects.js';

/** What local entities stand for, as it was read before anything was locked. */
export interface SeenRedirects {
  readonly ids: readonly EntityId[];
  readonly redirects: Redirects;
}

export async function seenRedirects(
  transaction: Neo4jTransaction,
  documents: readonly PreparedDocument[],
): Promise<SeenRedirects> {
  const ids = [...new Set(documents.flatMap(({ extracted }) => localEntityIds(extracted)))];
  const run = <Row>(statement: string, params: Neo4jParams) => transaction.run<Row>(statement, params);
  return { ids, redirects: await redirectsOf(run, ids) };
}

export function redirected(
  documents: readonly PreparedDocument[],
  { redirects }: SeenRedirects,
): readonly PreparedDocument[] {
  if (redirects.size === 0) return documents;
  return documents.map((document) => redirectDocument(document, redirects));
}

/** A change of identity holds the locks of the entities that it moves mentions between: under them it shows. */
export async function requireUnchanged(transaction: Neo4jTransaction, seen: SeenRedirects): Promise<void> {
  if (!(await stillStand(transaction, seen.ids, seen.redirects)))
    throw outdated('an entity was merged, or came into a dictionary, meanwhile');
}
