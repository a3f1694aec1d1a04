import { describeNeo4j } from '../servers/neo4j-fixture.js';
import { graphQueriesContract } from './contract-queries.js';
import { withNeo4jStore } from './neo4j-store.js';

describeNeo4j('queries over the Neo4j store', (neo4j) => {
  graphQueriesContract('Neo4j', (body) => withNeo4jStore(neo4j, body));
});
