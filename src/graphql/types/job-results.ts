import type { ClassType } from '../decorators.js';
import { createUnionType, Field, Float, ObjectType } from '../decorators.js';
import type { Job } from '../../jobs/job-queue.js';
import type { JobKind, JsonObject, JsonValue } from '../../jobs/tasks.js';

@ObjectType('TaskFigure', { simpleResolvers: true, description: 'A number that a task found.' })
export class TaskFigureType {
  @Field(() => String, { description: 'What it is, such as `entries` or `countsByLabel.P19`.' })
  name!: string;

  @Field(() => Float, { description: 'How much.' })
  value!: number;
}

@ObjectType('TaskText', {
  simpleResolvers: true,
  description: 'A name, or a path of a file, that a task made.',
})
export class TaskTextType {
  @Field(() => String, { description: 'What it is, such as `memory` or `files.0`.' })
  name!: string;

  @Field(() => String, { description: 'The name or path.' })
  value!: string;
}

@ObjectType('TaskOutcome', { simpleResolvers: true, description: 'What a task found and made.' })
export class TaskOutcomeType {
  @Field(() => [TaskFigureType], { description: 'Its numbers.' })
  figures!: TaskFigureType[];

  @Field(() => [TaskTextType], { description: 'Its names and files.' })
  texts!: TaskTextType[];
}

/** Results with a type of their own, by kind; the others are shown as `TaskOutcome`. */
const RESULT_TYPES: Readonly<Partial<Record<JobKind, ClassType>>> = {};

/** A result with the kind of its job, which says what type it has. */
export type JobResultSource = JsonObject & { readonly jobKind: JobKind };

export const JobResult = createUnionType({
  name: 'JobResult',
  description: 'What a completed task gave.',
  types: () => [TaskOutcomeType, ...new Set(Object.values(RESULT_TYPES))] as readonly ClassType[],
  resolveType: (value: object) =>
    RESULT_TYPES[(value as JobResultSource).jobKind] ?? (TaskOutcomeType as ClassType),
});

export function jobResult({ kind, result }: Job): JobResultSource | null {
  if (result === null) return null;
  return RESULT_TYPES[kind] ? { ...result, jobKind: kind } : { ...outcomeOf(result), jobKind: kind };
}

/** The leaves of a result, named by the way to them. */
function outcomeOf(result: JsonObject): { figures: JsonValue; texts: JsonValue } {
  const figures: { name: string; value: number }[] = [];
  const texts: { name: string; value: string }[] = [];
  const visit = (value: JsonValue, name: string): void => {
    if (typeof value === 'number') figures.push({ name, value });
    else if (typeof value === 'string') texts.push({ name, value });
    else if (typeof value === 'boolean') texts.push({ name, value: String(value) });
    else if (value !== null)
      for (const [key, child] of Object.entries(value))
        visit(child as JsonValue, name === '' ? key : `${name}.${key}`);
  };
  visit(result, '');
  return { figures, texts };
}
