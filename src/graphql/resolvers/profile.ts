import { Arg, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from '../decorators.js';
import { NeighborKbError } from '../../domain/errors.js';
import type { Calibration, ScoringProfile } from '../../domain/profile.js';
import type { ApiContext } from '../context.js';
import { given } from '../filters.js';
import { SubmitTaskResult, type TaskResultSource } from '../types/memory-tasks.js';
import {
  EvaluateProfileInput,
  LabelCalibrationType,
  LabelNilRatioType,
  TuneProfileInput,
} from '../types/profile-tasks.js';
import { ScoringProfileType } from '../types/profile.js';
import { submit } from './memory-tasks.js';

@Resolver(() => ScoringProfileType)
export class ProfileResolver {
  @Query(() => [ScoringProfileType], {
    description:
      'Every scoring profile and version, by name and then version: those that ship, and those made here.',
  })
  async profiles(@Ctx() { services }: ApiContext): Promise<ScoringProfile[]> {
    return (await services.profiles.list()).map(({ profile }) => profile);
  }

  @Query(() => ScoringProfileType, {
    nullable: true,
    description: 'A scoring profile; null if there is none.',
  })
  async profile(
    @Arg('name', () => String, { description: '`name` for the newest version, or `name@2`.' }) name: string,
    @Ctx() { services }: ApiContext,
  ): Promise<ScoringProfile | null> {
    try {
      return await services.profiles.get(name);
    } catch (error) {
      if (error instanceof NeighborKbError && error.code === 'INVALID_ARGUMENT') return null;
      throw error;
    }
  }

  @Mutation(() => SubmitTaskResult, {
    description:
      'Finds the settings that are best on annotated text. Answers at once with a job; its result names the profile.',
  })
  tuneProfile(
    @Arg('input', () => TuneProfileInput, { description: 'On what, with what.' }) input: TuneProfileInput,
    @Ctx() { services }: ApiContext,
  ): Promise<TaskResultSource> {
    return submit(services, 'tune', given({ ...input }));
  }

  @Mutation(() => SubmitTaskResult, {
    description:
      'Scores a profile beside its parts on annotated text. Answers at once with a job; its result has the scores.',
  })
  evaluateProfile(
    @Arg('input', () => EvaluateProfileInput, { description: 'What, on what.' }) input: EvaluateProfileInput,
    @Ctx() { services }: ApiContext,
  ): Promise<TaskResultSource> {
    return submit(services, 'evaluate', given({ ...input }));
  }

  @FieldResolver(() => [LabelCalibrationType], {
    description: 'Predicates with a calibration of their own, by id.',
  })
  calibrationByLabel(
    @Root() { calibrationByLabel = {} }: ScoringProfile,
  ): (Calibration & { label: string })[] {
    return Object.entries(calibrationByLabel).map(([label, own]) => ({ label, ...own }));
  }

  @FieldResolver(() => [LabelNilRatioType], {
    description: 'Predicates with a threshold of their own, by id.',
  })
  nilRatioByLabel(@Root() { nilRatioByLabel = {} }: ScoringProfile): { label: string; nilRatio: number }[] {
    return Object.entries(nilRatioByLabel).map(([label, nilRatio]) => ({ label, nilRatio }));
  }
}
