import { batchContract } from './contract-batches.js';
import { failureContract } from './contract-failures.js';
import { followerContract } from './contract-followers.js';
import { steeringContract } from './contract-steering.js';
import { streamContract } from './contract-streams.js';
import { withQueue, type QueueMaker, type WithJobs } from './workplace.js';

/** What every queue promises. @param make gives queues that share their jobs where they share a folder */
export function jobQueueContract(name: string, make: () => QueueMaker): void {
  const withJobs: WithJobs = (body, options = {}) => withQueue(make(), body, options);
  batchContract(name, withJobs);
  followerContract(name, withJobs);
  streamContract(name, withJobs);
  steeringContract(name, withJobs);
  failureContract(name, withJobs);
}
