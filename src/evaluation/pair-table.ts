import { joinArrays } from '../domain/arrays.js';
import { NeighborKbError } from '../domain/errors.js';
import { decodeFloat16, decodeFloat32 } from '../domain/float16.js';
import type { LabelledText } from '../datasets/ports.js';
import { LabelSpace } from '../domain/label-space.js';
import type { MentionType } from '../domain/mention-types.js';
import type { ExtractedDocument, Mention, Prediction } from '../domain/model.js';
import { NIL, type PredicateSchema } from '../domain/predicates.js';
import { gateType } from '../domain/pronouns.js';
import type { ExtractionOutcome } from '../extraction/ports.js';
import type { GoldPairs } from './gold-pairs.js';

/**
 * Pairs of many documents as the encoder left them, in typed arrays: what every rescoring starts from, so that
 * one pass of the encoder serves any number of settings.
 */
export interface PairTable {
  /** The encoder's labels, NIL at index 0, then those of schema and memories that it lacks. */
  readonly labels: readonly string[];
  readonly count: number;
  /** Index of the document of each pair, ascending. */
  readonly document: Int32Array;
  /** count x 4: start and end of the subject, start and end of the object, UTF-16 units. */
  readonly spans: Int32Array;
  /** count x representationSize, row-major, rounded to float16 as the run time does. */
  readonly representations: Float32Array;
  readonly representationSize: number;
  /** count x labels: p_RE. */
  readonly pRe: Float32Array;
  /** Which entry of `gates` holds for each pair. */
  readonly gate: Uint16Array;
  /** Label indices that the schema permits for a pair of gate types, ascending, without NIL. */
  readonly gates: readonly Uint16Array[];
}

/** What pairs of gold mentions may hold. */
export interface GoldGate {
  /** Labels that may win. */
  readonly judged: ReadonlySet<string>;
  /** Which of them a pair may hold by its types; absent: all. */
  readonly permitted?: ((subjectType: string, objectType: string) => ReadonlySet<string>) | undefined;
}

/** Gold pairs as a table. */
export function tableOfGoldPairs(
  pairs: GoldPairs,
  texts: readonly LabelledText[],
  space: LabelSpace,
  { judged, permitted }: GoldGate,
): PairTable {
  const spans = new Int32Array(4 * pairs.count);
  const gate = new Uint16Array(pairs.count);
  const gates: Uint16Array[] = [];
  const gateIndex = new Map<string, number>();
  for (let pair = 0; pair < pairs.count; pair++) {
    const mentions = [0, 1].map(
      (role) => texts[pairs.document[pair] as number]?.mentions[pairs.mentions[2 * pair + role] as number],
    );
    spans.set(
      mentions.flatMap((mention) => [mention?.start ?? -1, mention?.end ?? -1]),
      4 * pair,
    );
    const [subject = '', object = ''] = permitted ? mentions.map((mention) => mention?.type ?? '') : [];
    const key = `${subject}>${object}`;
    let index = gateIndex.get(key);
    if (index === undefined) {
      const allowed = permitted?.(subject, object);
      const labels = space.labels.flatMap((label, at) =>
        at > 0 && judged.has(label) && (allowed?.has(label) ?? true) ? [at] : [],
      );
      index = gates.push(Uint16Array.from(labels)) - 1;
      gateIndex.set(key, index);
    }
    gate[pair] = index;
  }
  return {
    labels: space.labels,
    count: pairs.count,
    document: pairs.document,
    spans,
    representations: pairs.representations,
    representationSize: pairs.representationSize,
    pRe: space.widen(pairs.classifier),
    gate,
    gates,
  };
}

/** Pairs of an extraction before a schema says what they may hold. */
export interface ExtractedPairs {
  readonly document: Int32Array;
  /** pairs x 4, as in the table. */
  readonly spans: Int32Array;
  /** Index in `gateTypes` of each pair. */
  readonly gate: Uint16Array;
  /** Subject and object types that the gates go by. */
  readonly gateTypes: readonly (readonly [string, string])[];
  readonly representations: Float32Array;
  readonly representationSize: number;
  /** pairs x labels of the encoder. */
  readonly classifier: Float32Array;
  readonly encoderLabels: readonly string[];
}

