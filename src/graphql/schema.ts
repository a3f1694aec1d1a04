import type { GraphQLObjectType, GraphQLSchema } from 'graphql';
import { buildSchemaSync, type PubSub } from './decorators.js';
import { locateErrors } from './located-errors.js';
import { ChangeResolver } from './resolvers/changes.js';
import { DocumentResolver } from './resolvers/document.js';
import { EntityResolver } from './resolvers/entity.js';
import { PathResolver, PatternResolver } from './resolvers/graph-queries.js';
import { DictionaryResolver } from './resolvers/dictionaries.js';
import { IngestResolver } from './resolvers/ingest.js';
import { DeadLetterResolver, JobResolver } from './resolvers/job.js';
import { JobMutationResolver } from './resolvers/job-mutations.js';
import { MemoryEntryResolver, MemoryResolver } from './resolvers/memory.js';
import { MergeResolver, RecordedEntityResolver } from './resolvers/merges.js';
import { MemoryLibraryResolver } from './resolvers/memory-library.js';
import { MemoryTaskResolver } from './resolvers/memory-tasks.js';
import { MentionResolver } from './resolvers/mention.js';
import { NeighbourResolver } from './resolvers/neighbour.js';
import { NodeResolver } from './resolvers/node.js';
import { ProfileResolver } from './resolvers/profile.js';
import { PredicateResolver } from './resolvers/predicate.js';
import { EvidenceResolver, PredictionResolver } from './resolvers/prediction.js';
import {
  ScoredEntityResolver,
  ScoredMentionResolver,
  ScoredPairResolver,
  ScoredSentenceResolver,
  ScoredTextResolver,
} from './resolvers/scored-text.js';
import { EntityHitResolver, SentenceHitResolver } from './resolvers/search.js';
import { SentenceResolver } from './resolvers/sentence.js';
import { ServerResolver } from './resolvers/server.js';
import { StoreMigrationResolver } from './resolvers/store-migration.js';
import { TripleConnectionResolver, TripleResolver } from './resolvers/triple.js';
import { EvidenceType, PlainPredictionType } from './types/prediction.js';

/** type-graphql wants one wherever there are subscriptions; ours bring their own iterables. */
const NO_PUB_SUB: PubSub = {
  publish: () => {
    throw new Error('nothing is published: subscriptions follow the job queue');
  },
  subscribe: () => {
    throw new Error('subscriptions follow the job queue');
  },
};

/** The executable schema. Arguments are checked where they are used, against the limits that they state. */
export function buildApiSchema(): GraphQLSchema {
  const schema = buildSchemaSync({
    resolvers: [
      DocumentResolver,
      SentenceResolver,
      MentionResolver,
      EntityResolver,
      DictionaryResolver,
      MergeResolver,
      RecordedEntityResolver,
      TripleResolver,
      TripleConnectionResolver,
      PathResolver,
      PatternResolver,
      EntityHitResolver,
      SentenceHitResolver,
      ChangeResolver,
      PredictionResolver,
      EvidenceResolver,
      NeighbourResolver,
      MemoryResolver,
      MemoryEntryResolver,
      MemoryLibraryResolver,
      MemoryTaskResolver,
      PredicateResolver,
      ProfileResolver,
      ScoredTextResolver,
      ScoredSentenceResolver,
      ScoredMentionResolver,
      ScoredEntityResolver,
      ScoredPairResolver,
      IngestResolver,
      JobResolver,
      DeadLetterResolver,
      JobMutationResolver,
      ServerResolver,
      StoreMigrationResolver,
      NodeResolver,
    ],
    // Reached through interfaces alone.
    orphanedTypes: [EvidenceType, PlainPredictionType],
    validate: false,
    pubSub: NO_PUB_SUB,
  });
  describe(schema.getQueryType(), 'Everything that can be read.');
  describe(schema.getMutationType(), 'Everything that can be changed.');
  describe(schema.getSubscriptionType(), 'Everything that can be followed, over a WebSocket.');
  return locateErrors(schema);
}

/** type-graphql makes the root types itself and takes no descriptions for them. */
function describe(type: GraphQLObjectType | null | undefined, description: string): void {
  if (type) type.description = description;
}
