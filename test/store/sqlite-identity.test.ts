import { identityContract } from './contract-identity.js';
import { withSqliteStore } from './temporary.js';

identityContract('SQLite', withSqliteStore);
