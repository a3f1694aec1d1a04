import { groupBy } from '../../domain/arrays.js';
import type { EntityId } from '../../domain/identity.js';
import type { EntityType } from '../../domain/mention-types.js';
import type { DatePrecision } from '../../domain/model.js';
import type { EntityReference } from '../../domain/redirects.js';
import { supported, type SupportedTriple } from '../document-graph.js';
import type { IdentityChanges } from '../identity-store.js';
import { IN_IDS, idList } from './by-ids.js';
import type { Connection } from './connection.js';
import type { Pacer } from './pacer.js';
import { redirectsOf } from './redirects.js';
import type { Touched } from './touched.js';
import { ensureTriples } from './write-document.js';
import { countNames, ensureEntities, type EntitySeed } from './write-entities.js';

/** Local entities, and documents, that are brought up to date together. */
const SLICE = 200;

/**
 * Brings mentions, evidence and triples up to date after ids have come to stand for something else; the caller then
 * refreshes what was touched. Linear in the mentions that move and in the relations of their documents.
 */
export async function rederive(
  connection: Connection,
  pacer: Pacer,
  changed: readonly EntityId[],
  touched: Touched,
): Promise<IdentityChanges> {
  let mentions = 0;
  const moved: Pick<Move, 'documentKey' | 'localKey'>[] = [];
  for (let start = 0; start < changed.length; start += SLICE) {
    const moves = await movesOf(connection, pacer, changed.slice(start, start + SLICE));
    if (moves.length === 0) continue;
    mentions += await moveMentions(connection, pacer, moves);
    for (const { localKey, documentKey, from, to } of moves) {
      moved.push({ documentKey, localKey });
      touched.entities.add(from).add(to);
    }
    await pacer.breathe();
  }
  let evidence = 0;
  const documents = [...groupBy(moved, ({ documentKey }) => documentKey)];
  for (let start = 0; start < documents.length; start += SLICE)
    evidence += await moveEvidence(connection, pacer, documents.slice(start, start + SLICE), touched);
  return { mentions, evidence };
}

interface LocalRow {
  readonly key: number;
  readonly id: EntityId;
  readonly type: EntityType;
  readonly name: string;
  readonly date_iso: string | null;
  readonly date_precision: DatePrecision | null;
  readonly document_key: number;
  readonly entity_key: number;
  readonly entity_id: EntityId;
}

/** A local entity that stands for another entity than before. */
interface Move {
  readonly localKey: number;
  readonly documentKey: number;
  readonly name: string;
  /** Keys of entities. */
  readonly from: number;
  readonly to: number;
  /** Whether the local entity's own id is that of the entity. */
  readonly wasOwn: boolean;
  readonly isOwn: boolean;
}

type MovedDocument = readonly [documentKey: number, moves: readonly Pick<Move, 'localKey'>[]];

/** What has to move, with the entities that it moves to, which are made where they are missing. */
async function movesOf(connection: Connection, pacer: Pacer, ids: readonly EntityId[]): Promise<Move[]> {
  const redirects = redirectsOf(connection, ids);
  const rows = connection.all<LocalRow>(
    `SELECT l.key, l.id, l.type, l.name, l.date_iso, l.date_precision, l.document_key, l.entity_key,
       e.id AS entity_id
     FROM local_entities l JOIN entities e ON e.key = l.entity_key WHERE l.id ${IN_IDS}`,
    [idList(ids)],
  );
  const moving = rows
    .map((row) => ({ row, target: redirects.get(row.id) ?? seedOf(row) }))
    .filter(({ row, target }) => row.entity_id !== target.id);
  const keys = await ensureEntities(
    connection,
    pacer,
    moving.map(({ target }) => target),
  );
  return moving.map(({ row, target }) => ({
    localKey: row.key,
    documentKey: row.document_key,
    name: row.name,
    from: row.entity_key,
    to: keys.get(target.id) as number, // ensured above
    wasOwn: row.entity_id === row.id,
    isOwn: target.id === row.id,
  }));
}

function seedOf({ id, type, name, date_iso: iso, date_precision: precision }: LocalRow): EntitySeed {
  return { id, type, name, date: iso === null || precision === null ? null : { iso, precision } };
}

