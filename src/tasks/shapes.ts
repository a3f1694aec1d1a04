import { z } from 'zod';
import { NeighborKbError } from '../domain/errors.js';

/** Checks a task's input. @throws NeighborKbError INVALID_ARGUMENT naming the first field that is off */
export function parseInput<Shape extends z.ZodType>(shape: Shape, json: unknown): z.infer<Shape> {
  const parsed = shape.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = (issue?.path ?? []).map((part) => (typeof part === 'symbol' ? String(part) : part));
  throw new NeighborKbError(
    'INVALID_ARGUMENT',
    `${field.join('.') || 'input'}: ${issue?.message ?? 'malformed'}`,
    field,
  );
}

export const share = z.number().min(0).max(1);
/** Name of a memory: a new version of it is made. */
export const memoryName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'must be lower-case letters, digits and hyphens');
/** `name` or `name@1.2.3`. */
export const memoryReference = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,63}(@\d{1,9}\.\d{1,9}\.\d{1,9})?$/, 'must be a name or name@1.2.3');
export const versionNumber = z.string().regex(/^\d{1,9}\.\d{1,9}\.\d{1,9}$/, 'must be such as 1.2.0');
export const fileName = z.string().min(1);
