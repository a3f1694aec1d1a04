import { createUnionType, Field, Int, ObjectType } from '../decorators.js';
import type { Job } from '../../jobs/job-queue.js';
import type { RetractOutcome, SaveOutcome } from '../../store/graph-store.js';
import { DocumentChangeEnum } from './enums/documents.js';
import { JobType } from './job.js';
import {
  DocumentNotFoundType,
  InvalidDocumentType,
  ConflictType,
  NotFoundType,
  QueueFullType,
  successOr,
  type ProblemSource,
} from './problems.js';

@ObjectType('IngestedDocument', { simpleResolvers: true, description: 'A document that is stored now.' })
export class IngestedDocumentType {
  @Field(() => DocumentChangeEnum, { description: 'What the call did to it.' })
  change!: SaveOutcome['change'];
}

@ObjectType('RetractedDocument', {
  simpleResolvers: true,
  description: 'What went with a document: what it alone supported.',
})
export class RetractedDocumentType {
  @Field(() => String, { description: 'externalId of the document that is gone.' })
  externalId!: string;

  @Field(() => Int, { description: 'Triples that only this document supported.' })
  removedTriples!: number;

  @Field(() => Int, { description: 'Entities that only this document mentioned.' })
  removedEntities!: number;
}

export type IngestResultSource = SaveOutcome | ProblemSource;
export const IngestResult = createUnionType({
  name: 'IngestResult',
  description: 'What became of one document.',
  types: () => [IngestedDocumentType, InvalidDocumentType] as const,
  resolveType: successOr(IngestedDocumentType),
});

export type SubmitResultSource = Job | ProblemSource;
export const SubmitDocumentsResult = createUnionType({
  name: 'SubmitDocumentsResult',
  description: 'A job to follow, or why nothing was accepted.',
  types: () => [JobType, QueueFullType, InvalidDocumentType] as const,
  resolveType: successOr(JobType),
});

export type AppendResultSource = Job | ProblemSource;
export const AppendDocumentsResult = createUnionType({
  name: 'AppendDocumentsResult',
  description: 'The job with the documents that were added, or why none was.',
  types: () => [JobType, QueueFullType, NotFoundType, ConflictType] as const,
  resolveType: successOr(JobType),
});

export type RetractResultSource = (RetractOutcome & { readonly externalId: string }) | ProblemSource;
export const RetractDocumentResult = createUnionType({
  name: 'RetractDocumentResult',
  description: 'What a retraction did.',
  types: () => [RetractedDocumentType, DocumentNotFoundType] as const,
  resolveType: successOr(RetractedDocumentType),
});
