import { type FieldPath, NeighborKbError } from '../domain/errors.js';
import type { DocumentInput, LocalEntity, Mention, Prediction, Sentence } from '../domain/model.js';
import { OffsetMap } from '../domain/offsets.js';
import { NIL } from '../domain/predicates.js';
import { overrideProfile, type ProfileOverrides, type ScoringProfile } from '../domain/profile.js';
import type { Extractor } from '../extraction/ports.js';
import type { ApiServices } from './services.js';

/** The text that everything of one `scoreText` stands in. */
interface Frame {
  readonly text: string;
  readonly offsets: () => OffsetMap;
}

export interface ScoredSentence {
  readonly sentence: Sentence;
  readonly frame: Frame;
}

export interface ScoredMention extends Mention {
  readonly entity: LocalEntity | null;
  readonly frame: Frame;
}

export interface ScoredPair extends Pick<
  Prediction,
  'label' | 'p' | 'pRe' | 'pKnn' | 'confidence' | 'neighbours'
> {
  readonly sentence: ScoredSentence;
  readonly subject: ScoredMention;
  readonly object: ScoredMention;
}

export interface ScoredText {
  readonly profile: ScoringProfile;
  readonly sentences: readonly ScoredSentence[];
  readonly mentions: readonly ScoredMention[];
  readonly entities: readonly LocalEntity[];
  readonly predictions: readonly ScoredPair[];
}

/**
 * The profile of one call. Every memory must be open already: a call opens none.
 * @throws NeighborKbError INVALID_ARGUMENT or NOT_FOUND, the path beginning at `overrides`
 */
export function profileOfCall(
  { profile, memories }: Pick<ApiServices, 'profile' | 'memories'>,
  overrides: ProfileOverrides,
): ScoringProfile {
  const unknown = (overrides.memories ?? []).findIndex((name) => !memories.byName(name));
  if (unknown >= 0)
    throw new NeighborKbError('NOT_FOUND', 'no memory with this name is open', [
      'overrides',
      'memories',
      unknown,
    ]);
  try {
    return overrideProfile(profile, overrides);
  } catch (error) {
    throw error instanceof NeighborKbError ? error.at('overrides', ...overrideAt(error.path)) : error;
  }
}

/** Where the overrides have what is at fault at `path`: a memory, `memories, 1, memory` of a profile, is one in a list. */
function overrideAt(path: FieldPath): FieldPath {
  return path.length === 0 ? ['memories'] : path.slice(0, 2);
}

/**
 * Extracts a text without storing it and ties the pieces together by reference.
 * @throws NeighborKbError as ingestion would refuse the text, the path beginning at the document's fields
 */
export async function scoredText(
  extractor: Extractor,
  document: DocumentInput,
  profile: ScoringProfile,
  includeNil: boolean,
): Promise<ScoredText> {
  const [outcome] = await extractor.extract([document], profile);
  if (!outcome) throw new Error('the extractor answered with no document');
  if (!outcome.ok) throw outcome.error;
  const { sentences, mentions, entities, predictions } = outcome.extracted;

  const frame = frameOf(document.text);
  const entityById = new Map(entities.map((entity) => [entity.id, entity]));
  const sentenceById = new Map(sentences.map((sentence) => [sentence.id, { sentence, frame }]));
  const mentionById = new Map(
    mentions.map((mention) => {
      const entity = mention.entityId === null ? null : (entityById.get(mention.entityId) ?? null);
      return [mention.id, { ...mention, entity, frame }];
    }),
  );
  return {
    profile,
    sentences: [...sentenceById.values()],
    mentions: [...mentionById.values()],
    entities,
    predictions: predictions
      .filter(({ label }) => includeNil || label !== NIL)
      .map((prediction) => {
        const { label, p, pRe, pKnn, confidence } = prediction;
        return {
          ...{ label, p, pRe, pKnn, confidence },
          // Scoring makes the neighbours of a pair when they are asked for: they are not copied here.
          get neighbours() {
            return prediction.neighbours;
          },
          sentence: found(sentenceById, prediction.sentenceId),
          subject: found(mentionById, prediction.subjectMentionId),
          object: found(mentionById, prediction.objectMentionId),
        };
      }),
  };
}

function frameOf(text: string): Frame {
  let map: OffsetMap | undefined;
  return { text, offsets: () => (map ??= new OffsetMap(text)) };
}

function found<K, V>(values: ReadonlyMap<K, V>, key: K): V {
  const value = values.get(key);
  if (value === undefined) throw new Error(`the extractor refers to ${String(key)}, which it does not bring`);
  return value;
}
