import type { Change, ChangeKind, SearchKind } from '../../../store/graph-queries.js';
import { describedEnum } from './described-enum.js';

export const SearchKindEnum = describedEnum<SearchKind>('SearchKind', 'What a search looks at.', {
  entity: 'Names and aliases of entities.',
  sentence: 'Sentences of documents.',
});

export const ChangeKindEnum = describedEnum<ChangeKind>('ChangeKind', 'What changed.', {
  document: 'A document: its text, title, source, metadata or predictions.',
  entity: 'An entity: its name or its external ids.',
  triple: 'A triple: its evidence, its confidence or its status.',
});

export const ChangeTypeEnum = describedEnum<Change['change']>(
  'ChangeType',
  'What happened to it, seen from the cursor.',
  {
    created: 'It came into being, perhaps again.',
    changed: 'It was there and is another now.',
    removed: 'It is not there any more.',
  },
);
