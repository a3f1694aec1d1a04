import type { DocumentInput } from '../domain/model.js';
import type { Page } from '../store/graph-store.js';
import { checkPageSize, decodeCursor, encodeCursor } from '../store/page.js';
import type {
  DeadLetter,
  DeadLetterQuery,
  Job,
  JobQuery,
  JobQueue,
  SubmitOptions,
  TaskQueue,
} from './job-queue.js';
import type { TaskKind } from './tasks.js';

/**
 * Documents in one queue, tasks in another, seen as one: with Redis documents go to any machine, while a task writes
 * files and stays on the machine that took it.
 */
export class JobBoard implements JobQueue, TaskQueue {
  constructor(
    private readonly documents: JobQueue,
    private readonly tasks: JobQueue & TaskQueue,
  ) {}

  async start(): Promise<void> {
    await this.documents.start();
    try {
      await this.tasks.start();
    } catch (error) {
      await this.documents.stop();
      throw error;
    }
  }

  async stop(): Promise<void> {
    await Promise.all([this.documents.stop(), this.tasks.stop()]);
  }

  submit(documents: readonly DocumentInput[], options?: SubmitOptions): Promise<Job> {
    return this.documents.submit(documents, options);
  }

  submitTask(kind: TaskKind, input: unknown, options?: Pick<SubmitOptions, 'priority'>): Promise<Job> {
    return this.tasks.submitTask(kind, input, options);
  }

  async append(id: string, documents: readonly DocumentInput[]): Promise<Job> {
    return (await this.queueOf(id)).append(id, documents);
  }

  async seal(id: string): Promise<Job> {
    return (await this.queueOf(id)).seal(id);
  }

  async pause(id: string): Promise<Job> {
    return (await this.queueOf(id)).pause(id);
  }

  async resume(id: string): Promise<Job> {
    return (await this.queueOf(id)).resume(id);
  }

  async cancel(id: string): Promise<Job> {
    return (await this.queueOf(id)).cancel(id);
  }

  async retry(id: string, positions?: readonly number[]): Promise<Job> {
    return (await this.queueOf(id)).retry(id, positions);
  }

  async job(id: string): Promise<Job | null> {
    return (await this.tasks.job(id)) ?? this.documents.job(id);
  }

  async jobs(query: JobQuery): Promise<Page<Job>> {
    const first = checkPageSize(query.first);
    const [documents, tasks] = positionsOf(query.after);
    const [left, right] = await Promise.all([
      this.documents.jobs(startingAt(query, documents)),
      this.tasks.jobs(startingAt(query, tasks)),
    ]);
    return merged(left, right, [documents, tasks], first);
  }

  deadLetters(query: DeadLetterQuery): Promise<Page<DeadLetter>> {
    return this.documents.deadLetters(query);
  }

  deadLetterDocument(jobId: string, position: number): Promise<DocumentInput | null> {
    return this.documents.deadLetterDocument(jobId, position);
  }

  follow(id: string, afterSequence?: number): AsyncIterableIterator<Job> {
    return new LateFollower(this.queueOf(id).then((queue) => queue.follow(id, afterSequence)));
  }

  async finished(id: string): Promise<Job> {
    return (await this.queueOf(id)).finished(id);
  }

  /** Ids say nothing of the queue: the one beside us is asked first. */
  private async queueOf(id: string): Promise<JobQueue> {
    return (await this.tasks.job(id)) ? this.tasks : this.documents;
  }
}

/** A follower that is not known yet. A generator would not end while it waits, see `JobFollower`. */
class LateFollower implements AsyncIterableIterator<Job> {
  constructor(private readonly source: Promise<AsyncIterableIterator<Job>>) {
    // Whoever asks for the first state hears of it.
    source.catch(() => undefined);
  }

  async next(): Promise<IteratorResult<Job, undefined>> {
    return (await this.source).next();
  }

  async return(): Promise<IteratorResult<Job, undefined>> {
    await (await this.source).return?.();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

/** How far each queue was read: a cursor of it; empty: not yet. */
type Positions = readonly [documents: string, tasks: string];

function startingAt({ first, filter }: JobQuery, after: string): JobQuery {
  return { first, ...(filter && { filter }), ...(after !== '' && { after }) };
}

function merged(left: Page<Job>, right: Page<Job>, start: Positions, first: number): Page<Job> {
  const items: { cursor: string; node: Job }[] = [];
  const rest: [Page<Job>['items'][number][], Page<Job>['items'][number][]] = [
    [...left.items],
    [...right.items],
  ];
  const positions: [string, string] = [...start];
  while (items.length < first) {
    const side = newest(rest[0][0]?.node, rest[1][0]?.node);
    const item = side === null ? undefined : rest[side].shift();
    if (side === null || !item) break;
    positions[side] = item.cursor;
    items.push({ cursor: encodeCursor(ORDER, positions), node: item.node });
  }
  const isLeft = rest[0].length + rest[1].length > 0;
  return {
    items,
    hasNextPage: isLeft || left.hasNextPage || right.hasNextPage,
    totalCount: async () => {
      const counts = await Promise.all([left.totalCount(), right.totalCount()]);
      return counts[0] + counts[1];
    },
  };
}

function newest(left: Job | undefined, right: Job | undefined): 0 | 1 | null {
  if (!left) return right ? 1 : null;
  return right && right.createdAt > left.createdAt ? 1 : 0;
}

const ORDER = 'board';

function positionsOf(cursor: string | undefined): Positions {
  return cursor === undefined ? ['', ''] : (decodeCursor(cursor, ORDER, ['string', 'string']) as Positions);
}
