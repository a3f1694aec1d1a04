import { describeNeo4j } from '../servers/neo4j-fixture.js';
import { identityContract } from './contract-identity.js';
import { withNeo4jStore } from './neo4j-store.js';

describeNeo4j('identity in the Neo4j store', (neo4j) => {
  identityContract('Neo4j', (body) => withNeo4jStore(neo4j, body), 2);
});
