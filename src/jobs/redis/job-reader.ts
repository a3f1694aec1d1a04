import type { DocumentInput } from '../../domain/model.js';
import type { Page } from '../../store/graph-store.js';
import { checkPageSize, decodeCursor, encodeCursor } from '../../store/page.js';
import {
  FINAL_STATES,
  MAX_JOB_FAILURES,
  type DeadLetter,
  type DeadLetterQuery,
  type Job,
  type JobFailure,
  type JobPriority,
  type JobQuery,
  type JobState,
} from '../job-queue.js';
import type { RedisConnection } from './connection.js';
import type { StoredFailure } from './job-ledger.js';
import type { Keys } from './keys.js';

/** Reads the jobs in Redis. */
export class JobReader {
  constructor(
    private readonly connection: RedisConnection,
    private readonly keys: Keys,
  ) {}

  async job(id: string): Promise<Job | null> {
    const { redis } = this.connection;
    const [hash, failures] = await this.connection.run(() =>
      Promise.all([redis.hgetall(this.keys.job(id)), this.failures(id, 0, MAX_JOB_FAILURES)]),
    );
    return hash['state'] === undefined ? null : jobOf(id, hash, failures.map(withoutPlace));
  }

  /** States with a greater sequence, in order; null if there is no such job. */
  async changesAfter(id: string, sequence: number): Promise<Job[] | null> {
    const { redis } = this.connection;
    const entries = await this.connection.run(() =>
      redis.xrange(this.keys.changes(id), `(${sequence}-0`, '+'),
    );
    // Read after its changes, so that it knows the failures of each of them.
    const last = await this.job(id);
    if (!last) return null;
    return entries.map(([entryId, fields]) => {
      const change = fieldsOf(fields);
      const isLast = Number.parseInt(entryId, 10) === last.sequence;
      return isLast ? last : asOf(last, Number.parseInt(entryId, 10), change);
    });
  }

  /** Newest first; a cursor is the order of a job. */
  async jobs({ filter = {}, ...request }: JobQuery): Promise<Page<Job>> {
    const first = checkPageSize(request.first);
    const after =
      request.after === undefined ? Infinity : Number(decodeCursor(request.after, 'jobs', ['number'])[0]);
    const all = filter.kinds && !filter.kinds.includes('ingest') ? [] : await this.orders();
    const matching = await this.inStates(all, filter.states);
    const found = matching.filter(({ order }) => order < after);
    const jobs = await Promise.all(found.slice(0, first).map(({ id }) => this.job(id)));
    return {
      items: found.slice(0, first).flatMap(({ order }, index) => {
        const node = jobs[index];
        return node ? [{ cursor: encodeCursor('jobs', [order]), node }] : [];
      }),
      hasNextPage: found.length > first,
      totalCount: async () => matching.length,
    };
  }

  /** Oldest job first, then by position. */
  async deadLetters({ filter = {}, ...request }: DeadLetterQuery): Promise<Page<DeadLetter>> {
    const first = checkPageSize(request.first);
    const [afterOrder, afterPosition] =
      request.after === undefined
        ? [-1, -1]
        : (decodeCursor(request.after, 'deadLetters', ['number', 'number']) as [number, number]);
    const items: { cursor: string; node: DeadLetter }[] = [];
    let total = 0;
    for (const { id, order } of (await this.orders()).reverse()) {
      if (filter.jobId !== undefined && filter.jobId !== id) continue;
      for await (const letter of this.lettersOf(id)) {
        if (filter.codes && !filter.codes.includes(letter.code)) continue;
        total++;
        const isAfter = order > afterOrder || (order === afterOrder && letter.position > afterPosition);
        if (isAfter && items.length <= first)
          items.push({ cursor: encodeCursor('deadLetters', [order, letter.position]), node: letter });
      }
    }
    const totalCount = async (): Promise<number> => total;
    return { items: items.slice(0, first), hasNextPage: items.length > first, totalCount };
  }

  async deadLetterDocument(id: string, position: number): Promise<DocumentInput | null> {
    const { redis } = this.connection;
    const [isLetter, text] = await this.connection.run(() =>
      Promise.all([
        redis.hexists(this.keys.failures(id), String(position)),
        redis.hget(this.keys.items(id), String(position)),
      ]),
    );
    return isLetter === 1 && text !== null
      ? (JSON.parse(text.slice(text.indexOf(' ') + 1)) as DocumentInput)
      : null;
  }

