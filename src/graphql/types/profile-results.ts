import { Field, Float, ObjectType } from '../decorators.js';

const REPORT = "The report as an HTML page in the server's exchange folder; null where none was asked for.";

@ObjectType('ProfileTuned', { simpleResolvers: true, description: 'The best settings that were found.' })
export class ProfileTunedType {
  @Field(() => String, { description: 'The profile that was made: `name@2`.' })
  profile!: string;

  @Field(() => String, { description: 'Data that it was tuned on.' })
  tunedOn!: string;

  @Field(() => Float, { description: 'Micro F1 there, 0 to 1.' })
  f1!: number;

  @Field(() => Float, { description: 'Precision there, 0 to 1.' })
  precision!: number;

  @Field(() => Float, { description: 'Recall there, 0 to 1.' })
  recall!: number;

  @Field(() => Float, { description: 'Micro F1 of the classifier without memories, 0 to 1.' })
  classifierF1!: number;

  @Field(() => Float, { description: 'Expected calibration error of the confidences, 0 to 1.' })
  calibrationError!: number;

  @Field(() => String, { nullable: true, description: REPORT })
  report!: string | null;
}

@ObjectType('SystemScore', {
  simpleResolvers: true,
  description: 'Scores of a profile, or of a part of it alone.',
})
export class SystemScoreType {
  @Field(() => String, { description: 'Which: the classifier, a memory, or the profile.' })
  system!: string;

  @Field(() => Float, { description: 'Micro F1, 0 to 1.' })
  f1!: number;

  @Field(() => Float, { description: 'Precision, 0 to 1.' })
  precision!: number;

  @Field(() => Float, { description: 'Recall, 0 to 1.' })
  recall!: number;

  @Field(() => Float, { description: 'F1 averaged over the predicates, 0 to 1.' })
  macroF1!: number;

  @Field(() => Float, {
    nullable: true,
    description: "Micro F1 above the first system's, -1 to 1; null for the first.",
  })
  gain!: number | null;

  @Field(() => Float, { nullable: true, description: 'p-value of the gain; null for the first.' })
  pValue!: number | null;
}

@ObjectType('ProfileEvaluated', {
  simpleResolvers: true,
  description: 'Scores of a profile beside its parts.',
})
export class ProfileEvaluatedType {
  @Field(() => String, { description: 'The profile: `name@2`.' })
  profile!: string;

  @Field(() => String, { description: 'Data that it was scored on.' })
  data!: string;

  @Field(() => [SystemScoreType], { description: 'The parts first, the profile last.' })
  systems!: readonly SystemScoreType[];

  @Field(() => Float, { description: 'Expected calibration error of the confidences, 0 to 1.' })
  calibrationError!: number;

  @Field(() => String, { nullable: true, description: REPORT })
  report!: string | null;
}
