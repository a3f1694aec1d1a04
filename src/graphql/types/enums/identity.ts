import type { DictionaryFormat } from '../../../identity/dictionary-reader.js';
import type { DuplicateReason } from '../../../identity/name-evidence.js';
import { describedEnum } from './described-enum.js';

export const DuplicateReasonEnum = describedEnum<DuplicateReason>(
  'DuplicateReason',
  'Why two entities may be one.',
  {
    'same-external-id': 'Dictionaries give both the same external id.',
    'same-name': 'Both go by the same name.',
    'same-name-other-type': 'Both go by the same name, as things of different types.',
    abbreviation: 'A name of one has the initials of a name of the other.',
    'shortened-name': 'A name of one is a name of the other with words left out or cut to initials.',
    spelling: 'Names of the two differ in a letter or two.',
    'shared-neighbours': 'Both have the same triples with the same other ends.',
  },
);

export const DictionaryFormatEnum = describedEnum<DictionaryFormat>(
  'DictionaryFormat',
  'How a file of known entities is written.',
  {
    csv: 'CSV with the header type,name,aliases,externalIds; several values joined by |.',
    jsonl: 'One JSON object a line with the same fields, aliases and externalIds as lists.',
  },
);
