import { describeNeo4j } from '../servers/neo4j-fixture.js';
import { graphStoreContract } from './contract.js';
import { withNeo4jStore } from './neo4j-store.js';

describeNeo4j('the Neo4j store', (neo4j) => {
  graphStoreContract('Neo4j', (body) => withNeo4jStore(neo4j, body), 5);
});
