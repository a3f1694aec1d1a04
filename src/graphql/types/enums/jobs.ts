import type { JobPriority, JobState } from '../../../jobs/job-queue.js';
import type { JobKind } from '../../../jobs/tasks.js';
import { describedEnum } from './described-enum.js';

export const JobStateEnum = describedEnum<JobState>('JobState', 'Where a job stands.', {
  queued: 'Accepted and stored; not begun.',
  running: 'Work is being done, or waits for its next try.',
  paused: 'Nothing of it is begun until it is resumed.',
  completed: 'The job is done. Documents that failed are among the dead letters; at least one was stored.',
  failed: 'The job is done, and every document failed; of a task, its error says why.',
  cancelled: 'What waited was dropped; what was stored stays.',
});

export const JobPriorityEnum = describedEnum<JobPriority>(
  'JobPriority',
  'Which waiting work goes first; work in hand is not broken off.',
  {
    low: 'After everything else.',
    normal: 'In the order of coming.',
    high: 'Before everything else.',
  },
);

export const JobKindEnum = describedEnum<JobKind>('JobKind', 'What a job does.', {
  ingest: 'Extracts documents and stores what they say.',
  'memory-build': 'Builds a version of a memory.',
  'memory-audit': 'Looks for doubtful entries of a memory.',
  'memory-import': 'Makes a version of a memory from JSON lines.',
  'memory-export': 'Writes the entries of a memory as JSON lines.',
  'memory-derive': 'Makes a version of a memory out of others.',
  'memory-index': 'Builds the search index of a memory, or takes it away.',
  tune: 'Looks for the settings of a scoring profile that do best on a data set.',
  evaluate: 'Measures profiles on a data set.',
  'dictionary-import': 'Imports a dictionary of known entities.',
  rescore: 'Scores stored predictions again, without the encoder.',
  'store-migration': 'Moves the knowledge base to another store.',
});