  /** Positions of all dead letters of a job, in order. */
  async letterPositions(id: string): Promise<number[]> {
    const positions = await this.connection.run(() =>
      this.connection.redis.zrange(this.keys.letters(id), 0, -1),
    );
    return positions.map(Number);
  }

  private async *lettersOf(id: string): AsyncGenerator<DeadLetter> {
    const pageSize = 500;
    for (let start = 0; ; start += pageSize) {
      const failures = await this.connection.run(() => this.failures(id, start, pageSize));
      for (const { position, failedAt, retryable, ...failure } of failures)
        yield {
          ...failure,
          ...{ id: `${id}/${position}`, jobId: id, position, retryable, failedAt: new Date(failedAt) },
        };
      if (failures.length < pageSize) return;
    }
  }

  private async failures(
    id: string,
    start: number,
    count: number,
  ): Promise<(StoredFailure & { position: number; retryable: boolean })[]> {
    const { redis } = this.connection;
    const positions = await redis.zrange(this.keys.letters(id), start, start + count - 1);
    if (positions.length === 0) return [];
    const pipeline = redis.pipeline().hmget(this.keys.failures(id), ...positions);
    for (const position of positions) pipeline.hexists(this.keys.items(id), position);
    const [stored, ...kept] = (await pipeline.exec()) ?? [];
    const texts = (stored?.[1] ?? []) as (string | null)[];
    return positions.flatMap((position, index) => {
      const text = texts[index];
      if (!text) return [];
      const failure = JSON.parse(text) as StoredFailure;
      return [{ ...failure, position: Number(position), retryable: kept[index]?.[1] === 1 }];
    });
  }

  private async orders(): Promise<{ id: string; order: number }[]> {
    const flat = await this.connection.run(() =>
      this.connection.redis.zrange(this.keys.jobs, 0, -1, 'REV', 'WITHSCORES'),
    );
    return Array.from({ length: flat.length / 2 }, (_, index) => ({
      id: flat[2 * index] ?? '',
      order: Number(flat[2 * index + 1]),
    }));
  }

  private async inStates(
    jobs: { id: string; order: number }[],
    states: readonly JobState[] | undefined,
  ): Promise<{ id: string; order: number }[]> {
    if (!states || jobs.length === 0) return jobs;
    const pipeline = this.connection.redis.pipeline();
    for (const { id } of jobs) pipeline.hget(this.keys.job(id), 'state');
    const answers = (await this.connection.run(() => pipeline.exec())) ?? [];
    return jobs.filter((_, index) => states.includes(answers[index]?.[1] as JobState));
  }
}

type Fields = Readonly<Record<string, string>>;

function jobOf(id: string, fields: Fields, failures: readonly JobFailure[]): Job {
  const number = (name: string): number => Number(fields[name] ?? 0);
  const date = (name: string): Date | null => (fields[name] ? new Date(number(name)) : null);
  const state = fields['state'] as JobState;
  return {
    id,
    kind: 'ingest',
    state,
    priority: fields['priority'] as JobPriority,
    open: fields['open'] === '1',
    total: number('total'),
    done: number('done'),
    failed: number('failed'),
    step: null,
    rate: fields['rate'] ? number('rate') : null,
    failures,
    result: null,
    error: null,
    createdAt: new Date(number('createdAt')),
    startedAt: date('startedAt'),
    finishedAt: FINAL_STATES.has(state) ? date('finishedAt') : null,
    sequence: number('sequence'),
  };
}

/** The job as it stood at a change. Its failures are the first ones of those that it has now. */
function asOf(last: Job, sequence: number, change: Fields): Job {
  const state = change['state'] as JobState;
  const failed = Number(change['failed']);
  return {
    ...last,
    ...{ state, sequence, failed },
    open: change['open'] === '1',
    total: Number(change['total']),
    done: Number(change['done']),
    rate: change['rate'] ? Number(change['rate']) : null,
    failures: last.failures.slice(0, failed),
    startedAt: change['startedAt'] ? new Date(Number(change['startedAt'])) : null,
    // A job that was tried again after its end went on: a follower must not stop there.
    finishedAt: null,
  };
}

function fieldsOf(flat: readonly string[]): Fields {
  const fields: Record<string, string> = {};
  for (let index = 0; index + 1 < flat.length; index += 2) fields[flat[index] ?? ''] = flat[index + 1] ?? '';
  return fields;
}

function withoutPlace({ externalId, code, message, path }: StoredFailure): JobFailure {
  return { externalId, code, message, path };
}
