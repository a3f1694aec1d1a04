// A prediction keeps all its voters in lists on its own node: ids of memory entries (voters), and their ranks,
// distances and weights, in one order. VOTED_FOR stays for the five that weigh most.

// Which entries still vote: asked when a document goes, with an entry's id as one term.
CREATE FULLTEXT INDEX prediction_voters IF NOT EXISTS FOR (p:Prediction) ON EACH [p.voters]
OPTIONS {indexConfig: {`fulltext.analyzer`: 'keyword'}};

MATCH (p:Prediction)
WHERE p.voters IS NULL AND EXISTS { (p)<-[:VOTED_FOR]-() }
CALL (p) {
  MATCH (p)<-[v:VOTED_FOR]-(m:MemoryEntry)
  WITH p, v, m ORDER BY coalesce(v.position, v.rank - 1)
  WITH p, collect(m.id) AS ids, collect(v.rank) AS ranks, collect(v.distance) AS distances, collect(v.weight) AS weights
  SET p.voters = ids, p.voterRanks = ranks, p.voterDistances = distances, p.voterWeights = weights
} IN TRANSACTIONS OF 500 ROWS;

MATCH (p:Prediction)
WHERE p.voters IS NOT NULL
CALL (p) {
  MATCH (p)<-[v:VOTED_FOR]-()
  WITH v ORDER BY v.weight DESC, coalesce(v.position, v.rank - 1) SKIP 5
  DELETE v
} IN TRANSACTIONS OF 500 ROWS;

MATCH ()-[v:VOTED_FOR]->()
WHERE v.position IS NOT NULL
CALL (v) { REMOVE v.position } IN TRANSACTIONS OF 5000 ROWS;
