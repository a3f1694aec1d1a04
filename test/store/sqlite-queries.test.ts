import { graphQueriesContract } from './contract-queries.js';
import { withSqliteStore } from './temporary.js';

graphQueriesContract('SQLite', withSqliteStore);
