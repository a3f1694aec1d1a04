import type { Neighbour } from '../../domain/model.js';
import { bulkInsert, nextKey } from './bulk-insert.js';
import type { Connection } from './connection.js';
import type { Pacer } from './pacer.js';

export interface EvidenceVoters {
  readonly predictionKey: number;
  readonly neighbours: readonly Neighbour[];
}

/** Pieces of evidence whose voters are looked up together. */
const SLICE = 100;

/** Writes the voters of evidence; a memory's entry is stored once, however often it votes. */
export async function insertNeighbours(
  connection: Connection,
  pacer: Pacer,
  evidence: readonly EvidenceVoters[],
): Promise<void> {
  for (let start = 0; start < evidence.length; start += SLICE) {
    const slice = evidence.slice(start, start + SLICE);
    const keys = await insertVoters(connection, pacer, slice);
    await bulkInsert(
      connection,
      pacer,
      'neighbours (prediction_key, position, voter_key, rank, squared_distance, weight)',
      slice.flatMap(({ predictionKey, neighbours }) =>
        neighbours.map((neighbour, position) => [
          ...[predictionKey, position, keys.get(voterName(neighbour)) ?? null],
          ...[neighbour.rank, neighbour.squaredDistance, neighbour.weight],
        ]),
      ),
    );
  }
}

async function insertVoters(
  connection: Connection,
  pacer: Pacer,
  evidence: readonly EvidenceVoters[],
): Promise<ReadonlyMap<string, number>> {
  const voters = new Map<string, Neighbour>();
  for (const { neighbours } of evidence)
    for (const neighbour of neighbours) voters.set(voterName(neighbour), neighbour);

  const names = JSON.stringify(
    [...voters.values()].map(({ memory, memoryVersion, entry }) => [memory, memoryVersion, entry]),
  );
  const keys = new Map<string, number>();
  for (const row of connection.all<{ key: number; memory: string; memory_version: string; entry: string }>(
    `SELECT v.key, v.memory, v.memory_version, v.entry FROM json_each(?) wanted CROSS JOIN voters v
     ON v.memory = wanted.value ->> 0 AND v.memory_version = wanted.value ->> 1
       AND v.entry = wanted.value ->> 2`,
    [names],
  ))
    keys.set(voterName({ ...row, memoryVersion: row.memory_version }), row.key);

  const missing = [...voters].filter(([name]) => !keys.has(name));
  const first = nextKey(connection, 'voters');
  for (const [place, [name]] of missing.entries()) keys.set(name, first + place);
  await bulkInsert(
    connection,
    pacer,
    `voters (key, memory, memory_version, entry, label, text, subject_start, subject_end, object_start,
       object_end)`,
    missing.map(([, { memory, memoryVersion, entry, label, text, subject, object }], place) => [
      ...[first + place, memory, memoryVersion, entry, label, text],
      ...[subject.start, subject.end, object.start, object.end],
    ]),
  );
  return keys;
}

function voterName({
  memory,
  memoryVersion,
  entry,
}: Pick<Neighbour, 'memory' | 'memoryVersion' | 'entry'>): string {
  return JSON.stringify([memory, memoryVersion, entry]);
}
