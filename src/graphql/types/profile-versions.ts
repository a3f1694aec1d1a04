import { createUnionType, Field, Float, InputType, Int, ObjectType } from '../decorators.js';
import type { Kernel, ScoringProfile } from '../../domain/profile.js';
import { KernelEnum } from './enums/profiles.js';
import { ConflictType, InvalidInputType, successOr, type ProblemSource } from './problems.js';
import { ScoringProfileType } from './profile.js';

@InputType('MemoryUseInput', { description: "A memory's part in a scoring profile." })
export class MemoryUseInput {
  @Field(() => String, { description: '`name` for its newest version, or `name@1.0.0`.' })
  memory!: string;

  @Field(() => Float, { description: 'Its share in the mixture, 0 to 1; the shares of a profile sum to 1.' })
  alpha!: number;

  @Field(() => Int, { description: 'Neighbours that vote, 1 to 1024; all entries where it holds fewer.' })
  k!: number;

  @Field(() => Float, {
    description: 'Weight of the neighbours: 0 leaves the classifier alone, 1 the neighbours.',
  })
  lambda!: number;

  @Field(() => Float, { description: 'T of the kernel, greater than 0.' })
  temperature!: number;

  @Field(() => KernelEnum, { description: 'How distances become votes.' })
  kernel!: Kernel;

  @Field(() => Float, {
    nullable: true,
    description:
      "What the vote of a NIL neighbour counts beside the others', .001 to 1; as much if not given.",
  })
  nilVote?: number | null;
}

@InputType('CalibrationInput', {
  description: 'From probability to confidence: sigmoid(slope * logit(p) + intercept).',
})
export class CalibrationInput {
  @Field(() => Float, { description: 'Factor of the logit.' })
  slope!: number;

  @Field(() => Float, { description: 'Added to the logit.' })
  intercept!: number;
}

@InputType('LabelCalibrationInput', { description: 'The calibration of one predicate.' })
export class LabelCalibrationInput extends CalibrationInput {
  @Field(() => String, { description: 'Predicate id.' })
  label!: string;
}

@InputType('LabelNilRatioInput', { description: "A predicate's own threshold against NIL." })
export class LabelNilRatioInput {
  @Field(() => String, { description: 'Predicate id.' })
  label!: string;

  @Field(() => Float, { description: 'Greater than 0.' })
  nilRatio!: number;
}

@InputType('CreateProfileInput', { description: 'A scoring profile, whose version the server counts.' })
export class CreateProfileInput {
  @Field(() => String, {
    description: 'Lower-case letters, digits and hyphens; its next version is made.',
  })
  name!: string;

  @Field(() => String, {
    nullable: true,
    description: "Relation encoder: `name@version`; the server's if not given.",
  })
  model?: string | null;

  @Field(() => [MemoryUseInput], {
    description: 'The memories that vote, each once; none: the classifier decides alone.',
  })
  memories!: MemoryUseInput[];

  @Field(() => Float, {
    defaultValue: 1,
    description: 'A predicate wins over NIL when p(predicate) > nilRatio * p(NIL); greater than 0.',
  })
  nilRatio!: number;

  @Field(() => [LabelNilRatioInput], {
    nullable: true,
    description: 'Predicates with a threshold of their own.',
  })
  nilRatioByLabel?: LabelNilRatioInput[] | null;

  @Field(() => Float, { defaultValue: 0, description: 'A predicate below this probability is NIL; 0 to 1.' })
  minimumProbability!: number;

  @Field(() => Float, {
    nullable: true,
    description:
      "A pair holds further predicates from this share of the best one's probability on, up to 1; one label a pair if not given.",
  })
  companionShare?: number | null;

  @Field(() => CalibrationInput, {
    nullable: true,
    description: 'How p becomes a confidence; p itself if not given.',
  })
  calibration?: CalibrationInput | null;

  @Field(() => [LabelCalibrationInput], {
    nullable: true,
    description: 'Predicates with a calibration of their own.',
  })
  calibrationByLabel?: LabelCalibrationInput[] | null;

  @Field(() => String, { nullable: true, description: 'What it was tuned on, for people.' })
  tunedOn?: string | null;
}

/** The input as a profile that is yet to be checked. @param model of the server's encoder */
export function profileJson(input: CreateProfileInput, model: string): object {
  const { calibration, calibrationByLabel, nilRatioByLabel, companionShare, tunedOn, ...rest } = input;
  return {
    ...rest,
    model: input.model ?? model,
    version: 1,
    memories: input.memories.map(({ nilVote, ...use }) => ({
      ...use,
      ...(typeof nilVote === 'number' && { nilVote }),
    })),
    calibration: calibration ? { ...calibration } : { slope: 1, intercept: 0 },
    ...(calibrationByLabel && {
      calibrationByLabel: Object.fromEntries(
        calibrationByLabel.map(({ label, slope, intercept }) => [label, { slope, intercept }]),
      ),
    }),
    ...(nilRatioByLabel && {
      nilRatioByLabel: Object.fromEntries(nilRatioByLabel.map(({ label, nilRatio }) => [label, nilRatio])),
    }),
    ...(typeof companionShare === 'number' && { companionShare }),
    ...(typeof tunedOn === 'string' && { tunedOn }),
  };
}

export type CreateProfileResultSource = ScoringProfile | ProblemSource;
export const CreateProfileResult = createUnionType({
  name: 'CreateProfileResult',
  description: 'The profile with its version, or why none was made.',
  types: () => [ScoringProfileType, InvalidInputType, ConflictType] as const,
  resolveType: successOr(ScoringProfileType),
});

@ObjectType('ProfileDifference', {
  simpleResolvers: true,
  description: 'A field in which two scoring profiles differ.',
})
export class ProfileDifferenceType {
  @Field(() => String, { description: 'The way to the field, such as `memories.0.k`.' })
  field!: string;

  @Field(() => String, { nullable: true, description: 'Its value before, as JSON; null if it is not there.' })
  before!: string | null;

  @Field(() => String, { nullable: true, description: 'Its value after, as JSON; null if it is not there.' })
  after!: string | null;
}
