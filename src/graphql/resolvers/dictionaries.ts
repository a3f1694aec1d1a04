import { Arg, Args, Ctx, FieldResolver, Float, Int, Mutation, Query, Resolver, Root } from '../decorators.js';
import type { EntityType } from '../../domain/mention-types.js';
import { knownEntities, type DictionaryFormat } from '../../identity/dictionary-reader.js';
import {
  DEFAULT_MIN_SCORE,
  MAX_SUGGESTIONS,
  suggestDuplicates,
  type DuplicateSuggestion,
} from '../../identity/duplicates.js';
import type { Dictionary, KnownEntity } from '../../store/identity-store.js';
import { InnerPageArguments, pageRequest, storedConnection, type ConnectionSource } from '../connections.js';
import type { ApiContext } from '../context.js';
import { invalidArgument } from '../errors.js';
import { given } from '../filters.js';
import { orProblem } from '../foreseen.js';
import { costOfList, LIMITS } from '../limits.js';
import { submitTask } from '../submit-task.js';
import { EntityTypeEnum } from '../types/enums/entities.js';
import { DictionaryFormatEnum } from '../types/enums/identity.js';
import {
  DuplicateSuggestionType,
  ImportDictionaryResult,
  RemoveDictionaryResult,
  type ImportDictionaryResultSource,
  type RemoveDictionaryResultSource,
} from '../types/identity-results.js';
import { DictionaryEntryInput, DictionaryType, KnownEntityConnection } from '../types/identity.js';
import { problem } from '../types/problems.js';
import { SubmitTaskResult, type TaskResultSource } from '../types/task-result.js';

@Resolver(() => DictionaryType)
export class DictionaryResolver {
  @Query(() => [DictionaryType], { description: 'The dictionaries, by name.' })
  dictionaries(@Ctx() { services }: ApiContext): Promise<Dictionary[]> {
    return services.store.identity.dictionaries();
  }

  @Query(() => DictionaryType, { nullable: true, description: 'The dictionary with this name.' })
  async dictionary(
    @Arg('name', () => String, { description: 'Its name.' }) name: string,
    @Ctx() { services }: ApiContext,
  ): Promise<Dictionary | null> {
    return (await services.store.identity.dictionaries()).find((each) => each.name === name) ?? null;
  }

  @FieldResolver(() => KnownEntityConnection, {
    description: 'Its entries, in their order.',
    complexity: costOfList(LIMITS.defaultInnerPageSize),
  })
  entries(
    @Root() { name }: Dictionary,
    @Args(() => InnerPageArguments) args: InnerPageArguments,
    @Ctx() { services }: ApiContext,
  ): ConnectionSource<KnownEntity> {
    const query = { ...pageRequest(args), dictionary: name };
    return storedConnection(query.after, () => services.store.identity.knownEntities(query));
  }

  @Query(() => [DuplicateSuggestionType], {
    description:
      'Entities that may be one, best first: by external ids, equal, shortened, abbreviated and misspelled names and shared triples. Reads all entities.',
    complexity: costOfList(LIMITS.defaultPageSize),
  })
  duplicateSuggestions(
    @Arg('first', () => Int, {
      defaultValue: LIMITS.defaultPageSize,
      description: `How many to return, 1 to ${MAX_SUGGESTIONS}.`,
    })
    first: number,
    @Arg('minScore', () => Float, { defaultValue: DEFAULT_MIN_SCORE, description: 'Lowest score, 0 to 1.' })
    minScore: number,
    @Arg('types', () => [EntityTypeEnum], {
      nullable: true,
      description: 'Entities of these types alone; all but dates and numbers if not given.',
    })
    types: EntityType[] | null,
    @Ctx() { services }: ApiContext,
  ): Promise<DuplicateSuggestion[]> {
    return suggestDuplicates(services.store, { first, minScore, ...given({ types }) });
  }

  @Mutation(() => ImportDictionaryResult, {
    description:
      'Puts a dictionary in the place of the one with its name, as a whole or not at all, and links mentions to its entries. Larger ones are imported by the command line.',
  })
  async importDictionary(
    @Arg('name', () => String, {
      description: 'What it is called: lower-case letters, digits, dots, hyphens and underscores.',
    })
    name: string,
    @Arg('entries', () => [DictionaryEntryInput], {
      description: `Its entries, at most ${LIMITS.dictionaryEntries}; a type with the same first external id, or name, once.`,
    })
    entries: DictionaryEntryInput[],
    @Ctx() { services }: ApiContext,
  ): Promise<ImportDictionaryResultSource> {
    const imported = async () => {
      if (entries.length > LIMITS.dictionaryEntries)
        throw invalidArgument(`${entries.length} entries; at most ${LIMITS.dictionaryEntries}`, 'entries');
      return services.identity.importDictionary(name, batchOf(knownEntities(entries)));
    };
    return orProblem(imported, ['INVALID_ARGUMENT']);
  }

  @Mutation(() => SubmitTaskResult, {
    description:
      "Imports a dictionary of any size from a file in the server's exchange folder, as a whole or not at all. Answers at once with a job.",
  })
  importDictionaryFile(
    @Arg('name', () => String, { description: 'What it is called, as in `importDictionary`.' }) name: string,
    @Arg('file', () => String, { description: 'Its path below the exchange folder.' }) file: string,
    @Arg('format', () => DictionaryFormatEnum, { description: 'How it is written.' })
    format: DictionaryFormat,
    @Ctx() { services }: ApiContext,
  ): Promise<TaskResultSource> {
    return submitTask(services, 'dictionary-import', { name, file, format }, []);
  }

  @Mutation(() => RemoveDictionaryResult, {
    description: 'Removes a dictionary: what it linked is as if it had never been there.',
  })
  async removeDictionary(
    @Arg('name', () => String, { description: 'Its name.' }) name: string,
    @Ctx() { services }: ApiContext,
  ): Promise<RemoveDictionaryResultSource> {
    const changes = await services.store.identity.removeDictionary(name);
    if (changes) return { name, changes };
    return problem('NotFound', { code: 'NOT_FOUND', message: 'there is no such dictionary', path: ['name'] });
  }
}

async function* batchOf(entries: readonly KnownEntity[]): AsyncGenerator<readonly KnownEntity[]> {
  yield entries;
}
