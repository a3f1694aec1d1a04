import { graphStoreContract } from './contract.js';
import { withSqliteStore } from './temporary.js';

graphStoreContract('SQLite', withSqliteStore);
