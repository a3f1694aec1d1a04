import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { exchangeFolder } from '../../src/tasks/exchange-folder.js';
import { temporaryFolder } from '../memory/temporary.js';

test('files of the folder and of folders below it can be named', async () => {
  const root = await temporaryFolder();
  const { inputPath, outputPath } = exchangeFolder(root);
  await writeFile(await outputPath('out/findings.jsonl', ['out']), '{}');
  expect(await inputPath('out/findings.jsonl', ['file'])).toBe(join(root, 'out', 'findings.jsonl'));
});

test.each(['../secret', '/etc/passwd', 'a/../../secret', '', '.', 'a\0b'])('%j is outside', async (name) => {
  const { inputPath, outputPath } = exchangeFolder(await temporaryFolder());
  const refused = (field: string) => ({ code: 'INVALID_ARGUMENT', path: [field] });
  await expect(inputPath(name, ['file'])).rejects.toMatchObject(refused('file'));
  await expect(outputPath(name, ['out'])).rejects.toMatchObject(refused('out'));
});

test('a link leads nowhere else', async () => {
  const [root, elsewhere] = [await temporaryFolder(), await temporaryFolder()];
  await writeFile(join(elsewhere, 'secret'), 'x');
  await mkdir(join(root, 'below'));
  await symlink(elsewhere, join(root, 'below', 'link'));
  const { inputPath, outputPath } = exchangeFolder(root);
  await expect(inputPath('below/link/secret', ['file'])).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  await expect(outputPath('below/link/new', ['out'])).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
});

test('a file that is not there is not found', async () => {
  await expect(exchangeFolder(await temporaryFolder()).inputPath('none', ['file'])).rejects.toMatchObject({
    code: 'NOT_FOUND',
    path: ['file'],
  });
});