/** @returns number of mentions */
async function moveMentions(connection: Connection, pacer: Pacer, moves: readonly Move[]): Promise<number> {
  const list = JSON.stringify(
    moves.map(({ localKey, documentKey, from, to }) => [localKey, documentKey, from, to]),
  );
  const surfaces = connection.all<{ local: number; name: string; mentions: number }>(
    `SELECT m.local_key AS local, m.text AS name, count(*) AS mentions
     FROM json_each(?) w CROSS JOIN mentions m ON m.entity_key = w.value ->> 2
       AND m.document_key = w.value ->> 1 AND m.local_key = w.value ->> 0
     WHERE m.type <> 'PRON' GROUP BY m.local_key, m.text`,
    [list],
  );
  const moveOf = new Map(moves.map((move) => [move.localKey, move]));
  await countNames(connection, pacer, [
    ...moves.flatMap(({ name, from, to, wasOwn, isOwn }) => [
      { entityKey: from, name, documents: -1, own: wasOwn ? -1 : 0, mentions: 0 },
      { entityKey: to, name, documents: 1, own: isOwn ? 1 : 0, mentions: 0 },
    ]),
    ...surfaces.flatMap(({ local, name, mentions }) => {
      const { from, to } = moveOf.get(local) as Move; // selected by the moves
      const counts = { name, documents: 0, own: 0 };
      return [
        { ...counts, entityKey: from, mentions: -mentions },
        { ...counts, entityKey: to, mentions },
      ];
    }),
  ]);
  const moved = connection.run(
    `UPDATE mentions SET entity_key = w.value ->> 3 FROM json_each(?) w
     WHERE mentions.entity_key = w.value ->> 2 AND mentions.document_key = w.value ->> 1
       AND mentions.local_key = w.value ->> 0`,
    [list],
  );
  await pacer.breathe();
  moveCounts(connection, list);
  connection.run(
    `UPDATE local_entities SET entity_key = w.value ->> 3 FROM json_each(?) w
     WHERE local_entities.key = w.value ->> 0`,
    [list],
  );
  return moved;
}

function moveCounts(connection: Connection, list: string): void {
  const change = (sign: '-' | '+', side: 2 | 3) =>
    connection.run(
      `UPDATE entities SET mentions = entities.mentions ${sign} c.mentions FROM (
         SELECT w.value ->> ${side} AS key, sum(l.mentions) AS mentions
         FROM json_each(?) w CROSS JOIN local_entities l ON l.key = w.value ->> 0 GROUP BY 1
       ) c WHERE entities.key = c.key`,
      [list],
    );
  change('-', 2);
  change('+', 3);
}

interface RelationRow {
  readonly key: number;
  readonly label: string;
  readonly triple_key: number | null;
  readonly subject_id: EntityId;
  readonly subject_type: EntityType;
  readonly subject_key: number;
  readonly object_id: EntityId;
  readonly object_type: EntityType;
  readonly object_key: number;
}

/** @returns number of pieces of evidence that support another triple, or none, or one again */
async function moveEvidence(
  connection: Connection,
  pacer: Pacer,
  documents: readonly MovedDocument[],
  touched: Touched,
): Promise<number> {
  const relations = relationsOf(connection, documents);
  const entityKeys = new Map<EntityId, number>();
  const triples = new Map<string, SupportedTriple>();
  const targets = relations.map((row) => {
    entityKeys.set(row.subject_id, row.subject_key).set(row.object_id, row.object_key);
    const subject: Pick<EntityReference, 'id' | 'type'> = { id: row.subject_id, type: row.subject_type };
    const triple = supported(row.label, subject, { id: row.object_id, type: row.object_type });
    if (triple) triples.set(triple.id, triple);
    return triple;
  });
  const keys = await ensureTriples(connection, pacer, [...triples.values()], entityKeys);
  const changes = relations.flatMap((row, place) => {
    const triple = targets[place];
    const to = triple ? (keys.get(triple.id) ?? null) : null;
    if (to === row.triple_key) return [];
    for (const key of [row.triple_key, to]) if (key !== null) touched.triples.add(key);
    return [[row.key, to]];
  });
  for (let start = 0; start < changes.length; start += SLICE) {
    connection.run(
      `UPDATE predictions SET triple_key = w.value ->> 1 FROM json_each(?) w
       WHERE predictions.key = w.value ->> 0`,
      [JSON.stringify(changes.slice(start, start + SLICE))],
    );
    await pacer.breathe();
  }
  return changes.length;
}

/** Pairs with a relation between two different local entities of which one has moved. */
function relationsOf(connection: Connection, documents: readonly MovedDocument[]): RelationRow[] {
  const moved = JSON.stringify(documents.flatMap(([, moves]) => moves.map(({ localKey }) => localKey)));
  return connection.all<RelationRow>(
    `SELECT p.key, p.label, p.triple_key, se.key AS subject_key, se.id AS subject_id, se.type AS subject_type,
       oe.key AS object_key, oe.id AS object_id, oe.type AS object_type
     FROM predictions p JOIN mentions s ON s.key = p.subject_key JOIN mentions o ON o.key = p.object_key
       JOIN entities se ON se.key = s.entity_key JOIN entities oe ON oe.key = o.entity_key
     WHERE p.document_key IN (SELECT value FROM json_each(?)) AND p.label <> 'NIL'
       AND s.local_key <> o.local_key
       AND (s.local_key IN (SELECT value FROM json_each(?)) OR o.local_key IN (SELECT value FROM json_each(?)))`,
    [JSON.stringify(documents.map(([key]) => key)), moved, moved],
  );
}
