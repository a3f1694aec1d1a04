import { Field, Float, ID, InputType, Int, InterfaceType, ObjectType } from '../decorators.js';
import { connectionOf } from '../connections.js';
import { JOINED, LIMITS } from '../limits.js';
import { NodeType } from './node.js';

const P = 'Probability of the label after mixing classifier and memories, 0 to 1.';
const P_RE = "The classifier's probability of the label, 0 to 1.";
const P_KNN = "The neighbours' probability of the label, 0 to 1; mixed over memories.";
const CONFIDENCE = 'Calibrated probability that the label holds, 0 to 1; null for NIL.';
const LABEL = 'Predicate id, or NIL: nothing of the schema holds.';

@InterfaceType('Prediction', {
  implements: NodeType,
  description:
    'One scored pair of a stored document: `Evidence` if it supports a triple, else `PlainPrediction`.',
  resolveType: (value: object) => ('tripleId' in value ? 'Evidence' : 'PlainPrediction'),
})
export abstract class PredictionType implements NodeType {
  @Field(() => ID, { description: "Stable as long as the document's revision is." })
  id!: string;

  @Field(() => String, { description: LABEL })
  label!: string;

  @Field(() => Float, { description: P })
  p!: number;

  @Field(() => Float, { description: P_RE })
  pRe!: number;

  @Field(() => Float, { description: P_KNN })
  pKnn!: number;

  @Field(() => Float, { nullable: true, description: CONFIDENCE })
  confidence!: number | null;

  @Field(() => String, { description: 'Scoring profile that made it: `name@version`.' })
  profile!: string;

  @Field(() => String, { description: 'Relation encoder that made it: `name@version`.' })
  model!: string;
}
export const PredictionConnection = connectionOf(PredictionType, 'Prediction', 'predictions');

@ObjectType('Evidence', {
  simpleResolvers: true,
  implements: [NodeType, PredictionType],
  description: 'A prediction with a relation, tied to its sentence; it supports one triple.',
})
export class EvidenceType {}
export const EvidenceConnection = connectionOf(EvidenceType, 'Evidence', 'pieces of evidence');

@ObjectType('PlainPrediction', {
  simpleResolvers: true,
  implements: [NodeType, PredictionType],
  description: 'A prediction that supports no triple: NIL, or one of its mentions refers to no entity.',
})
export class PlainPredictionType {}

@ObjectType('Neighbour', {
  simpleResolvers: true,
  description: 'A labelled example that voted on a pair.',
})
export class NeighbourType {
  @Field(() => String, { description: 'Version of the memory when it voted.' })
  memoryVersion!: string;

  @Field(() => Int, { description: 'From 1, nearest first, within its memory.' })
  rank!: number;

  @Field(() => Float, {
    description: "Squared L2 distance between relation representations, after the memory's normalisation.",
  })
  squaredDistance!: number;

  @Field(() => Float, { description: "Its share of its memory's vote, 0 to 1." })
  weight!: number;

  @Field(() => String, { description: 'What it votes for: a predicate id or NIL.' })
  label!: string;

  @Field(() => String, { description: 'The labelled sentence.' })
  text!: string;
}

@InputType('EvidenceFilter', {
  description: 'Which evidence; all conditions must hold. Filters join by `and`, `or` and `not`.',
})
export class EvidenceFilterInput {
  @Field(() => [ID], {
    nullable: true,
    description: `It supports one of these triples, at most ${LIMITS.setSize}.`,
  })
  tripleIds?: string[] | null;

  @Field(() => [ID], {
    nullable: true,
    description: `It stands in one of these documents, at most ${LIMITS.setSize}.`,
  })
  documentIds?: string[] | null;

  @Field(() => [String], {
    nullable: true,
    description: `Its label is one of these predicate ids, at most ${LIMITS.setSize}.`,
  })
  predicates?: string[] | null;

  @Field(() => Float, { nullable: true, description: 'At least this confidence, 0 to 1.' })
  minConfidence?: number | null;

  @Field(() => [EvidenceFilterInput], {
    nullable: true,
    description: `All of these hold, too; ${JOINED}.`,
  })
  and?: EvidenceFilterInput[] | null;

  @Field(() => [EvidenceFilterInput], {
    nullable: true,
    description: 'At least one of these holds; an empty list matches nothing.',
  })
  or?: EvidenceFilterInput[] | null;

  @Field(() => EvidenceFilterInput, { nullable: true, description: 'This does not hold.' })
  not?: EvidenceFilterInput | null;
}

/** Descriptions that scored pairs of `scoreText` share with stored predictions. */
export const SCORE_TEXTS = { P, P_RE, P_KNN, CONFIDENCE, LABEL } as const;
