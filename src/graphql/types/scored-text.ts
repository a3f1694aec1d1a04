import { Field, Float, ObjectType } from '../decorators.js';
import type { EntityType, MentionType } from '../../domain/mention-types.js';
import type { MentionOrigin, NormalisedDate } from '../../domain/model.js';
import type { ScoringProfile } from '../../domain/profile.js';
import { NormalisedDateType } from './entity.js';
import { EntityTypeEnum, MentionOriginEnum, MentionTypeEnum } from './enums/entities.js';
import { SCORE_TEXTS } from './prediction.js';
import { ScoringProfileType } from './profile.js';

@ObjectType('ScoredEntity', { simpleResolvers: true, description: 'An entity as one text shows it.' })
export class ScoredEntityType {
  @Field(() => String, { description: 'The fullest name in the text; for a date its ISO form.' })
  name!: string;

  @Field(() => EntityTypeEnum, { description: 'What kind of thing it is.' })
  type!: EntityType;

  @Field(() => NormalisedDateType, {
    nullable: true,
    description: 'The date that it is; null for what is no date.',
  })
  date!: NormalisedDate | null;
}

@ObjectType('ScoredSentence', {
  simpleResolvers: true,
  description: 'A sentence of a text that is not stored.',
})
export class ScoredSentenceType {}

@ObjectType('ScoredMention', {
  simpleResolvers: true,
  description: 'A mention in a text that is not stored.',
})
export class ScoredMentionType {
  @Field(() => String, { description: 'The words as they stand in the text.' })
  text!: string;

  @Field(() => MentionTypeEnum, { description: 'What kind of thing it names.' })
  type!: MentionType;

  @Field(() => Float, {
    description: "The detector's probability, 0 to 1; 1 for given mentions and pronouns.",
  })
  score!: number;

  @Field(() => MentionOriginEnum, { description: 'Where it comes from.' })
  origin!: MentionOrigin;
}

@ObjectType('ScoredPair', {
  simpleResolvers: true,
  description: 'A pair of mentions of a text that is not stored, scored as ingestion would.',
})
export class ScoredPairType {
  @Field(() => String, { description: SCORE_TEXTS.LABEL })
  label!: string;

  @Field(() => Float, { description: SCORE_TEXTS.P })
  p!: number;

  @Field(() => Float, { description: SCORE_TEXTS.P_RE })
  pRe!: number;

  @Field(() => Float, { description: SCORE_TEXTS.P_KNN })
  pKnn!: number;

  @Field(() => Float, { nullable: true, description: SCORE_TEXTS.CONFIDENCE })
  confidence!: number | null;
}

@ObjectType('ScoredText', {
  simpleResolvers: true,
  description: 'What would be extracted from a text. Nothing is stored.',
})
export class ScoredTextType {
  @Field(() => ScoringProfileType, { description: 'The profile as it was used, overrides included.' })
  profile!: ScoringProfile;

  @Field(() => [ScoredSentenceType], { description: 'The sentences of the text, in order.' })
  sentences!: unknown;

  @Field(() => [ScoredMentionType], { description: 'The mentions of the text, in order.' })
  mentions!: unknown;

  @Field(() => [ScoredEntityType], { description: 'What the mentions refer to.' })
  entities!: unknown;

  @Field(() => [ScoredPairType], {
    description: 'The scored pairs, in order; pairs labelled NIL only where `includeNil` asks for them.',
  })
  predictions!: unknown;
}
