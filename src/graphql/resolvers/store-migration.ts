import { Ctx, Mutation, Resolver } from '../decorators.js';
import type { ApiContext } from '../context.js';
import { submitTask } from '../submit-task.js';
import { SubmitTaskResult, type TaskResultSource } from '../types/task-result.js';

@Resolver()
export class StoreMigrationResolver {
  @Mutation(() => SubmitTaskResult, {
    description:
      'Copies the whole knowledge base into the empty store that the operator of this server named (NEIGHBORKB_MIGRATE_TO), and compares the two. Answers at once with a job, which goes on where it was after a stop. What changes meanwhile may be missed: the job fails then, and a retry copies what came.',
  })
  migrateStore(@Ctx() { services }: ApiContext): Promise<TaskResultSource> {
    return submitTask(services, 'store-migration', {}, []);
  }
}
