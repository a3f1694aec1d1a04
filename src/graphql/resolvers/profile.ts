import { Arg, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from '../decorators.js';
import { atField, forOutside, NeighborKbError } from '../../domain/errors.js';
import { parseProfile, type Calibration, type ScoringProfile } from '../../domain/profile.js';
import { checkProfileMemories } from '../../evaluation/profile-memories.js';
import { compareProfiles } from '../../evaluation/profile-store.js';
import type { ApiContext } from '../context.js';
import { given } from '../filters.js';
import { orProblem } from '../foreseen.js';
import { submitTask } from '../submit-task.js';
import { mappingJson } from '../types/label-mapping.js';
import {
  EvaluateProfileInput,
  LabelCalibrationType,
  LabelNilRatioType,
  TuneProfileInput,
} from '../types/profile-tasks.js';
import {
  CreateProfileInput,
  CreateProfileResult,
  ProfileDifferenceType,
  profileJson,
  type CreateProfileResultSource,
} from '../types/profile-versions.js';
import { ScoringProfileType } from '../types/profile.js';
import { SubmitTaskResult, type TaskResultSource } from '../types/task-result.js';

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

  @Query(() => [ProfileDifferenceType], { description: 'What differs between two scoring profiles.' })
  async compareProfiles(
    @Arg('before', () => String, { description: '`name` for the newest version, or `name@2`.' })
    before: string,
    @Arg('after', () => String, { description: '`name` for the newest version, or `name@2`.' })
    after: string,
    @Ctx() { services: { profiles } }: ApiContext,
  ): Promise<ProfileDifferenceType[]> {
    const [one, other] = await Promise.all([
      atField(['before'], profiles.get(before)),
      atField(['after'], profiles.get(after)),
    ]);
    return compareProfiles(one, other);
  }

  @Mutation(() => CreateProfileResult, {
    description:
      'Keeps a scoring profile as the next version of its name. Its memories must be there and of its model. A server uses it once it starts with it.',
  })
  createProfile(
    @Arg('input', () => CreateProfileInput, { description: 'The profile.' }) input: CreateProfileInput,
    @Ctx() { services }: ApiContext,
  ): Promise<CreateProfileResultSource> {
    const create = async (): Promise<ScoringProfile> => {
      const profile = parseProfile(profileJson(input, services.profile.model));
      await checkProfileMemories(profile, (memory) => services.library.manifest(memory));
      return services.profiles.create(profile);
    };
    return orProblem(
      () =>
        forOutside(services.folders, create()).catch((error: unknown) => {
          throw error instanceof NeighborKbError ? error.under('input') : error;
        }),
      ['INVALID_ARGUMENT', 'MEMORY_MODEL_MISMATCH', 'CONFLICT'],
    );
  }

  @Mutation(() => SubmitTaskResult, {
    description:
      'Finds the settings that are best on annotated text. Answers at once with a job; its result names the profile.',
  })
  tuneProfile(
    @Arg('input', () => TuneProfileInput, { description: 'On what, with what.' }) input: TuneProfileInput,
    @Ctx() { services }: ApiContext,
  ): Promise<TaskResultSource> {
    const { mapping, ...rest } = input;
    return submitTask(services, 'tune', { ...given(rest), mapping: mappingJson(mapping) });
  }

  @Mutation(() => SubmitTaskResult, {
    description:
      'Scores a profile beside its parts on annotated text. Answers at once with a job; its result has the scores.',
  })
  evaluateProfile(
    @Arg('input', () => EvaluateProfileInput, { description: 'What, on what.' }) input: EvaluateProfileInput,
    @Ctx() { services }: ApiContext,
  ): Promise<TaskResultSource> {
    const { mapping, ...rest } = input;
    return submitTask(services, 'evaluate', { ...given(rest), mapping: mappingJson(mapping) });
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
