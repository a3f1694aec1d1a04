import { ArgsType, Field, GraphQLISODateTime, ID, Int, ObjectType } from '../decorators.js';
import type { Change, ChangeKind } from '../../store/graph-queries.js';
import { LIMITS } from '../limits.js';
import { ChangeKindEnum, ChangeTypeEnum } from './enums/graph-queries.js';

@ArgsType()
export class ChangeArguments {
  @Field(() => String, {
    nullable: true,
    description: '`endCursor` of the last answer that you saw; without it from the beginning.',
  })
  since?: string | null;

  @Field(() => Int, { defaultValue: 100, description: `How many to return, 1 to ${LIMITS.pageSize}.` })
  first!: number;

  @Field(() => [ChangeKindEnum], { nullable: true, description: 'Changes of these kinds; all if not given.' })
  kinds?: ChangeKind[] | null;
}

@ObjectType('Change', {
  simpleResolvers: true,
  description: 'The latest change of a document, an entity or a triple.',
})
export class ChangeObjectType {
  @Field(() => ChangeKindEnum, { description: 'What it is that changed.' })
  kind!: ChangeKind;

  @Field(() => ID, { description: 'Its id.' })
  id!: string;

  @Field(() => ChangeTypeEnum, { description: 'What happened to it since the cursor.' })
  change!: Change['change'];

  @Field(() => GraphQLISODateTime, { description: 'When it was stored.' })
  at!: Date;
}

@ObjectType('Changes', {
  simpleResolvers: true,
  description:
    'What changed since a cursor, oldest first, everything once with its latest change. Whoever applies it page by page holds what the store holds.',
})
export class ChangesType {
  @Field(() => [ChangeObjectType], { description: 'The changes.' })
  changes!: unknown;

  @Field(() => String, {
    description: 'Where to go on: `since` of the next call. Valid over restarts, for this store alone.',
  })
  endCursor!: string;

  @Field(() => Boolean, { description: 'Whether more changes follow at once.' })
  hasMore!: boolean;
}
