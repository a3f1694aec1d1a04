import type { EntityType, MentionType } from '../../../domain/mention-types.js';
import type { DatePrecision, MentionOrigin } from '../../../domain/model.js';
import type { EntityQuery } from '../../../store/graph-store.js';
import { describedEnum } from './described-enum.js';

const ENTITY_TYPES = {
  PER: 'A person.',
  ORG: 'An organisation: company, team, band, party, school, authority.',
  LOC: 'A place: country, city, region, river, building.',
  TIME: 'A date, year or period.',
  NUM: 'A number or an amount.',
  MISC: 'Another named thing: work, event, award, language, people, product.',
};

export const EntityTypeEnum = describedEnum<EntityType>(
  'EntityType',
  'What kind of thing an entity is.',
  ENTITY_TYPES,
);

export const MentionTypeEnum = describedEnum<MentionType>(
  'MentionType',
  'What kind of thing a mention names.',
  {
    ...ENTITY_TYPES,
    PRON: 'A pronoun that stands for an entity of another type.',
  },
);

export const MentionOriginEnum = describedEnum<MentionOrigin>(
  'MentionOrigin',
  'Where a mention comes from.',
  {
    detector: 'The mention detector found it.',
    pronoun: 'A word of the list of pronouns.',
    given: 'The client brought it along.',
  },
);

export const DatePrecisionEnum = describedEnum<DatePrecision>(
  'DatePrecision',
  'How exactly a date is known.',
  {
    day: 'To the day: 1879-03-14.',
    month: 'To the month: 1879-03.',
    year: 'To the year: 1879.',
    decade: 'To the decade: 187X.',
    century: 'To the century: 18XX.',
  },
);

export const EntityOrderEnum = describedEnum<NonNullable<EntityQuery['order']>>(
  'EntityOrder',
  'Order of entities.',
  { name: 'By name.', mentions: 'Most mentioned first.' },
);
