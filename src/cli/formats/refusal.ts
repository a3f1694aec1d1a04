import type { FieldPath } from '../../domain/errors.js';

/** What of an error a refusal says. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly path: FieldPath;
}

/** One line for a document that was refused. @param what file and line, or its id */
export function refusalLine(what: string, { code, message, path }: Refusal): string {
  const field = path.length === 0 ? '' : ` (${path.join('.')})`;
  return `refused ${what}: ${code}${field}: ${message}`;
}
