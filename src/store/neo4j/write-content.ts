import { groupBy } from '../../domain/arrays.js';
import type { ExtractedDocument, Mention, Prediction, Sentence } from '../../domain/model.js';
import { foldedText } from '../queries/search-text.js';
import { columnsOf, eachRow, inTables, placesOf, propertiesOf, type RowOf } from './batches.js';
import { FIND_DOCUMENTS } from './document-heads.js';
import { bytes, int, type Neo4jTransaction } from './connection.js';
import type { PreparedDocument, Voting } from './prepared.js';
import { heaviestVotes, VOTER_LISTS, voterLists } from './write-voters.js';

/** Sentences and predictions of one statement, about: a prediction carries some kilobytes. */
const BATCH = 100;

/**
 * Writes what belongs to one document alone: sentences, mentions, predictions, and the votes for these. The memory
 * entries that vote are there. Documents do not wait for each other here.
 */
export async function writeContent(
  transaction: Neo4jTransaction,
  documents: readonly PreparedDocument[],
): Promise<void> {
  const contents = documents.map(contentOf);
  const sentences = contents.flatMap((content) => content.sentences);
  const across = contents.flatMap((content) => content.across);
  const weight = ({ predictions }: OwnSentence): number => 1 + predictions.length;
  await Promise.all([
    inTables(transaction, WRITE_SENTENCES, sentences, BATCH, sentenceTables, weight),
    inTables(transaction, WRITE_ACROSS, across, BATCH, acrossTables),
  ]);
}

const SENTENCE = ['id', 'position', 'start', 'end', 'text', 'words'] as const;
const MENTION = ['id', 'start', 'end', 'text', 'type', 'score', 'origin', 'localId'] as const;
const PREDICTION = [
  ...(['id', 'label', 'p', 'pRe', 'pKnn', 'confidence', 'profile', 'model'] as const),
  ...VOTER_LISTS,
  ...(['representation', 'classifier'] as const),
] as const;
const VOTE = ['rank', 'distance', 'weight'] as const;

const CREATE_PREDICTION = `
  CREATE (s)-[:HAS_PREDICTION]->(p:Prediction:$($predictions.labels[row]) ${propertiesOf('predictions', PREDICTION)})
  CREATE (p)-[:SUBJECT]->(subject)
  CREATE (p)-[:OBJECT]->(object)
  RETURN collect(p) AS predictions`;

const CREATE_VOTES = `
  ${eachRow('votes', 'entryId')}
  MATCH (m:MemoryEntry {id: $votes.entryId[row]})
  WITH m, row, predictions[$votes.prediction[row]] AS p
  CREATE (m)-[:VOTED_FOR ${propertiesOf('votes', VOTE)}]->(p)`;

// What a statement makes is found again by its place in a list: each would be a search in an index.
const WRITE_SENTENCES = `
  ${FIND_DOCUMENTS}
  CALL (documents) {
    ${eachRow('sentences')}
    WITH row, documents[$sentences.document[row]] AS d
    CREATE (d)-[:HAS_SENTENCE]->(s:Sentence ${propertiesOf('sentences', SENTENCE)})
    RETURN collect(s) AS sentences
  }
  CALL (sentences) {
    ${eachRow('mentions')}
    WITH row, sentences[$mentions.sentence[row]] AS s
    CREATE (s)-[:HAS_MENTION]->(m:Mention ${propertiesOf('mentions', MENTION)})
    RETURN collect(m) AS mentions
  }
  CALL (sentences, mentions) {
    ${eachRow('predictions')}
    WITH row, sentences[$predictions.sentence[row]] AS s,
      mentions[$predictions.subject[row]] AS subject, mentions[$predictions.object[row]] AS object
    ${CREATE_PREDICTION}
  }
  ${CREATE_VOTES}`;

/** Predictions with an end in another sentence: extraction makes none, other programs may. */
const WRITE_ACROSS = `
  CALL () {
    ${eachRow('predictions')}
    MATCH (s:Sentence {id: $predictions.sentenceId[row]})
    MATCH (subject:Mention {id: $predictions.subjectId[row]})
    MATCH (object:Mention {id: $predictions.objectId[row]})
    ${CREATE_PREDICTION}
  }
  ${CREATE_VOTES}`;

/** A prediction with what is stored of its voters. */
interface VotedPrediction {
  readonly prediction: Prediction;
  readonly labels: readonly string[];
  readonly voting: Voting | undefined;
}

/** A sentence with what is in it alone. */
interface OwnSentence {
  readonly document: ExtractedDocument['document'];
  readonly sentence: Sentence;
  readonly mentions: readonly Mention[];
  readonly predictions: readonly VotedPrediction[];
}

