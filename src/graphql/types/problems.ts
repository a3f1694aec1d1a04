import { Field, InterfaceType, ObjectType, type ClassType } from '../decorators.js';
import type { ErrorCode, NeighborKbError } from '../../domain/errors.js';
import { ErrorCodeEnum } from './enums/errors.js';

/** What a mutation or a job says of input that it cannot take. */
export interface ProblemSource {
  readonly kind:
    | 'InvalidDocument'
    | 'QueueFull'
    | 'DocumentNotFound'
    | 'NotFound'
    | 'Conflict'
    | 'InvalidInput'
    | 'JobError';
  /** The document in question; absent for a problem of the call as a whole. */
  readonly externalId?: string;
  readonly code: ErrorCode;
  readonly message: string;
  readonly path: readonly string[];
}

export function problem(
  kind: ProblemSource['kind'],
  { code, message, path }: Pick<NeighborKbError, 'code' | 'message' | 'path'>,
  externalId?: string,
): ProblemSource {
  return { kind, code, message, path: path.map(String), ...(externalId !== undefined && { externalId }) };
}

export function isProblem(value: object): value is ProblemSource {
  return 'code' in value && 'path' in value;
}

/** Resolves a union of a success and problems: a problem's kind is the name of its type. */
export function successOr(success: ClassType): (value: object) => ClassType | string {
  return (value) => (isProblem(value) ? value.kind : success);
}

@InterfaceType('Problem', {
  description: 'An outcome that a client can act on.',
  resolveType: ({ kind }: ProblemSource) => kind,
})
export abstract class ProblemType {
  @Field(() => ErrorCodeEnum, { description: 'What is wrong, for programs.' })
  code!: ErrorCode;

  @Field(() => String, { description: 'What is wrong and what was expected, for people.' })
  message!: string;

  @Field(() => [String], {
    description:
      'Where in the arguments: names of fields and positions in lists, such as ["documents", "3", "text"].',
  })
  path!: string[];
}

@ObjectType('InvalidDocument', {
  simpleResolvers: true,
  implements: ProblemType,
  description: 'A document that was refused; nothing of it was stored.',
})
export class InvalidDocumentType {
  @Field(() => String, {
    nullable: true,
    description: 'Its externalId; null if the call as a whole is at fault.',
  })
  externalId!: string | null;
}

@ObjectType('QueueFull', {
  simpleResolvers: true,
  implements: ProblemType,
  description: 'Too many documents wait already; nothing was accepted. Try again later.',
})
export class QueueFullType {}

@ObjectType('DocumentNotFound', {
  simpleResolvers: true,
  implements: ProblemType,
  description: 'No document has this externalId; nothing was changed.',
})
export class DocumentNotFoundType {
  @Field(() => String, { description: 'The externalId that was asked for.' })
  externalId!: string;
}

@ObjectType('NotFound', {
  simpleResolvers: true,
  implements: ProblemType,
  description: 'There is nothing with this id or name; nothing was changed.',
})
export class NotFoundType {}

@ObjectType('Conflict', {
  simpleResolvers: true,
  implements: ProblemType,
  description: 'What is there does not allow it, or has changed since it was read; nothing was changed.',
})
export class ConflictType {}

@ObjectType('InvalidInput', {
  simpleResolvers: true,
  implements: ProblemType,
  description: 'An argument is outside what its description states; nothing was changed.',
})
export class InvalidInputType {}
