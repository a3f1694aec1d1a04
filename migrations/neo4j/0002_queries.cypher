// Search by words, and the log of changes. The words are folded by the writer, so that both stores match alike:
// names by their normalised form, sentences by `words`.

CREATE FULLTEXT INDEX name_terms IF NOT EXISTS FOR (n:Name) ON EACH [n.normalised]
  OPTIONS {indexConfig: {`fulltext.analyzer`: 'whitespace'}};
CREATE FULLTEXT INDEX sentence_terms IF NOT EXISTS FOR (s:Sentence) ON EACH [s.words]
  OPTIONS {indexConfig: {`fulltext.analyzer`: 'whitespace'}};

// The latest change of every document, entity and triple that is or was there.
CREATE CONSTRAINT change_id IF NOT EXISTS FOR (c:Change) REQUIRE c.id IS UNIQUE;
CREATE INDEX change_sequence IF NOT EXISTS FOR (c:Change) ON (c.sequence);
