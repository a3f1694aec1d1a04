import { join } from 'node:path';
import { writeFile } from 'node:fs/promises';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Extractor } from '../../src/extraction/ports.js';
import { ProfileStore } from '../../src/evaluation/profile-store.js';
import { runTaskNow, type TaskContext } from '../../src/jobs/tasks.js';
import type { ScoringTools } from '../../src/tasks/scoring-tools.js';
import { tuneTask } from '../../src/tasks/tune.js';
import { pureSample, SAMPLE_MAPPING } from '../evaluation/pure-sample.js';
import { RealParts } from '../extraction/real-parts.js';
import { temporaryFolder } from '../memory/temporary.js';

let parts: RealParts;
beforeAll(async () => {
  parts = await RealParts.open();
});
afterAll(() => parts.close());

/** Tools over the shipped models, and how many documents the extractor was given. */
async function toolsIn(folder: string): Promise<{ tools: ScoringTools; extracted: () => number }> {
  const { detector, encoder, schema, memory } = parts;
  const pipeline = parts.pipeline();
  let documents = 0;
  const extractor: Extractor = {
    extract: (batch, profile) => {
      documents += batch.length;
      return pipeline.extract(batch, profile);
    },
  };
  await writeFile(join(folder, 'sample.json'), pureSample());
  const file = (name: string): Promise<string> => Promise.resolve(join(folder, name));
  const tools: ScoringTools = {
    ...{ inputPath: file, outputPath: file, model: encoder.model },
    bench: {
      ...{ extractor, schema, labels: encoder.labels, profile: parts.profile({ memories: [] }) },
      ...{ identity: [detector.modelHash, encoder.modelHash], pronouns: detector.pronouns },
    },
    profiles: new ProfileStore(join(folder, 'shipped'), join(folder, 'own')),
    memory: () => Promise.resolve(memory),
  };
  return { tools, extracted: () => documents };
}

it('tuning that was stopped goes on behind its encodings, and keeps no profile before it is through', async () => {
  const folder = await temporaryFolder();
  const { tools, extracted } = await toolsIn(folder);
  const stop = new AbortController();
  const steps: string[] = [];
  const context = (signal: AbortSignal): TaskContext => ({
    ...{ signal, workDir: folder, log: pino({ level: 'silent' }) },
    progress: ({ step = '' }) => {
      steps.push(step);
      if (step === 'trying settings') stop.abort(new Error('paused'));
    },
  });
  const input = {
    ...{ name: 'mine', format: 'pure', files: ['sample.json'], mentions: 'gold' },
    ...{ mapping: SAMPLE_MAPPING, memories: ['tiny'], search: 'greedy' },
  };
  await expect(runTaskNow(tuneTask(tools), input, context(stop.signal))).rejects.toThrow('paused');
  expect(extracted()).toBe(12);
  expect(await tools.profiles.list()).toEqual([]);

  const result = await runTaskNow(tuneTask(tools), input, context(new AbortController().signal));
  expect(extracted()).toBe(12);
  expect(result).toMatchObject({ profile: 'mine@1', tunedOn: 'sample.json' });
  expect((await tools.profiles.get('mine')).memories.map(({ memory }) => memory)).toEqual(['tiny']);
  expect(new Set(steps)).toEqual(new Set(['encoding texts', 'searching memories', 'trying settings']));
});
