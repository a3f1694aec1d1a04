import type { GraphQLObjectType, GraphQLSchema } from 'graphql';
import { buildSchemaSync, type PubSub } from './decorators.js';
import { locateErrors } from './located-errors.js';
import { DocumentResolver } from './resolvers/document.js';
import { EntityResolver } from './resolvers/entity.js';
import { IngestResolver } from './resolvers/ingest.js';
import { JobResolver } from './resolvers/job.js';
import { MemoryEntryResolver, MemoryResolver } from './resolvers/memory.js';
import { MentionResolver } from './resolvers/mention.js';
import { NeighbourResolver } from './resolvers/neighbour.js';
import { NodeResolver } from './resolvers/node.js';
import { PredicateResolver } from './resolvers/predicate.js';
import { EvidenceResolver, PredictionResolver } from './resolvers/prediction.js';
import {
  ScoredEntityResolver,
  ScoredMentionResolver,
  ScoredPairResolver,
  ScoredSentenceResolver,
  ScoredTextResolver,
} from './resolvers/scored-text.js';
import { SentenceResolver } from './resolvers/sentence.js';
import { ServerResolver } from './resolvers/server.js';
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
      TripleResolver,
      TripleConnectionResolver,
      PredictionResolver,
      EvidenceResolver,
      NeighbourResolver,
      MemoryResolver,
      MemoryEntryResolver,
      PredicateResolver,
      ScoredTextResolver,
      ScoredSentenceResolver,
      ScoredMentionResolver,
      ScoredEntityResolver,
      ScoredPairResolver,
      IngestResolver,
      JobResolver,
      ServerResolver,
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
