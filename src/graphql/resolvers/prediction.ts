import { Arg, Args, Ctx, FieldResolver, Int, Query, Resolver, Root } from '../decorators.js';
import type { Document, Mention, Neighbour, Sentence, Triple } from '../../domain/model.js';
import type { Predicate } from '../../domain/predicates.js';
import type { ScoringProfile } from '../../domain/profile.js';
import type { StoredEvidence, StoredPrediction } from '../../store/graph-store.js';
import { PageArguments, pageRequest, storedConnection, type ConnectionSource } from '../connections.js';
import type { ApiContext } from '../context.js';
import { evidenceFilter } from '../filters.js';
import { costOfList, LIMITS } from '../limits.js';
import { required } from '../loaders.js';
import { DocumentType, MentionObjectType, SentenceType } from '../types/document.js';
import { PredicateType } from '../types/predicate.js';
import {
  EvidenceConnection,
  EvidenceFilterInput,
  EvidenceType,
  NeighbourType,
  PredictionType,
} from '../types/prediction.js';
import { ScoringProfileType } from '../types/profile.js';
import { TripleType } from '../types/triple.js';
import { firstNeighbours, NEIGHBOURS_FIRST, neighbourCost } from './neighbour.js';
import { predicateOfLabel } from './predicate.js';

/** What evidence and plain predictions have in common. */
@Resolver(() => PredictionType)
export class PredictionResolver {
  @FieldResolver(() => PredicateType, {
    nullable: true,
    description: 'The predicate of the label; null for NIL.',
  })
  predicate(@Root() { label }: StoredPrediction, @Ctx() { services }: ApiContext): Predicate | null {
    return predicateOfLabel(services.schema, label);
  }

  @FieldResolver(() => MentionObjectType, { description: 'The subject as it stands in the text.' })
  subject(@Root() { subjectMentionId }: StoredPrediction, @Ctx() { loaders }: ApiContext): Promise<Mention> {
    return required(loaders.mention, subjectMentionId);
  }

  @FieldResolver(() => MentionObjectType, { description: 'The object as it stands in the text.' })
  object(@Root() { objectMentionId }: StoredPrediction, @Ctx() { loaders }: ApiContext): Promise<Mention> {
    return required(loaders.mention, objectMentionId);
  }

  @FieldResolver(() => SentenceType, { description: 'The sentence of the pair.' })
  sentence(@Root() { sentenceId }: StoredPrediction, @Ctx() { loaders }: ApiContext): Promise<Sentence> {
    return required(loaders.sentence, sentenceId);
  }

  @FieldResolver(() => DocumentType, { description: 'The document of the pair.' })
  document(@Root() { documentId }: StoredPrediction, @Ctx() { loaders }: ApiContext): Promise<Document> {
    return required(loaders.document, documentId);
  }

  @FieldResolver(() => [NeighbourType], {
    description:
      'The labelled examples that voted, by memory, nearest first. Kept with evidence; of other pairs they are found again under the profile of the server, none if another encoder made the pair.',
    complexity: neighbourCost,
  })
  async neighbours(
    @Root() prediction: StoredPrediction,
    @Arg('first', () => Int, NEIGHBOURS_FIRST) first: number | null,
    @Ctx() context: ApiContext,
  ): Promise<readonly Neighbour[]> {
    const all = await voters(prediction, context);
    return firstNeighbours(all, first);
  }

  @FieldResolver(() => ScoringProfileType, {
    nullable: true,
    description: 'The profile that made it in full; null if the server runs with another one now.',
  })
  scoringProfile(
    @Root() { profile }: StoredPrediction,
    @Ctx() { services }: ApiContext,
  ): ScoringProfile | null {
    const current = services.profile;
    return profile === `${current.name}@${current.version}` ? current : null;
  }
}

@Resolver(() => EvidenceType)
export class EvidenceResolver {
  @Query(() => EvidenceConnection, {
    description: 'The predictions that support triples.',
    complexity: costOfList(LIMITS.defaultPageSize),
  })
  evidence(
    @Args(() => PageArguments) args: PageArguments,
    @Arg('filter', () => EvidenceFilterInput, { nullable: true, description: 'Which evidence.' })
    filter: EvidenceFilterInput | null,
    @Ctx() { services }: ApiContext,
  ): ConnectionSource<StoredEvidence> {
    const query = { ...pageRequest(args), filter: evidenceFilter(filter) };
    return storedConnection(query.after, () => services.store.evidence(query));
  }

  @FieldResolver(() => TripleType, { description: 'The triple that it supports.' })
  triple(@Root() { tripleId }: StoredEvidence, @Ctx() { loaders }: ApiContext): Promise<Triple> {
    return required(loaders.triple, tripleId);
  }
}

async function voters(
  prediction: StoredPrediction,
  { loaders, services }: ApiContext,
): Promise<readonly Neighbour[]> {
  if ('tripleId' in prediction) return loaders.storedNeighbours.load(prediction.id);
  // Representations of another encoder have no distance to the entries of these memories.
  return prediction.model === services.profile.model ? loaders.replayedNeighbours.load(prediction) : [];
}