/** What a document brings, as it is written. */
interface Content {
  readonly sentences: readonly OwnSentence[];
  /** Predictions with an end in another sentence. */
  readonly across: readonly VotedPrediction[];
}

function contentOf(prepared: PreparedDocument): Content {
  const { document, sentences, mentions } = prepared.extracted;
  const sentenceOf: SentenceOfMention = new Map(mentions.map(({ id, sentenceId }) => [id, sentenceId]));
  const all = votedPredictions(prepared);
  const own = groupBy(
    all.filter(({ prediction }) => isWithin(prediction, sentenceOf)),
    ({ prediction }) => prediction.sentenceId,
  );
  const mentionsOf = groupBy(mentions, ({ sentenceId }) => sentenceId);
  return {
    sentences: sentences.map((sentence) => ({
      document,
      sentence,
      mentions: mentionsOf.get(sentence.id) ?? [],
      predictions: own.get(sentence.id) ?? [],
    })),
    across: all.filter(({ prediction }) => !isWithin(prediction, sentenceOf)),
  };
}

type SentenceOfMention = ReadonlyMap<Mention['id'], Sentence['id']>;

function isWithin(
  { sentenceId, subjectMentionId, objectMentionId }: Prediction,
  sentenceOf: SentenceOfMention,
): boolean {
  return sentenceOf.get(subjectMentionId) === sentenceId && sentenceOf.get(objectMentionId) === sentenceId;
}

function votedPredictions({ extracted, graph, votings }: PreparedDocument): VotedPrediction[] {
  return extracted.predictions.map((prediction, place) => ({
    prediction,
    labels: graph.tripleOfPrediction[place] ? ['Evidence'] : [],
    voting: votings.get(prediction.id),
  }));
}

function sentenceTables(slice: readonly OwnSentence[]) {
  const documents = [...new Set(slice.map(({ document }) => document.id))];
  const documentPlaces = placesOf(documents);
  const mentions = slice.flatMap((own, place) =>
    own.mentions.map((mention) => ({ ...mentionProperties(mention), sentence: int(place) })),
  );
  const mentionPlaces = placesOf(mentions.map(({ id }) => id));
  const predictions = slice.flatMap((own, place) =>
    own.predictions.map((voted) => ({
      ...predictionProperties(voted),
      sentence: int(place),
      subject: mentionPlaces.get(voted.prediction.subjectMentionId),
      object: mentionPlaces.get(voted.prediction.objectMentionId),
    })),
  );
  return {
    documents,
    sentences: columnsOf(
      slice.map(({ sentence, document }) => ({
        ...sentenceProperties(sentence, document.text),
        document: documentPlaces.get(document.id),
      })),
    ),
    mentions: columnsOf(mentions),
    predictions: columnsOf(predictions),
    votes: votesOf(slice.flatMap((own) => own.predictions)),
  };
}

function acrossTables(slice: readonly VotedPrediction[]) {
  return {
    predictions: columnsOf(
      slice.map((voted) => {
        const { sentenceId, subjectMentionId: subjectId, objectMentionId: objectId } = voted.prediction;
        return { ...predictionProperties(voted), sentenceId, subjectId, objectId };
      }),
    ),
    votes: votesOf(slice),
  };
}

function votesOf(predictions: readonly VotedPrediction[]) {
  return columnsOf(
    predictions.flatMap(({ voting }, place) =>
      voting ? heaviestVotes(voting).map((vote) => ({ ...vote, prediction: int(place) })) : [],
    ),
  );
}

function sentenceProperties({ id, index, start, end }: Sentence, text: string): RowOf<typeof SENTENCE> {
  const own = text.slice(start, end);
  return { id, position: int(index), start: int(start), end: int(end), text: own, words: foldedText(own) };
}

function mentionProperties({ id, start, end, text, type, score, origin, entityId }: Mention) {
  // What extraction resolved it to; REFERS_TO leads to what that stands for.
  const span = { start: int(start), end: int(end) };
  return { id, ...span, text, type, score, origin, localId: entityId } satisfies RowOf<typeof MENTION>;
}

function predictionProperties({ prediction, labels, voting }: VotedPrediction) {
  const { id, label, p, pRe, pKnn, confidence, profile, model, representation, classifier } = prediction;
  return {
    ...{ id, label, p, pRe, pKnn, confidence, profile, model },
    ...voterLists(voting),
    representation: bytes(representation),
    classifier: bytes(classifier),
    labels,
  } satisfies RowOf<typeof PREDICTION> & { readonly labels: readonly string[] };
}
