-- Search by words, and the log of changes.

-- One word index of the names; their normalised form is words between single spaces already.
CREATE VIRTUAL TABLE names_words USING fts5 (
  normalised, content = 'names', content_rowid = 'key', prefix = '2 3',
  tokenize = "unicode61 remove_diacritics 0 tokenchars '+#'"
);
INSERT INTO names_words (names_words) VALUES ('rebuild');
CREATE TRIGGER names_words_inserted AFTER INSERT ON names BEGIN
  INSERT INTO names_words (rowid, normalised) VALUES (new.key, new.normalised);
END;
CREATE TRIGGER names_words_deleted AFTER DELETE ON names BEGIN
  INSERT INTO names_words (names_words, rowid, normalised) VALUES ('delete', old.key, old.normalised);
END;

-- Words of sentences, folded by the writer. Contentless: the text is in the document.
CREATE VIRTUAL TABLE sentences_words USING fts5 (
  words, content = '', contentless_delete = 1, prefix = '2 3',
  tokenize = "unicode61 remove_diacritics 0 tokenchars '+#'"
);
CREATE TRIGGER sentences_words_deleted AFTER DELETE ON sentences BEGIN
  DELETE FROM sentences_words WHERE rowid = old.key;
END;

-- Documents whose sentences are not yet in sentences_words: SQL cannot fold words, the next start does.
CREATE TABLE search_backlog (
  document_key INTEGER PRIMARY KEY REFERENCES documents ON DELETE CASCADE
) STRICT;
INSERT INTO search_backlog SELECT key FROM documents;

-- The latest change of every document, entity and triple that is or was there; sequence grows with every change.
CREATE TABLE changes (
  sequence INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  id TEXT NOT NULL,
  -- Sequence of the change with which it last came into being.
  appeared INTEGER NOT NULL,
  -- 1: it is not there any more.
  removed INTEGER NOT NULL,
  -- Milliseconds since 1970, UTC.
  at INTEGER NOT NULL,
  UNIQUE (kind, id)
) STRICT;
-- Name of this log: a cursor of another one means nothing in it.
CREATE TABLE change_log (name TEXT NOT NULL) STRICT;
INSERT INTO change_log VALUES (lower(hex(randomblob(8))));

INSERT INTO changes (kind, id, appeared, removed, at)
  SELECT kind, id, 0, 0, unixepoch() * 1000 FROM (
    SELECT 0 AS part, saved AS place, 'document' AS kind, id FROM documents
    UNION ALL SELECT 1, key, 'entity', id FROM entities
    UNION ALL SELECT 2, key, 'triple', id FROM triples
  ) ORDER BY part, place;
UPDATE changes SET appeared = sequence;
