import { Field, Float, ObjectType } from '../decorators.js';
import type { JsonObject, JsonValue } from '../../jobs/tasks.js';

@ObjectType('TaskFigure', { simpleResolvers: true, description: 'A number that a task found.' })
export class TaskFigureType {
  @Field(() => String, { description: 'What it is, such as `entries` or `countsByLabel.P19`.' })
  name!: string;

  @Field(() => Float, { description: 'How much.' })
  value!: number;
}

/** The leaves of a result, named by the way to them: `counts.matches.P19`. */
export function* leavesOf(value: JsonValue, name = ''): Generator<{ name: string; value: string | number }> {
  if (typeof value === 'number' || typeof value === 'string') yield { name, value };
  else if (typeof value === 'boolean') yield { name, value: String(value) };
  else if (value !== null)
    for (const [key, child] of Object.entries(value))
      yield* leavesOf(child as JsonValue, name === '' ? key : `${name}.${key}`);
}

/** The numbers of a result, named by the way to them. */
export function figuresOf(result: JsonObject): TaskFigureType[] {
  return [...leavesOf(result)].flatMap(({ name, value }) =>
    typeof value === 'number' ? [{ name, value }] : [],
  );
}
