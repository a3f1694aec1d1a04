import { stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeJson } from '../../src/cli/report-output.js';
import { parseProfile } from '../../src/domain/profile.js';
import { writeArrays } from '../../src/evaluation/array-file.js';
import { ProfileStore } from '../../src/evaluation/profile-store.js';
import { makeFolders } from '../../src/files/make-folders.js';
import { BuildFolder } from '../../src/memory/building/build-folder.js';
import { newTransferState, TransferStateFile } from '../../src/store/transfer/transfer-state.js';
import { exchangeFolder } from '../../src/tasks/exchange-folder.js';
import { outputPath } from '../../src/tasks/open-memory-tools.js';
import { withFolder } from '../store/temporary.js';

const profile = parseProfile({
  ...{ name: 'own', version: 1, model: 'relation-encoder@1.0.0', memories: [] },
  ...{ nilRatio: 1, minimumProbability: 0, calibration: { slope: 1, intercept: 0 } },
});

describe('folders', () => {
  it('are made with those that they lie in, by several at once, and stay where they are there', () =>
    withFolder(async (folder) => {
      const inner = path.join(folder, 'of', 'many');
      await Promise.all([makeFolders(inner), makeFolders(inner)]);
      await makeFolders(inner);
      expect((await stat(inner)).isDirectory()).toBe(true);
    }));

  it('that cannot be made are refused with the reason', () =>
    withFolder(async (folder) => {
      const file = path.join(folder, 'notes.txt');
      await writeFile(file, 'These are notes.');
      await expect(makeFolders(path.join(file, 'data'))).rejects.toThrow(/^E[A-Z]+/);
    }));
});

/** Folders that a user names, and what makes them. */
const NAMED: readonly [string, (folder: string) => Promise<unknown>][] = [
  ['of profiles', (folder) => new ProfileStore('none', folder).create(profile)],
  ['of a report', (folder) => writeJson(`${folder}/report.json`, {})],
  ['of what a command writes', (folder) => outputPath(`${folder}/out.jsonl`)],
  ['of encodings', (folder) => writeArrays(`${folder}/pairs.bin`, {}, {})],
  ['of exchange', (folder) => exchangeFolder(folder).outputPath('out.jsonl', ['out'])],
  [
    'of memories',
    (folder) => BuildFolder.open(folder, 'toy', 'x', { representationSize: 2, keyType: 'float16' }),
  ],
  [
    'of the state of a move',
    (folder) => new TransferStateFile(`${folder}/state.json`).write(newTransferState('sqlite', 'neo4j')),
  ],
];

describe.runIf(process.platform === 'linux')(
  'a folder below one that takes none is refused, not awaited:',
  () => {
    it.each(NAMED)('%s', async (_which, make) => {
      await expect(make('/proc/nope')).rejects.toThrow('ENOENT');
    });
  },
);
