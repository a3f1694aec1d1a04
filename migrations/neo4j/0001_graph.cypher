// The graph. Statements end with a semicolon at the end of a line; each runs in a transaction of its own, so each
// must be safe to run again. Ids are the domain's content hashes. Offsets count UTF-16 units of the document's
// text, end exclusive. docs/neo4j.md draws the model.

CREATE CONSTRAINT document_id IF NOT EXISTS FOR (d:Document) REQUIRE d.id IS UNIQUE;
CREATE CONSTRAINT document_external_id IF NOT EXISTS FOR (d:Document) REQUIRE d.externalId IS UNIQUE;
CREATE CONSTRAINT sentence_id IF NOT EXISTS FOR (s:Sentence) REQUIRE s.id IS UNIQUE;
CREATE CONSTRAINT mention_id IF NOT EXISTS FOR (m:Mention) REQUIRE m.id IS UNIQUE;
CREATE CONSTRAINT prediction_id IF NOT EXISTS FOR (p:Prediction) REQUIRE p.id IS UNIQUE;
CREATE CONSTRAINT memory_entry_id IF NOT EXISTS FOR (m:MemoryEntry) REQUIRE m.id IS UNIQUE;
CREATE CONSTRAINT entity_id IF NOT EXISTS FOR (e:Entity) REQUIRE e.id IS UNIQUE;
CREATE CONSTRAINT name_id IF NOT EXISTS FOR (n:Name) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT triple_id IF NOT EXISTS FOR (t:Triple) REQUIRE t.id IS UNIQUE;
CREATE CONSTRAINT sequence_name IF NOT EXISTS FOR (s:Sequence) REQUIRE s.name IS UNIQUE;

// The order of saving, and what lists are filtered and ordered by.
CREATE INDEX document_saved IF NOT EXISTS FOR (d:Document) ON (d.saved);
CREATE INDEX document_source IF NOT EXISTS FOR (d:Document) ON (d.source);
CREATE INDEX entity_normalised IF NOT EXISTS FOR (e:Entity) ON (e.normalised, e.id);
CREATE INDEX entity_mentions IF NOT EXISTS FOR (e:Entity) ON (e.mentions, e.id);
CREATE INDEX triple_confidence IF NOT EXISTS FOR (t:Triple) ON (t.confidence, t.id);
CREATE INDEX triple_evidence IF NOT EXISTS FOR (t:Triple) ON (t.evidence, t.id);
CREATE INDEX triple_predicate IF NOT EXISTS FOR (t:Triple) ON (t.predicate, t.confidence, t.id);
CREATE INDEX triple_subject IF NOT EXISTS FOR (t:Triple) ON (t.subjectId);
CREATE INDEX triple_object IF NOT EXISTS FOR (t:Triple) ON (t.objectId);
CREATE INDEX evidence_confidence IF NOT EXISTS FOR (p:Evidence) ON (p.confidence, p.id);

// Substrings of names (trigrams).
CREATE TEXT INDEX name_normalised IF NOT EXISTS FOR (n:Name) ON (n.normalised);
