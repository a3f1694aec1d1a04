// Identity: redirects from one entity id to another, made by merges and by dictionaries of known entities.

// Every merge that was ever made; undoneAt is set on those that were taken back.
CREATE CONSTRAINT merge_id IF NOT EXISTS FOR (m:Merge) REQUIRE m.id IS UNIQUE;
CREATE INDEX merge_from IF NOT EXISTS FOR (m:Merge) ON (m.fromId);
CREATE INDEX merge_into IF NOT EXISTS FOR (m:Merge) ON (m.intoId);
CREATE INDEX merge_at IF NOT EXISTS FOR (m:Merge) ON (m.at, m.id);

// Pairs that a curator keeps apart; the id is made of both.
CREATE CONSTRAINT distinction_id IF NOT EXISTS FOR (d:Distinction) REQUIRE d.id IS UNIQUE;

// (:Dictionary)-[:HAS_ENTRY]->(:KnownEntity)-[:CALLED {position, name}]->(:KnownName); a KnownName's id is that of an
// entity with this name in a document.
CREATE CONSTRAINT dictionary_name IF NOT EXISTS FOR (d:Dictionary) REQUIRE d.name IS UNIQUE;
CREATE CONSTRAINT known_entity_key IF NOT EXISTS FOR (k:KnownEntity) REQUIRE k.key IS UNIQUE;
CREATE INDEX known_entity_id IF NOT EXISTS FOR (k:KnownEntity) ON (k.entityId);
CREATE CONSTRAINT known_name_id IF NOT EXISTS FOR (n:KnownName) REQUIRE n.id IS UNIQUE;

// Derived: where every redirected id ends, chains followed.
CREATE CONSTRAINT redirect_from IF NOT EXISTS FOR (r:Redirect) REQUIRE r.fromId IS UNIQUE;
CREATE INDEX redirect_to IF NOT EXISTS FOR (r:Redirect) ON (r.toId);

// Of a name's documents those in which it is the name of the entity itself, not of one that was merged into it.
MATCH (n:Name) WHERE n.own IS NULL SET n.own = n.documents;
