import { Arg, Args, Ctx, FieldResolver, Query, Resolver, Root } from '../decorators.js';
import { documentId } from '../../domain/identity.js';
import { NIL } from '../../domain/predicates.js';
import type { Document, Mention, Sentence } from '../../domain/model.js';
import type { DocumentQuery, StoredPrediction } from '../../store/graph-store.js';
import {
  InnerPageArguments,
  listConnection,
  PageArguments,
  pageRequest,
  storedConnection,
  type ConnectionSource,
} from '../connections.js';
import type { ApiContext } from '../context.js';
import { documentFilter } from '../filters.js';
import { costOfList, LIMITS } from '../limits.js';
import {
  DocumentConnection,
  DocumentFilterInput,
  DocumentType,
  MentionConnection,
  SentenceConnection,
} from '../types/document.js';
import { DocumentOrderEnum } from '../types/enums/documents.js';
import { TripleOrderEnum, type TripleOrder } from '../types/enums/triples.js';
import { PredictionConnection } from '../types/prediction.js';
import { TripleConnection } from '../types/triple.js';
import { ownedTriples, tripleQuery, type TripleConnectionSource } from './triple-connection.js';

const page = costOfList(LIMITS.defaultPageSize);
const innerPage = costOfList(LIMITS.defaultInnerPageSize);

@Resolver(() => DocumentType)
export class DocumentResolver {
  @Query(() => DocumentConnection, { description: 'The documents that are stored.', complexity: page })
  documents(
    @Args(() => PageArguments) args: PageArguments,
    @Arg('filter', () => DocumentFilterInput, { nullable: true, description: 'Which documents.' })
    filter: DocumentFilterInput | null,
    @Arg('order', () => DocumentOrderEnum, { defaultValue: 'externalId', description: 'In which order.' })
    order: NonNullable<DocumentQuery['order']>,
    @Ctx() { services }: ApiContext,
  ): ConnectionSource<Document> {
    const query = { ...pageRequest(args), filter: documentFilter(filter), order };
    return storedConnection(query.after, () => services.store.documents(query));
  }

  @Query(() => DocumentType, { nullable: true, description: 'The document with this externalId.' })
  document(
    @Arg('externalId', () => String, { description: "The client's own name for it." }) externalId: string,
    @Ctx() { loaders }: ApiContext,
  ): Promise<Document | null> {
    return loaders.document.load(documentId(externalId));
  }

  @FieldResolver(() => SentenceConnection, { description: 'Its sentences, in order.', complexity: innerPage })
  sentences(
    @Root() { id }: Document,
    @Args(() => InnerPageArguments) args: InnerPageArguments,
    @Ctx() { loaders }: ApiContext,
  ): ConnectionSource<Sentence> {
    return listConnection(pageRequest(args), key, () => loaders.sentencesOfDocument.load(id));
  }

  @FieldResolver(() => MentionConnection, { description: 'Its mentions, in order.', complexity: innerPage })
  mentions(
    @Root() { id }: Document,
    @Args(() => InnerPageArguments) args: InnerPageArguments,
    @Ctx() { loaders }: ApiContext,
  ): ConnectionSource<Mention> {
    return listConnection(pageRequest(args), key, () => loaders.mentionsOfDocument.load(id));
  }

  @FieldResolver(() => PredictionConnection, {
    description: 'Its scored pairs, in order.',
    complexity: innerPage,
  })
  predictions(
    @Root() { id }: Document,
    @Args(() => InnerPageArguments) args: InnerPageArguments,
    @Arg('includeNil', () => Boolean, {
      defaultValue: false,
      description: 'Also pairs that hold no relation.',
    })
    includeNil: boolean,
    @Ctx() { loaders }: ApiContext,
  ): ConnectionSource<StoredPrediction> {
    return listConnection(pageRequest(args), key, async () => {
      const predictions = await loaders.predictionsOfDocument.load(id);
      const wanted = includeNil ? predictions : predictions.filter(({ label }) => label !== NIL);
      // What supports a triple is shown as Evidence wherever it appears, so that one id has one type.
      return Promise.all(
        wanted.map(async (prediction) =>
          prediction.label === NIL
            ? prediction
            : ((await loaders.evidence.load(prediction.id)) ?? prediction),
        ),
      );
    });
  }

  @FieldResolver(() => TripleConnection, {
    description: 'The triples that it supports.',
    complexity: innerPage,
  })
  triples(
    @Root() { id }: Document,
    @Args(() => InnerPageArguments) args: InnerPageArguments,
    @Arg('order', () => TripleOrderEnum, {
      defaultValue: 'confidenceDescending',
      description: 'In which order.',
    })
    order: TripleOrder,
    @Ctx() context: ApiContext,
  ): TripleConnectionSource {
    return ownedTriples(context, 'document', id, tripleQuery(args, {}, order));
  }
}

function key({ id }: { readonly id: string }): string {
  return id;
}
