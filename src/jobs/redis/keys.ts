/** All keys hold this in braces, so that a cluster keeps them on one node: scripts touch several at once. */
export const KEY_PREFIX = '{neighborkb}';

/** Names of the keys in Redis; `prefix` keeps several knowledge bases apart. */
export class Keys {
  constructor(readonly prefix: string = KEY_PREFIX) {}

  /** Sorted set of job ids by the order of their coming. */
  get jobs(): string {
    return this.key('jobs');
  }
  /** Sorted set of final jobs by their end, milliseconds since 1970. */
  get ended(): string {
    return this.key('ended');
  }
  /** Set of jobs with documents that BullMQ was not yet told of. */
  get outboxes(): string {
    return this.key('outboxes');
  }
  /** Number of documents that wait or are worked on, over all jobs. */
  get waiting(): string {
    return this.key('waiting');
  }
  /** Counts jobs and documents: who came later. */
  get order(): string {
    return this.key('order');
  }
  /** Channel on which ids of jobs that changed are told. */
  get news(): string {
    return this.key('news');
  }

  /** Hash: the job as it stands. */
  job(id: string): string {
    return this.key('job', id);
  }
  /** Hash by position: documents that are not finished, and those of dead letters. */
  items(id: string): string {
    return this.key('job', id, 'items');
  }
  /** Bitmap by position. */
  finished(id: string): string {
    return this.key('job', id, 'finished');
  }
  /** Hash by position: why documents failed. */
  failures(id: string): string {
    return this.key('job', id, 'failures');
  }
  /** Sorted set of the positions that failed, by position. */
  letters(id: string): string {
    return this.key('job', id, 'letters');
  }
  /** Stream of the job's states; the first part of an entry's id is its sequence. */
  changes(id: string): string {
    return this.key('job', id, 'changes');
  }
  /** Sorted set of positions that BullMQ is to be told of, by the number of the retry. */
  outbox(id: string): string {
    return this.key('job', id, 'outbox');
  }
  /** Set of positions that wait for a paused job to go on. */
  parked(id: string): string {
    return this.key('job', id, 'parked');
  }
  /** Order of the newest revision that is stored under an externalId. */
  stored(externalId: string): string {
    return this.key('stored', Buffer.from(externalId).toString('base64url'));
  }
  /** Held while a worker has a revision of an externalId in hand. */
  inHand(externalId: string): string {
    return this.key('in-hand', Buffer.from(externalId).toString('base64url'));
  }
  /** Marks a call as done: a call that is sent again does nothing. */
  call(token: string): string {
    return this.key('call', token);
  }

  ofJob(id: string): string[] {
    return [
      ...[this.job(id), this.items(id), this.finished(id), this.failures(id), this.letters(id)],
      ...[this.changes(id), this.outbox(id), this.parked(id)],
    ];
  }

  private key(...parts: readonly string[]): string {
    return [this.prefix, ...parts].join(':');
  }
}
