import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from '../decorators.js';
import { NeighborKbError } from '../../domain/errors.js';
import type { Document, Triple } from '../../domain/model.js';
import type { JobPriority } from '../../jobs/job-queue.js';
import type { SaveOutcome } from '../../store/graph-store.js';
import type { ApiContext } from '../context.js';
import { documentInput, requireDocumentCount } from '../document-inputs.js';
import { costOfList, LIMITS } from '../limits.js';
import { required } from '../loaders.js';
import { DocumentInputType, DocumentType } from '../types/document.js';
import { JobPriorityEnum } from '../types/enums/jobs.js';
import { problem } from '../types/problems.js';
import {
  IngestedDocumentType,
  IngestResult,
  RetractDocumentResult,
  SubmitDocumentsResult,
  type IngestResultSource,
  type RetractResultSource,
  type SubmitResultSource,
} from '../types/results.js';
import { TripleType } from '../types/triple.js';

const MANY = 'At least one; `server { limits { maxDocumentsPerCall } }` says how many.';

@Resolver(() => IngestedDocumentType)
export class IngestResolver {
  @Mutation(() => [IngestResult], {
    description:
      'Extracts and stores documents and waits for it; results in the order of the documents. A bad document is refused by name, the others are kept. Ingesting the same again changes nothing.',
    complexity: ({ args, childComplexity }) => 1 + (args['documents'] as unknown[]).length * childComplexity,
  })
  async ingestDocuments(
    @Arg('documents', () => [DocumentInputType], { description: MANY }) documents: DocumentInputType[],
    @Ctx() { services }: ApiContext,
  ): Promise<IngestResultSource[]> {
    requireDocumentCount(documents, services.limits);
    const outcomes = await services.ingestion.ingestNow(documents.map(documentInput));
    return outcomes.map((outcome, position) =>
      outcome.ok
        ? outcome.saved
        : problem('InvalidDocument', outcome.error.under('documents', position), outcome.externalId),
    );
  }

  @Mutation(() => SubmitDocumentsResult, {
    description:
      'Accepts documents for ingestion and answers at once with a job. What is accepted is stored and survives a restart; documents that turn out bad are listed in the job.',
  })
  async submitDocuments(
    @Arg('documents', () => [DocumentInputType], { description: `${MANY} None are needed for an open job.` })
    documents: DocumentInputType[],
    @Arg('priority', () => JobPriorityEnum, {
      defaultValue: 'normal',
      description: 'Which waiting documents go first.',
    })
    priority: JobPriority,
    @Arg('open', () => Boolean, {
      defaultValue: false,
      description: 'Whether more documents will come: `appendDocuments`, then `sealJob`.',
    })
    open: boolean,
    @Ctx() { services }: ApiContext,
  ): Promise<SubmitResultSource> {
    if (!open || documents.length > 0) requireDocumentCount(documents, services.limits);
    try {
      return await services.ingestion.submit(documents.map(documentInput), { priority, open });
    } catch (error) {
      if (!(error instanceof NeighborKbError)) throw error;
      if (error.code === 'QUEUE_FULL') return problem('QueueFull', error);
      if (!REFUSALS.has(error.code)) throw error;
      const [position] = error.path;
      const externalId = typeof position === 'number' ? documents[position]?.externalId : undefined;
      return problem('InvalidDocument', error.under('documents'), externalId);
    }
  }

  @Mutation(() => RetractDocumentResult, {
    description:
      'Removes a document and exactly what it alone supported; what it shared with others is lowered.',
  })
  async retractDocument(
    @Arg('externalId', () => String, { description: 'Its externalId.' }) externalId: string,
    @Ctx() { services }: ApiContext,
  ): Promise<RetractResultSource> {
    const outcome = await services.ingestion.retract(externalId);
    if (outcome) return { ...outcome, externalId };
    const error = new NeighborKbError('NOT_FOUND', 'no document has this externalId', ['externalId']);
    return problem('DocumentNotFound', error, externalId);
  }

  @FieldResolver(() => DocumentType, { description: 'The document as it is stored.' })
  document(@Root() { documentId }: SaveOutcome, @Ctx() { loaders }: ApiContext): Promise<Document> {
    return required(loaders.document, documentId);
  }

  @FieldResolver(() => [TripleType], {
    description: 'The triples that it supports.',
    complexity: costOfList(LIMITS.defaultInnerPageSize),
  })
  async triples(@Root() { tripleIds }: SaveOutcome, @Ctx() { loaders }: ApiContext): Promise<Triple[]> {
    const triples = await loaders.triple.loadMany(tripleIds);
    return triples.flatMap((triple) => {
      if (triple instanceof Error) throw triple;
      // Another call may have removed one since.
      return triple === null ? [] : [triple];
    });
  }
}

/** Codes that say something of the documents rather than of the machine. */
const REFUSALS: ReadonlySet<string> = new Set([
  'INVALID_DOCUMENT',
  'EMPTY_TEXT',
  'MALFORMED_TEXT',
  'TEXT_TOO_LARGE',
  'INVALID_MENTION',
  'UNKNOWN_MENTION_TYPE',
  'DUPLICATE_EXTERNAL_ID',
  'INVALID_ARGUMENT',
]);
