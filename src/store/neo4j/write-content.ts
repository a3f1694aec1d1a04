import type { ExtractedDocument, Mention, Prediction, Sentence } from '../../domain/model.js';
import { foldedText } from '../queries/search-text.js';
import { groupBy, inBatches } from './batches.js';
import { bytes, int, type Neo4jTransaction } from './connection.js';
import type { PreparedDocument, Voting } from './prepared.js';
import { heaviestVotes, voterProperties } from './write-voters.js';

/** Predictions of one statement, about: each carries some kilobytes. */
const BATCH = 100;

/**
 * Writes what belongs to one document alone: sentences, mentions, predictions, and the votes for these. The memory
 * entries that vote are there. Documents do not wait for each other here.
 */
export async function writeContent(
  transaction: Neo4jTransaction,
  documents: readonly PreparedDocument[],
): Promise<void> {
  const sentences = documents.flatMap(sentenceRows);
  const across = documents.flatMap(acrossRows);
  await Promise.all([
    inBatches(
      transaction,
      WRITE_SENTENCES,
      sentences,
      BATCH,
      {},
      ({ predictions }) => 1 + predictions.length,
    ),
    inBatches(transaction, WRITE_ACROSS, across, BATCH),
  ]);
}

const WRITE_VOTES = `
  UNWIND votes AS vote
  MATCH (m:MemoryEntry {id: vote.entryId})
  CREATE (m)-[v:VOTED_FOR]->(p)
  SET v = vote.properties`;

// Predictions find their mentions by place: each would be two searches in an index.
const WRITE_SENTENCES = `
  UNWIND $rows AS row
  MATCH (d:Document {id: row.documentId})
  CREATE (d)-[:HAS_SENTENCE]->(s:Sentence)
  SET s = row.properties
  WITH s, row
  CALL (s, row) {
    UNWIND row.mentions AS properties
    CREATE (s)-[:HAS_MENTION]->(m:Mention)
    SET m = properties
    RETURN collect(m) AS mentions
  }
  UNWIND row.predictions AS prediction
  WITH s, prediction, mentions[prediction.subject] AS subject, mentions[prediction.object] AS object
  CREATE (s)-[:HAS_PREDICTION]->(p:Prediction:$(prediction.labels))
  SET p = prediction.properties
  CREATE (p)-[:SUBJECT]->(subject)
  CREATE (p)-[:OBJECT]->(object)
  WITH p, prediction.votes AS votes
  ${WRITE_VOTES}`;

interface SentenceRow {
  readonly documentId: string;
  readonly properties: ReturnType<typeof sentenceProperties>;
  readonly mentions: readonly ReturnType<typeof mentionProperties>[];
  readonly predictions: readonly {
    /** Places among the mentions. */
    readonly subject: ReturnType<typeof int>;
    readonly object: ReturnType<typeof int>;
    readonly labels: readonly string[];
    readonly properties: ReturnType<typeof predictionProperties>;
    readonly votes: ReturnType<typeof heaviestVotes>;
  }[];
}

function sentenceRows({ extracted, graph, votings }: PreparedDocument): SentenceRow[] {
  const { document, sentences } = extracted;
  const mentionsOf = groupBy(extracted.mentions, ({ sentenceId }) => sentenceId);
  const predictionsOf = groupBy(extracted.predictions.entries(), ([, { sentenceId }]) => sentenceId);
  return sentences.map((sentence) => {
    const mentions = mentionsOf.get(sentence.id) ?? [];
    const places = new Map(mentions.map(({ id }, place) => [id, place]));
    return {
      documentId: document.id,
      properties: sentenceProperties(sentence, document.text),
      mentions: mentions.map(mentionProperties),
      predictions: (predictionsOf.get(sentence.id) ?? []).flatMap(([place, prediction]) => {
        const subject = places.get(prediction.subjectMentionId);
        const object = places.get(prediction.objectMentionId);
        if (subject === undefined || object === undefined) return [];
        return {
          ...{ subject: int(subject), object: int(object), labels: labelsOf(graph, place) },
          ...votedProperties(prediction, votings.get(prediction.id)),
        };
      }),
    };
  });
}

/** Predictions with an end in another sentence: extraction makes none, other programs may. */
const WRITE_ACROSS = `
  UNWIND $rows AS row
  MATCH (s:Sentence {id: row.sentenceId})
  MATCH (subject:Mention {id: row.subjectId})
  MATCH (object:Mention {id: row.objectId})
  CREATE (s)-[:HAS_PREDICTION]->(p:Prediction:$(row.labels))
  SET p = row.properties
  CREATE (p)-[:SUBJECT]->(subject)
  CREATE (p)-[:OBJECT]->(object)
  WITH p, row.votes AS votes
  ${WRITE_VOTES}`;

function acrossRows({ extracted, graph, votings }: PreparedDocument) {
  const sentenceOf = sentencesOfMentions(extracted);
  return extracted.predictions.flatMap((prediction, place) => {
    const { sentenceId, subjectMentionId: subjectId, objectMentionId: objectId } = prediction;
    if ([subjectId, objectId].every((id) => sentenceOf.get(id) === sentenceId)) return [];
    return {
      ...{ sentenceId, subjectId, objectId, labels: labelsOf(graph, place) },
      ...votedProperties(prediction, votings.get(prediction.id)),
    };
  });
}

function sentencesOfMentions({ mentions }: ExtractedDocument) {
  return new Map(mentions.map(({ id, sentenceId }) => [id, sentenceId]));
}

/** Labels of a prediction beside its own: of those that support a triple. */
function labelsOf({ tripleOfPrediction }: PreparedDocument['graph'], place: number): readonly string[] {
  return tripleOfPrediction[place] ? ['Evidence'] : [];
}

function sentenceProperties({ id, index, start, end }: Sentence, text: string) {
  const own = text.slice(start, end);
  return { id, position: int(index), start: int(start), end: int(end), text: own, words: foldedText(own) };
}

function mentionProperties({ id, start, end, text, type, score, origin, entityId }: Mention) {
  // What extraction resolved it to; REFERS_TO leads to what that stands for.
  return { id, start: int(start), end: int(end), text, type, score, origin, localId: entityId };
}

function votedProperties(prediction: Prediction, voting: Voting | undefined) {
  return {
    properties: predictionProperties(prediction, voting),
    votes: voting ? heaviestVotes(voting) : [],
  };
}

function predictionProperties(prediction: Prediction, voting: Voting | undefined) {
  const { id, label, p, pRe, pKnn, confidence, ...rest } = prediction;
  const { profile, model, representation, classifier } = rest;
  return {
    ...{ id, label, p, pRe, pKnn, confidence, profile, model },
    ...(voting ? voterProperties(voting) : {}),
    representation: bytes(representation),
    classifier: bytes(classifier),
  };
}
