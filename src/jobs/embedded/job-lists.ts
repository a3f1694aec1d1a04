import type { ErrorCode, FieldPath } from '../../domain/errors.js';
import type { DocumentInput } from '../../domain/model.js';
import type { Page } from '../../store/graph-store.js';
import { checkPageSize, decodeCursor, encodeCursor, pageOf } from '../../store/page.js';
import type { Connection, SqlValue } from '../../store/sqlite/connection.js';
import type { DeadLetter, DeadLetterQuery, Job, JobQuery } from '../job-queue.js';
import { JOB_COLUMNS, jobsOf, type JobRow } from './job-rows.js';

/** Newest first; a cursor is the key of a row. */
export function listJobs(connection: Connection, { filter = {}, ...request }: JobQuery): Page<Job> {
  const first = checkPageSize(request.first);
  const conditions = [
    ...(filter.kinds ? [oneOf('kind', filter.kinds)] : []),
    ...(filter.states ? [oneOf('state', filter.states)] : []),
  ];
  const after: Condition[] =
    request.after === undefined
      ? []
      : [{ sql: 'key < ?', params: decodeCursor(request.after, 'jobs', ['number']) }];
  const rows = select<JobRow>(connection, `SELECT ${JOB_COLUMNS} FROM jobs`, [...conditions, ...after], {
    order: 'key DESC',
    limit: first + 1,
  });
  const jobs = new Map(jobsOf(connection, rows.slice(0, first)).map((job) => [job.id, job]));
  const totalCount = async (): Promise<number> => count(connection, 'jobs', conditions);
  return pageOf(rows, request, totalCount, ({ key }) => encodeCursor('jobs', [key]), jobById(jobs));
}

/** Oldest job first, then by position. */
export function listDeadLetters(
  connection: Connection,
  { filter = {}, ...request }: DeadLetterQuery,
): Page<DeadLetter> {
  const first = checkPageSize(request.first);
  const conditions = [
    ...(filter.jobId === undefined ? [] : [{ sql: 'j.id = ?', params: [filter.jobId] }]),
    ...(filter.codes ? [oneOf('f.code', filter.codes)] : []),
  ];
  const after: Condition[] =
    request.after === undefined
      ? []
      : [
          {
            sql: '(f.job_key, f.position) > (?, ?)',
            params: decodeCursor(request.after, 'deadLetters', ['number', 'number']),
          },
        ];
  const rows = select<LetterRow>(
    connection,
    `SELECT f.job_key, j.id AS job_id, f.position, f.external_id, f.code, f.message, f.path, f.failed_at,
       EXISTS (SELECT 1 FROM job_items i WHERE i.job_key = f.job_key AND i.position = f.position
               AND i.payload IS NOT NULL) AS retryable
     FROM job_failures f JOIN jobs j ON j.key = f.job_key`,
    [...conditions, ...after],
    { order: 'f.job_key, f.position', limit: first + 1 },
  );
  const totalCount = async (): Promise<number> =>
    count(connection, 'job_failures f JOIN jobs j ON j.key = f.job_key', conditions);
  const cursorOf = ({ job_key: jobKey, position }: LetterRow) =>
    encodeCursor('deadLetters', [jobKey, position]);
  return pageOf(rows, request, totalCount, cursorOf, letterOf);
}

export function documentOfLetter(
  connection: Connection,
  jobId: string,
  position: number,
): DocumentInput | null {
  const row = connection.first<{ payload: string | null }>(
    `SELECT i.payload FROM job_items i JOIN jobs j ON j.key = i.job_key
     WHERE j.id = ? AND i.position = ? AND i.state = 'failed'`,
    [jobId, position],
  );
  return row?.payload ? (JSON.parse(row.payload) as DocumentInput) : null;
}

interface Condition {
  readonly sql: string;
  readonly params: readonly SqlValue[];
}

interface LetterRow {
  readonly job_key: number;
  readonly job_id: string;
  readonly position: number;
  readonly external_id: string;
  readonly code: ErrorCode;
  readonly message: string;
  readonly path: string;
  readonly failed_at: number;
  readonly retryable: number;
}

function oneOf(column: string, values: readonly string[]): Condition {
  return { sql: `${column} IN (SELECT value FROM json_each(?))`, params: [JSON.stringify(values)] };
}

function select<Row>(
  connection: Connection,
  sql: string,
  conditions: readonly Condition[],
  { order, limit }: { readonly order: string; readonly limit: number },
): Row[] {
  return connection.all<Row>(`${sql} ${where(conditions)} ORDER BY ${order} LIMIT ?`, [
    ...conditions.flatMap(({ params }) => params),
    limit,
  ]);
}

function count(connection: Connection, tables: string, conditions: readonly Condition[]): number {
  const row = connection.first<{ count: number }>(
    `SELECT count(*) AS count FROM ${tables} ${where(conditions)}`,
    conditions.flatMap(({ params }) => params),
  );
  return row?.count ?? 0;
}

function where(conditions: readonly Condition[]): string {
  return conditions.length === 0 ? '' : `WHERE ${conditions.map(({ sql }) => sql).join(' AND ')}`;
}

function jobById(jobs: ReadonlyMap<string, Job>): (row: JobRow) => Job {
  return ({ id }) => {
    const job = jobs.get(id);
    if (!job) throw new Error(`job ${id} was not read`);
    return job;
  };
}

function letterOf(row: LetterRow): DeadLetter {
  return {
    id: `${row.job_id}/${row.position}`,
    jobId: row.job_id,
    position: row.position,
    externalId: row.external_id,
    code: row.code,
    message: row.message,
    path: JSON.parse(row.path) as FieldPath,
    retryable: row.retryable !== 0,
    failedAt: new Date(row.failed_at),
  };
}
