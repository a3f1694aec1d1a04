-- The order of entities by mentions runs in one direction, so that a page among the many of one mention needs no sorting:
-- not here, and not in Neo4j, whose indexes have both of their directions only as a whole.
DROP INDEX entities_by_mentions;
CREATE INDEX entities_by_mentions ON entities (mentions DESC, id DESC);