/** The pairs under the labels of encoder and schema, gated by the schema. */
export function tableOfExtractedPairs(pairs: ExtractedPairs, schema: PredicateSchema): PairTable {
  const space = new LabelSpace(
    pairs.encoderLabels,
    schema.predicates.map(({ id }) => id),
  );
  const gates = pairs.gateTypes.map(([subject, object]) => {
    const permitted = schema.permitted(subject, object);
    return Uint16Array.from(space.labels.flatMap((label, index) => (permitted.has(label) ? [index] : [])));
  });
  return {
    labels: space.labels,
    count: pairs.document.length,
    document: pairs.document,
    spans: pairs.spans,
    representations: pairs.representations,
    representationSize: pairs.representationSize,
    pRe: space.widen(pairs.classifier),
    gate: pairs.gate,
    gates,
  };
}

/** Gathers documents chunk by chunk, so that predictions and their neighbours need not be kept. */
export class PairTableBuilder {
  private readonly rows: { document: number; spans: readonly number[]; gate: number }[] = [];
  private readonly representations: Float32Array[] = [];
  private readonly classifiers: Float32Array[] = [];
  private readonly gateIndex = new Map<string, number>();
  private readonly gateTypes: (readonly [string, string])[] = [];

  /** @param encoderLabels NIL first */
  constructor(
    private readonly encoderLabels: readonly string[],
    private readonly schema: PredicateSchema,
  ) {}

  /** @param document index of the document, not smaller than that of the call before */
  add(document: number, { mentions, predictions }: ExtractedDocument): void {
    const gateTypeOf = ({ type, text }: Mention): MentionType => gateType(type, text);
    const mentionById = new Map(mentions.map((mention) => [mention.id, mention]));
    let last: Prediction | undefined;
    for (const prediction of predictions) {
      // What holds beside a pair's best label stands right behind it: the pair is one row.
      const isCompanion =
        last?.subjectMentionId === prediction.subjectMentionId &&
        last.objectMentionId === prediction.objectMentionId;
      last = prediction;
      if (isCompanion) continue;
      const subject = mentionById.get(prediction.subjectMentionId);
      const object = mentionById.get(prediction.objectMentionId);
      if (!subject || !object)
        throw new NeighborKbError('INTERNAL', `prediction ${prediction.id} lacks one of its mentions`);
      this.rows.push({
        document,
        spans: [subject.start, subject.end, object.start, object.end],
        gate: this.gateOf(gateTypeOf(subject), gateTypeOf(object)),
      });
      this.representations.push(decodeFloat16(prediction.representation));
      this.classifiers.push(decodeFloat32(prediction.classifier));
    }
  }

  pairs(): ExtractedPairs {
    return {
      document: Int32Array.from(this.rows, (row) => row.document),
      spans: Int32Array.from(this.rows.flatMap((row) => row.spans)),
      gate: Uint16Array.from(this.rows, (row) => row.gate),
      gateTypes: this.gateTypes,
      representations: concatenate(this.representations),
      representationSize: this.representations[0]?.length ?? 0,
      classifier: concatenate(this.classifiers),
      encoderLabels: this.encoderLabels,
    };
  }

  build(): PairTable {
    return tableOfExtractedPairs(this.pairs(), this.schema);
  }

  private gateOf(subject: MentionType, object: MentionType): number {
    const key = `${subject}>${object}`;
    const known = this.gateIndex.get(key);
    if (known !== undefined) return known;
    this.gateTypes.push([subject, object]);
    this.gateIndex.set(key, this.gateTypes.length - 1);
    return this.gateTypes.length - 1;
  }
}

/** The extracted document of an outcome; gold data that is refused is a fault of the file. */
export function extractedOf(outcome: ExtractionOutcome): ExtractedDocument {
  if (!outcome.ok) throw outcome.error.under('documents', outcome.externalId);
  return outcome.extracted;
}

/** Predictions that name a relation, with their mentions. */
export function relationsOf(
  extracted: ExtractedDocument,
): { readonly prediction: Prediction; readonly subject: Mention; readonly object: Mention }[] {
  const mentionById = new Map(extracted.mentions.map((mention) => [mention.id, mention]));
  return extracted.predictions.flatMap((prediction) => {
    const subject = mentionById.get(prediction.subjectMentionId);
    const object = mentionById.get(prediction.objectMentionId);
    return prediction.label === NIL || !subject || !object ? [] : [{ prediction, subject, object }];
  });
}

/** Rows of equal length, one after the other. */
function concatenate(rows: readonly Float32Array[]): Float32Array {
  const size = rows[0]?.length ?? 0;
  const other = rows.findIndex((row) => row.length !== size);
  if (other >= 0)
    throw new NeighborKbError('INTERNAL', `row ${other} holds ${rows[other]?.length} values, not ${size}`);
  return joinArrays(rows);
}
