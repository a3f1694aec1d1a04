-- Identity: redirects from one entity id to another, made by merges and by dictionaries of known entities.

-- Entities as documents show them, before redirects: with the redirects, all that the graph is derived from.
CREATE TABLE local_entities (
  key INTEGER PRIMARY KEY,
  document_key INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
  -- By type and name (domain/identity.ts).
  id TEXT NOT NULL,
  type TEXT NOT NULL,
  -- Its full name in the document; of a date the ISO form.
  name TEXT NOT NULL,
  date_iso TEXT,
  date_precision TEXT,
  mentions INTEGER NOT NULL,
  -- What it stands for.
  entity_key INTEGER NOT NULL REFERENCES entities,
  UNIQUE (document_key, id)
) STRICT;
CREATE INDEX local_entities_by_id ON local_entities (id);
CREATE INDEX local_entities_by_entity ON local_entities (entity_key);

INSERT INTO local_entities (document_key, id, type, name, date_iso, date_precision, mentions, entity_key)
  SELECT de.document_key, e.id, e.type, de.name, e.date_iso, e.date_precision, de.mentions, e.key
  FROM document_entities de JOIN entities e ON e.key = de.entity_key
  ORDER BY de.document_key, e.key;
DROP TABLE document_entities;

-- Which local entity a mention refers to; NULL for a pronoun that could not be resolved.
ALTER TABLE mentions ADD COLUMN local_key INTEGER;
UPDATE mentions SET local_key = l.key FROM local_entities l
  WHERE l.document_key = mentions.document_key AND l.entity_key = mentions.entity_key;

-- Of `documents`, those in which the name is that of a local entity with the entity's own id, not of a merged one.
ALTER TABLE names ADD COLUMN own INTEGER NOT NULL DEFAULT 0;
UPDATE names SET own = documents;

-- What a re-derivation looks at: the few pairs of a document with a relation.
CREATE INDEX relations_by_document ON predictions (document_key) WHERE label <> 'NIL';

-- Every merge that was ever made.
CREATE TABLE merges (
  key INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  from_id TEXT NOT NULL,
  from_type TEXT NOT NULL,
  from_name TEXT NOT NULL,
  into_id TEXT NOT NULL,
  into_type TEXT NOT NULL,
  into_name TEXT NOT NULL,
  made_by TEXT NOT NULL,
  -- ISO 8601 in UTC.
  made_at TEXT NOT NULL,
  note TEXT,
  undone_by TEXT,
  undone_at TEXT
) STRICT;
CREATE UNIQUE INDEX merges_in_force ON merges (from_id) WHERE undone_at IS NULL;
CREATE INDEX merges_by_from ON merges (from_id);
CREATE INDEX merges_by_into ON merges (into_id);

-- Pairs that a curator keeps apart, a_id before b_id.
CREATE TABLE distinctions (
  key INTEGER PRIMARY KEY,
  a_id TEXT NOT NULL,
  a_type TEXT NOT NULL,
  a_name TEXT NOT NULL,
  b_id TEXT NOT NULL,
  b_type TEXT NOT NULL,
  b_name TEXT NOT NULL,
  made_by TEXT NOT NULL,
  made_at TEXT NOT NULL,
  note TEXT,
  UNIQUE (a_id, b_id)
) STRICT;

CREATE TABLE dictionaries (
  key INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  imported_at TEXT NOT NULL
) STRICT;

CREATE TABLE known_entities (
  key INTEGER PRIMARY KEY,
  dictionary_key INTEGER NOT NULL REFERENCES dictionaries ON DELETE CASCADE,
  -- In the dictionary, from 0.
  position INTEGER NOT NULL,
  entity_id TEXT NOT NULL,
  type TEXT NOT NULL,
  name TEXT NOT NULL,
  UNIQUE (dictionary_key, position)
) STRICT;
CREATE INDEX known_entities_by_id ON known_entities (entity_id);

CREATE TABLE known_external_ids (
  known_key INTEGER NOT NULL REFERENCES known_entities ON DELETE CASCADE,
  position INTEGER NOT NULL,
  -- scheme:value
  external_id TEXT NOT NULL,
  PRIMARY KEY (known_key, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX known_external_ids_by_id ON known_external_ids (external_id);

-- All names of a known entity, the canonical one first; different names may have one id.
CREATE TABLE known_names (
  known_key INTEGER NOT NULL REFERENCES known_entities ON DELETE CASCADE,
  position INTEGER NOT NULL,
  -- The id that an entity with this name has in a document.
  name_id TEXT NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (known_key, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX known_names_by_id ON known_names (name_id, known_key);

-- Derived: where every redirected id ends, chains followed.
CREATE TABLE redirects (
  from_id TEXT PRIMARY KEY,
  to_id TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX redirects_by_target ON redirects (to_id);
