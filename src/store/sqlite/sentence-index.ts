import { spanText } from '../../domain/offsets.js';
import type { Span } from '../../domain/offsets.js';
import { foldedText } from '../queries/search-text.js';
import { bulkInsert } from './bulk-insert.js';
import type { Connection } from './connection.js';
import type { SqliteDatabase } from './database.js';
import type { Pacer } from './pacer.js';

export interface KeyedSpan extends Span {
  readonly key: number;
}

/** Makes the words of a document's sentences searchable; they leave the index with their sentences. */
export async function indexSentences(
  connection: Connection,
  pacer: Pacer,
  text: string,
  sentences: readonly KeyedSpan[],
): Promise<void> {
  await bulkInsert(
    connection,
    pacer,
    'sentences_words (rowid, words)',
    sentences.map((sentence) => [sentence.key, foldedText(spanText(text, sentence))]),
  );
}

/** Documents of one transaction. */
const SLICE = 20;

/**
 * Indexes what a version of NeighborKB without this index has stored; does nothing where there is none. Each
 * transaction takes its documents off the list, so it goes on where it was stopped.
 */
export async function indexBacklog(database: SqliteDatabase): Promise<void> {
  const waiting = 'SELECT document_key AS key FROM search_backlog ORDER BY 1 LIMIT ?';
  while (database.reader.first(waiting, [1]))
    await database.write(async (connection, pacer) => {
      for (const { key } of connection.all<{ key: number }>(waiting, [SLICE])) {
        await indexStored(connection, pacer, key);
        connection.run('DELETE FROM search_backlog WHERE document_key = ?', [key]);
      }
    });
}

async function indexStored(connection: Connection, pacer: Pacer, documentKey: number): Promise<void> {
  const document = connection.first<{ text: string }>('SELECT text FROM documents WHERE key = ?', [
    documentKey,
  ]);
  const sentences = connection.all<KeyedSpan>(
    'SELECT key, start_offset AS start, end_offset AS "end" FROM sentences WHERE document_key = ?',
    [documentKey],
  );
  await indexSentences(connection, pacer, document?.text ?? '', sentences);
}
