import { GraphQLDateTimeISO, Field, ID, Int, ObjectType } from 'type-graphql';
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

  @Field(() => GraphQLDateTimeISO, { description: 'When it was accepted.' })
  createdAt!: Date;

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'When it ended; null while it has not.' })
  finishedAt!: Date | null;

  @Field(() => Int, {
    description: 'Grows with every change: give the last one you saw to `jobProgress` to resume there.',
  })
  sequence!: number;
}
