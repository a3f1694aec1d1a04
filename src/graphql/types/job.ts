import { ArgsType, Field, GraphQLISODateTime, ID, Int, ObjectType } from '../decorators.js';
import type { JobState } from '../../jobs/job-queue.js';
import { JobStateEnum } from './enums.js';
import { NodeType } from './node.js';

@ObjectType('Job', {
  simpleResolvers: true,
  implements: NodeType,
  description: 'Documents that were accepted for ingestion: accepted means stored, also over a restart.',
})
export class JobType implements NodeType {
  @Field(() => ID, { description: 'Ask `job(id)` for news, or follow `jobProgress(id)`.' })
  id!: string;

  @Field(() => JobStateEnum, { description: 'Where it stands.' })
  state!: JobState;

  @Field(() => Int, { description: 'Number of its documents.' })
  total!: number;

  @Field(() => Int, { description: 'Documents that were stored or refused so far.' })
  done!: number;

  @Field(() => GraphQLISODateTime, { description: 'When it was accepted.' })
  createdAt!: Date;

  @Field(() => GraphQLISODateTime, { nullable: true, description: 'When it ended; null while it has not.' })
  finishedAt!: Date | null;

  @Field(() => Int, {
    description: 'Grows with every change: give the last one you saw to `jobProgress` to resume there.',
  })
  sequence!: number;
}

@ArgsType()
export class JobProgressArguments {
  @Field(() => ID, { description: 'Id of the job.' })
  id!: string;

  @Field(() => Int, {
    nullable: true,
    description: '`sequence` of the last state that you saw: what you missed comes first. 0 or more.',
  })
  afterSequence?: number | null;
}
