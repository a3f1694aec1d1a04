import type { Logger } from 'pino';
import { NeighborKbError } from '../domain/errors.js';

/**
 * Long work that is no ingestion: building a memory, tuning, evaluating, moving a store. A task is a job like any
 * other: accepted means stored, it goes on after a restart, can be paused and cancelled, and tells how far it is.
 *
 * Who writes a task writes a `TaskHandler` and adds its kind here, its handler where the application is wired
 * (`application.ts`), and the GraphQL type of its result (`graphql/types/job-results.ts`).
 */
export const TASK_KINDS = [
  'memory-build',
  'memory-audit',
  'memory-import',
  'memory-export',
  'memory-derive',
  'memory-index',
  'tune',
  'evaluate',
  'dictionary-import',
  'rescore',
  'store-migration',
] as const;
export type TaskKind = (typeof TASK_KINDS)[number];

/** Kinds of jobs: documents to ingest, or a task. */
export const JOB_KINDS = ['ingest', ...TASK_KINDS] as const;
export type JobKind = (typeof JOB_KINDS)[number];

export type JsonValue =
  string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };
export type JsonObject = Readonly<Record<string, JsonValue>>;

/** How far a task is. */
export interface TaskProgress {
  /** Units of work done, 0..total. */
  readonly done: number;
  /** Units of work in all; 0 while it is not known. It may grow. */
  readonly total: number;
  /** What is being done, for people: "encoding examples". Absent: as before. */
  readonly step?: string;
}

/** What a run of a task is given. */
export interface TaskContext {
  /**
   * Aborted when the job is cancelled or paused, or the process ends: finish writing the checkpoint, then throw
   * (`signal.throwIfAborted()`). Only a cancelled job loses its `workDir`.
   */
  readonly signal: AbortSignal;
  /** Cheap: call it as often as you like, what is stored is thinned out. */
  progress(progress: TaskProgress): void;
  /**
   * An existing folder of this job alone, the same one whenever `run` is called for the job: checkpoints go there.
   * It is removed once the job is completed or cancelled, or is pruned.
   */
  readonly workDir: string;
  readonly log: Logger;
}

/** Does one kind of task. Stateless: all that a run knows is its input and what lies in its `workDir`. */
export interface TaskHandler<Input = unknown, Result extends JsonObject = JsonObject> {
  readonly kind: TaskKind;
  /**
   * Checks what a client gave, before the job is accepted and again before it runs.
   * @param json what was given, or what `JSON.stringify` made of it
   * @throws NeighborKbError naming the field; its path starts inside `json`
   */
  parse(json: unknown): Input;
  /**
   * Does the work, or goes on with it: after a crash, a restart or a pause `run` is called again with the same
   * `workDir`. Must not block the event loop, and must be harmless when repeated after its last step: a kill may
   * come between that step and the note that the job is completed.
   * @returns what the job's `result` is to be, small: figures, names, paths of files written
   * @throws NeighborKbError where the input is at fault: the job fails at once. STORE_UNAVAILABLE, INTERNAL and
   *   errors of other classes are tried again, later and later, a few times
   */
  run(input: Input, context: TaskContext): Promise<Result>;
}

/** A handler of any input: how the queue sees them. */
// The input of `run` is what `parse` of the same handler returned; no type can say so for a list of handlers.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type AnyTaskHandler = TaskHandler<any>;

/** The handlers of an application, by kind. */
export class TaskRegistry {
  private readonly handlers = new Map<TaskKind, AnyTaskHandler>();

  constructor(handlers: readonly AnyTaskHandler[] = []) {
    for (const handler of handlers) {
      if (this.handlers.has(handler.kind)) throw new Error(`two handlers of tasks ${handler.kind}`);
      this.handlers.set(handler.kind, handler);
    }
  }

  get kinds(): readonly TaskKind[] {
    return [...this.handlers.keys()];
  }

  has(kind: string): kind is TaskKind {
    return this.handlers.has(kind as TaskKind);
  }

  /** @throws NeighborKbError INVALID_ARGUMENT at `kind` */
  get(kind: TaskKind): AnyTaskHandler {
    const handler = this.handlers.get(kind);
    if (!handler)
      throw new NeighborKbError('INVALID_ARGUMENT', `this process does no tasks of kind ${kind}`, ['kind']);
    return handler;
  }

  /**
   * Checks an input as it would be read back from the table.
   * @throws NeighborKbError what the handler throws, its path under `input`
   */
  check(kind: TaskKind, input: unknown): JsonValue {
    const stored = JSON.parse(JSON.stringify(input ?? null)) as JsonValue;
    try {
      this.get(kind).parse(stored);
    } catch (error) {
      if (error instanceof NeighborKbError && error.path[0] !== 'kind') throw error.under('input');
      throw error;
    }
    return stored;
  }
}

/**
 * Runs a task here and now, without a queue: what the command line does.
 * @param context `workDir` exists and is the caller's, who removes it once the work is complete
 */
export async function runTaskNow<Input, Result extends JsonObject>(
  handler: TaskHandler<Input, Result>,
  input: unknown,
  context: TaskContext,
): Promise<Result> {
  return handler.run(handler.parse(input), context);
}
