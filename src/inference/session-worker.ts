import { InferenceSession, Tensor, type TypedTensor } from 'onnxruntime-node';
import { workerData } from 'piscina';
import type { Feeds } from './tensors.js';
import { moved } from './worker-result.js';

/*
 * A worker thread that keeps one ONNX Runtime session: `run()` blocks the thread that calls it.
 */

export interface SessionWorkerData {
  readonly modelPath: string;
  readonly executionProvider: string;
  /** Threads of one session. */
  readonly intraOpThreads: number;
}

/** Runs of one task, one after the other; no runs: answers once the session is ready. */
export type SessionTask = readonly Feeds[];

/** The float32 outputs of each run, by name. */
export type SessionResult = readonly Readonly<Record<string, Float32Array>>[];

const options = workerData as SessionWorkerData;
const session = InferenceSession.create(options.modelPath, {
  executionProviders: [options.executionProvider],
  intraOpNumThreads: options.intraOpThreads,
  interOpNumThreads: 1,
  // Spinning threads would take the cores from the other workers.
  extra: { session: { intra_op: { allow_spinning: '0' } } },
  logSeverityLevel: 3,
});
// A session that cannot be made is told to whoever sends the first task, not to the process.
session.catch(() => undefined);

export default async function run(task: SessionTask): Promise<SessionResult> {
  const ready = await session;
  const results: Record<string, Float32Array>[] = [];
  for (const feeds of task) {
    const outputs = await ready.run(
      Object.fromEntries(Object.entries(feeds).map(([name, tensor]) => [name, toTensor(tensor)])),
    );
    const result: Record<string, Float32Array> = {};
    // The runtime owns an output's memory: what leaves the thread is a copy.
    for (const name of ready.outputNames)
      result[name] = (outputs[name] as TypedTensor<'float32'>).data.slice();
    results.push(result);
  }
  return moved(
    results,
    results.flatMap((result) => Object.values(result).map(({ buffer }) => buffer as ArrayBuffer)),
  );
}

function toTensor({ type, dims, data }: Feeds[string]): Tensor {
  return type === 'int64'
    ? new Tensor('int64', new BigInt64Array(data), dims)
    : new Tensor('float32', new Float32Array(data), dims);
}
