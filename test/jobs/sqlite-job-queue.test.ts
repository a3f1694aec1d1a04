import { jobQueueContract } from './contract.js';
import { embeddedQueue } from './workplace.js';

jobQueueContract('SQLite', () => embeddedQueue);
