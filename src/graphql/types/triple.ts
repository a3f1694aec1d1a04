import { ArgsType, Field, Float, ID, InputType, Int, ObjectType } from '../decorators.js';
import type { EntityType } from '../../domain/mention-types.js';
import type { TripleStatus } from '../../domain/model.js';
import { connectionOf, InnerPageArguments } from '../connections.js';
import { JOINED, LIMITS } from '../limits.js';
import { EntityObjectType } from './entity.js';
import { EntityTypeEnum } from './enums/entities.js';
import { TripleOrderEnum, TripleStatusEnum, type TripleOrder } from './enums/triples.js';
import { NodeType } from './node.js';

@ObjectType('Triple', {
  simpleResolvers: true,
  implements: NodeType,
  description: 'A fact: subject, predicate, object, with the evidence that supports it.',
})
export class TripleType implements NodeType {
  @Field(() => ID, { description: 'Stable: made from subject, predicate and object.' })
  id!: string;

  @Field(() => Float, {
    description:
      'Probability that at least one piece of its evidence is right, 0 to 1: 1 - product of (1 - confidence), the best piece of each sentence.',
  })
  confidence!: number;

  @Field(() => Int, { description: 'Number of pieces of evidence.' })
  evidenceCount!: number;

  @Field(() => TripleStatusEnum, { description: 'What curators decided.' })
  status!: TripleStatus;
}

@ObjectType('TripleCount', { simpleResolvers: true, description: 'How many triples share a value.' })
export class TripleCountType {
  @Field(() => String, {
    description: 'The value: a predicate id, a type, a status, a document id, a year, a month or a band.',
  })
  key!: string;

  @Field(() => Int, { description: 'Number of triples that have it.' })
  count!: number;
}

export const TripleConnection = connectionOf(TripleType, 'Triple', 'triples');

@ObjectType('Neighbourhood', { simpleResolvers: true, description: 'The triples around an entity.' })
export class NeighbourhoodType {
  @Field(() => [EntityObjectType], { description: 'The entities of the triples, the centre among them.' })
  entities!: unknown;

  @Field(() => [TripleType], { description: 'The triples between them.' })
  triples!: unknown;

  @Field(() => Boolean, { description: 'Whether `limit` cut it.' })
  truncated!: boolean;
}

@InputType('ConfidenceRange', { description: 'From `min` to `max`, both included.' })
export class ConfidenceRangeInput {
  @Field(() => Float, { nullable: true, description: '0 to 1.' })
  min?: number | null;

  @Field(() => Float, { nullable: true, description: '0 to 1, at least `min`.' })
  max?: number | null;
}

const SET = `at most ${LIMITS.setSize}`;

@InputType('TripleFilter', {
  description: 'Which triples; all conditions must hold. Filters join by `and`, `or` and `not`.',
})
export class TripleFilterInput {
  @Field(() => [ID], { nullable: true, description: `The subject is one of these entities, ${SET}.` })
  subjectIds?: string[] | null;

  @Field(() => [ID], { nullable: true, description: `The object is one of these entities, ${SET}.` })
  objectIds?: string[] | null;

  @Field(() => [ID], { nullable: true, description: `Subject or object is one of these entities, ${SET}.` })
  entityIds?: string[] | null;

  @Field(() => [String], {
    nullable: true,
    description: `One of these predicate ids, ${SET}: ["P19", "P569"].`,
  })
  predicates?: string[] | null;

  @Field(() => [EntityTypeEnum], { nullable: true, description: 'The subject has one of these types.' })
  subjectTypes?: EntityType[] | null;

  @Field(() => [EntityTypeEnum], { nullable: true, description: 'The object has one of these types.' })
  objectTypes?: EntityType[] | null;

  @Field(() => ConfidenceRangeInput, { nullable: true, description: 'The confidence lies in this range.' })
  confidence?: ConfidenceRangeInput | null;

  @Field(() => [ID], {
    nullable: true,
    description: `Evidence for it stands in one of these documents, ${SET}.`,
  })
  documentIds?: string[] | null;

  @Field(() => [TripleStatusEnum], { nullable: true, description: 'One of these statuses.' })
  statuses?: TripleStatus[] | null;

  @Field(() => [TripleFilterInput], {
    nullable: true,
    description: `All of these hold, too; ${JOINED}.`,
  })
  and?: TripleFilterInput[] | null;

  @Field(() => [TripleFilterInput], {
    nullable: true,
    description: 'At least one of these holds; an empty list matches nothing.',
  })
  or?: TripleFilterInput[] | null;

  @Field(() => TripleFilterInput, { nullable: true, description: 'This does not hold.' })
  not?: TripleFilterInput | null;
}

@ArgsType()
export class TriplesOfEntityArguments extends InnerPageArguments {
  @Field(() => TripleFilterInput, { nullable: true, description: 'Which of them.' })
  filter?: TripleFilterInput | null;

  @Field(() => TripleOrderEnum, { defaultValue: 'confidenceDescending', description: 'In which order.' })
  order!: TripleOrder;
}
