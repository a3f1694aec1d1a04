import path from 'node:path';
import { DEFAULT_DOCUMENT_LIMITS } from '../../src/extraction/document-input.js';
import { RedisJobQueue } from '../../src/jobs/redis/redis-job-queue.js';
import { describeRedis } from '../servers/redis-server.js';
import { jobQueueContract } from './contract.js';

describeRedis('the queue in Redis', (server) => {
  // Every folder has keys of its own.
  jobQueueContract(
    'Redis',
    () => (folder, options) =>
      new RedisJobQueue({
        url: server().url,
        prefix: `{${path.basename(folder)}}`,
        limits: DEFAULT_DOCUMENT_LIMITS,
        ...options,
      }),
  );
});
