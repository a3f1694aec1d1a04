import { Field, Float, InputType, Int, ObjectType } from '../decorators.js';
import type { Calibration, Kernel, MemoryUse } from '../../domain/profile.js';
import { KernelEnum } from './enums/profiles.js';

@ObjectType('MemoryUse', { simpleResolvers: true, description: "A memory's part in a scoring profile." })
export class MemoryUseType {
  @Field(() => String, { description: 'Name of the memory.' })
  memory!: string;

  @Field(() => Float, { description: "The memory's share in the mixture; the shares of a profile sum to 1." })
  alpha!: number;

  @Field(() => Int, { description: 'Number of neighbours that vote.' })
  k!: number;

  @Field(() => Float, { description: 'Weight of the neighbours against the classifier, 0 to 1.' })
  lambda!: number;

  @Field(() => Float, { description: 'T of the kernel: small lets near neighbours decide.' })
  temperature!: number;

  @Field(() => KernelEnum, { description: 'How distances become votes.' })
  kernel!: Kernel;

  @Field(() => Float, {
    nullable: true,
    description: "What the vote of a NIL neighbour counts beside the others', .001 to 1; null: as much.",
  })
  nilVote?: number | undefined;
}

@ObjectType('Calibration', {
  simpleResolvers: true,
  description: 'From probability to confidence: sigmoid(slope * logit(p) + intercept).',
})
export class CalibrationType {
  @Field(() => Float, { description: 'Factor of the logit.' })
  slope!: number;

  @Field(() => Float, { description: 'Added to the logit.' })
  intercept!: number;
}

@ObjectType('ScoringProfile', {
  simpleResolvers: true,
  description: 'Everything that turns a pair into a prediction: encoder, memories, thresholds.',
})
export class ScoringProfileType {
  @Field(() => String, { description: 'Name of the profile.' })
  name!: string;

  @Field(() => Int, { description: 'Version of the profile.' })
  version!: number;

  @Field(() => String, { description: 'Relation encoder: `name@version`.' })
  model!: string;

  @Field(() => [MemoryUseType], {
    description: 'The memories that vote; none: the classifier decides alone.',
  })
  memories!: MemoryUse[];

  @Field(() => Float, { description: 'A predicate wins over NIL when p(predicate) > nilRatio * p(NIL).' })
  nilRatio!: number;

  @Field(() => Float, { description: 'A predicate below this probability is NIL.' })
  minimumProbability!: number;

  @Field(() => Float, {
    nullable: true,
    description:
      "A pair holds further predicates from this share of the best one's probability on; null: one label a pair.",
  })
  companionShare?: number | undefined;

  @Field(() => CalibrationType, { description: 'How p becomes a confidence.' })
  calibration!: Calibration;

  @Field(() => String, { nullable: true, description: 'What it was tuned on.' })
  tunedOn?: string;
}

@InputType('ScoringOverrides', { description: 'Changes to the profile for one call; every memory alike.' })
export class ScoringOverridesInput {
  @Field(() => Float, { nullable: true, description: 'Weight of the neighbours, 0 (classifier alone) to 1.' })
  lambda?: number | null;

  @Field(() => Int, { nullable: true, description: 'Number of neighbours that vote, 1 to 1024.' })
  k?: number | null;

  @Field(() => Float, { nullable: true, description: 'T of the kernel, greater than 0.' })
  temperature?: number | null;

  @Field(() => KernelEnum, { nullable: true, description: 'How distances become votes.' })
  kernel?: Kernel | null;

  @Field(() => [String], {
    nullable: true,
    description: "Use these memories, in equal shares, in place of the profile's.",
  })
  memories?: string[] | null;
}
