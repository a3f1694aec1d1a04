-- The graph. Every table has an integer key for joins; ids are the domain's content hashes, for clients.
-- Offsets count UTF-16 units of the document's text, end exclusive.

CREATE TABLE documents (
  key INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  external_id TEXT NOT NULL UNIQUE,
  revision TEXT NOT NULL,
  -- Scoring profile of its predictions, '' where it has none.
  profile TEXT NOT NULL,
  -- Grows with every save: the order of "newest".
  saved INTEGER NOT NULL UNIQUE,
  title TEXT,
  source TEXT,
  -- The client's own, JSON.
  metadata TEXT,
  text TEXT NOT NULL
) STRICT;
CREATE INDEX documents_by_source ON documents (source) WHERE source IS NOT NULL;

CREATE TABLE sentences (
  key INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  document_key INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
  position INTEGER NOT NULL,
  start_offset INTEGER NOT NULL,
  end_offset INTEGER NOT NULL,
  UNIQUE (document_key, position)
) STRICT;

CREATE TABLE entities (
  key INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  type TEXT NOT NULL,
  name TEXT NOT NULL,
  -- normaliseName(name): what lists are ordered by.
  normalised TEXT NOT NULL,
  date_iso TEXT,
  date_precision TEXT,
  -- Mentions over all documents, pronouns included; an entity without any is removed.
  mentions INTEGER NOT NULL
) STRICT;
CREATE INDEX entities_by_name ON entities (normalised, id);
CREATE INDEX entities_by_mentions ON entities (mentions DESC, id);

-- Which documents speak of an entity, and by which name it goes in each.
CREATE TABLE document_entities (
  document_key INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
  entity_key INTEGER NOT NULL REFERENCES entities,
  name TEXT NOT NULL,
  mentions INTEGER NOT NULL,
  PRIMARY KEY (document_key, entity_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX document_entities_by_entity ON document_entities (entity_key);

-- Every string that an entity goes by, over all documents; a row with both counts at zero is removed.
CREATE TABLE names (
  key INTEGER PRIMARY KEY,
  entity_key INTEGER NOT NULL REFERENCES entities ON DELETE CASCADE,
  name TEXT NOT NULL,
  normalised TEXT NOT NULL,
  -- Documents in which this is the entity's full name.
  documents INTEGER NOT NULL,
  -- Mentions with this surface, pronouns excluded.
  mentions INTEGER NOT NULL,
  UNIQUE (entity_key, name)
) STRICT;

CREATE VIRTUAL TABLE names_search USING fts5 (
  normalised, content = 'names', content_rowid = 'key', tokenize = 'trigram'
);
CREATE TRIGGER names_inserted AFTER INSERT ON names BEGIN
  INSERT INTO names_search (rowid, normalised) VALUES (new.key, new.normalised);
END;
CREATE TRIGGER names_deleted AFTER DELETE ON names BEGIN
  INSERT INTO names_search (names_search, rowid, normalised) VALUES ('delete', old.key, old.normalised);
END;

CREATE TABLE mentions (
  key INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  document_key INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
  -- A sentence of the same document; both go together, so no reference that would need an index is declared.
  sentence_key INTEGER NOT NULL,
  start_offset INTEGER NOT NULL,
  end_offset INTEGER NOT NULL,
  text TEXT NOT NULL,
  type TEXT NOT NULL,
  score REAL NOT NULL,
  origin TEXT NOT NULL,
  entity_key INTEGER REFERENCES entities
) STRICT;
CREATE INDEX mentions_by_document ON mentions (document_key, start_offset, end_offset);
CREATE INDEX mentions_by_entity ON mentions (entity_key, document_key, start_offset) WHERE entity_key IS NOT NULL;

CREATE TABLE triples (
  key INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  subject_key INTEGER NOT NULL REFERENCES entities,
  predicate TEXT NOT NULL,
  object_key INTEGER NOT NULL REFERENCES entities,
  -- Types of the two entities, which never change: filters and counts need no join.
  subject_type TEXT NOT NULL,
  object_type TEXT NOT NULL,
  confidence REAL NOT NULL,
  evidence_count INTEGER NOT NULL,
  status TEXT NOT NULL DEFAULT 'unreviewed',
  UNIQUE (subject_key, predicate, object_key)
) STRICT;
CREATE INDEX triples_by_object ON triples (object_key);
CREATE INDEX triples_by_confidence ON triples (confidence, id);
CREATE INDEX triples_by_evidence ON triples (evidence_count, id);
CREATE INDEX triples_by_predicate ON triples (predicate, confidence DESC, id);

CREATE TABLE predictions (
  key INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  document_key INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
  -- Of the same document, as in mentions.
  sentence_key INTEGER NOT NULL,
  subject_key INTEGER NOT NULL,
  object_key INTEGER NOT NULL,
  label TEXT NOT NULL,
  p REAL NOT NULL,
  p_re REAL NOT NULL,
  p_knn REAL NOT NULL,
  confidence REAL,
  profile TEXT NOT NULL,
  model TEXT NOT NULL,
  -- The triple that it is evidence for; NULL: no evidence.
  triple_key INTEGER REFERENCES triples
) STRICT;
CREATE INDEX predictions_by_document ON predictions (document_key);
CREATE INDEX evidence_by_triple ON predictions (triple_key, sentence_key, confidence) WHERE triple_key IS NOT NULL;
CREATE INDEX evidence_by_confidence ON predictions (confidence DESC, id) WHERE triple_key IS NOT NULL;

-- Apart from predictions, so that a scan of those does not read kilobytes a row.
CREATE TABLE vectors (
  prediction_key INTEGER PRIMARY KEY REFERENCES predictions ON DELETE CASCADE,
  -- float16, little-endian.
  representation BLOB NOT NULL,
  -- float32, little-endian.
  classifier BLOB NOT NULL
) STRICT;

-- Memory entries that voted on some evidence: kept once, with what a reader needs.
CREATE TABLE voters (
  key INTEGER PRIMARY KEY,
  memory TEXT NOT NULL,
  memory_version TEXT NOT NULL,
  entry TEXT NOT NULL,
  label TEXT NOT NULL,
  text TEXT NOT NULL,
  subject_start INTEGER NOT NULL,
  subject_end INTEGER NOT NULL,
  object_start INTEGER NOT NULL,
  object_end INTEGER NOT NULL,
  UNIQUE (memory, memory_version, entry)
) STRICT;

CREATE TABLE neighbours (
  prediction_key INTEGER NOT NULL REFERENCES predictions ON DELETE CASCADE,
  -- Order over all memories, from 0; rank counts within one memory, from 1.
  position INTEGER NOT NULL,
  voter_key INTEGER NOT NULL REFERENCES voters,
  rank INTEGER NOT NULL,
  squared_distance REAL NOT NULL,
  weight REAL NOT NULL,
  PRIMARY KEY (prediction_key, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX neighbours_by_voter ON neighbours (voter_key);
