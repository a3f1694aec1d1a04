import { createHash } from 'node:crypto';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CASING_CLASSES } from '../../src/inference/casing.js';
import { loadMentionDetectorPackage, loadRelationEncoderPackage } from '../../src/inference/model-package.js';
import { OnnxMentionDetector } from '../../src/inference/onnx-mention-detector.js';
import { OnnxRelationEncoder } from '../../src/inference/onnx-relation-encoder.js';
import { temporaryFolder } from '../memory/temporary.js';
import { MODELS } from './real-models.js';

type Card = Record<string, unknown>;

test.each(['mention-detector', 'relation-encoder'])('the shipped %s is whole', async (name) => {
  const load = name === 'mention-detector' ? loadMentionDetectorPackage : loadRelationEncoderPackage;
  const { card, modelHash } = await load(`${MODELS}${name}`);
  expect(card.name).toBe(name);
  expect(modelHash).toMatch(/^[0-9a-f]{64}$/);
});

test('a package that is not there is missing', async () => {
  await expect(loadMentionDetectorPackage(join(await temporaryFolder(), 'none'))).rejects.toMatchObject({
    code: 'MODEL_MISSING',
    path: ['card.json'],
  });
});

test.each([
  ['model.onnx', 0],
  ['tokenizer.json', 1],
])('without %s the model is missing', async (file, index) => {
  const directory = await toyModel();
  await rm(join(directory, file));
  await expect(loadMentionDetectorPackage(directory)).rejects.toMatchObject({
    code: 'MODEL_MISSING',
    path: ['card.json', 'files', index, 'path'],
  });
});

test('a changed byte is found by the hash of its file, a cut by its size', async () => {
  const directory = await toyModel();
  await writeFile(join(directory, 'model.onnx'), 'grapH');
  await expect(loadMentionDetectorPackage(directory)).rejects.toMatchObject({
    code: 'MODEL_CORRUPT',
    path: ['card.json', 'files', 0, 'sha256'],
  });
  await writeFile(join(directory, 'model.onnx'), 'gra');
  await expect(loadMentionDetectorPackage(directory)).rejects.toMatchObject({
    code: 'MODEL_CORRUPT',
    path: ['card.json', 'files', 0, 'bytes'],
  });
});

test.each<[string, (card: Card) => unknown, (string | number)[]]>([
  ['has an unknown format version', (card) => (card['formatVersion'] = 2), ['formatVersion']],
  ['is of another kind', (card) => (card['kind'] = 'relation-encoder'), ['kind']],
  ['lacks its pronouns', (card) => delete card['pronouns'], ['pronouns']],
  ['has other casing classes', (card) => (card['casingClasses'] = ['upper']), ['casingClasses']],
  ['reads fewer tokens than a word has', (card) => (card['maxTokens'] = 16), ['maxTokens']],
  ['lists no model', (card) => (card['files'] = (card['files'] as unknown[]).slice(1)), ['files']],
  [
    'lists a file of another folder',
    (card) => ((card['files'] as { path: string }[])[0]!.path = '../model.onnx'),
    ['files', 0, 'path'],
  ],
])('a card that %s is corrupt', async (_, change, path) => {
  const directory = await toyModel(change);
  await expect(loadMentionDetectorPackage(directory)).rejects.toMatchObject({
    code: 'MODEL_CORRUPT',
    path: ['card.json', ...path],
  });
});

test('a card that is no JSON is corrupt', async () => {
  const directory = await toyModel();
  await writeFile(join(directory, 'card.json'), '{"formatVersion":');
  await expect(loadMentionDetectorPackage(directory)).rejects.toMatchObject({
    code: 'MODEL_CORRUPT',
    path: ['card.json'],
  });
});

test('a label that is no tag is corrupt', async () => {
  const directory = await toyModel((card) => (card['labels'] = ['O', 'B-DOG']));
  await expect(OnnxMentionDetector.open(directory, { workers: 1 })).rejects.toMatchObject({
    code: 'MODEL_CORRUPT',
    path: ['card.json', 'labels', 1],
  });
});

test('a graph that the runtime cannot load is corrupt, even if its hash fits', async () => {
  const directory = await toyModel();
  await cp(`${MODELS}mention-detector/tokenizer.json`, join(directory, 'tokenizer.json'));
  await rewriteCard(directory, () => undefined);
  await expect(OnnxMentionDetector.open(directory, { workers: 1 })).rejects.toMatchObject({
    code: 'MODEL_CORRUPT',
    path: ['model.onnx'],
  });
});

test('a relation encoder without one of its markers is corrupt', async () => {
  const directory = join(await temporaryFolder(), 'relation-encoder');
  await cp(`${MODELS}relation-encoder`, directory, { recursive: true });
  await rewriteCard(directory, (card) => delete (card['markers'] as Card)['O:PRON:end']);
  await expect(OnnxRelationEncoder.open(directory, { workers: 1 })).rejects.toMatchObject({
    code: 'MODEL_CORRUPT',
    path: ['card.json', 'markers', 'O:PRON:end'],
  });
});

test('an execution provider that is not there is named', async () => {
  const opening = OnnxMentionDetector.open(`${MODELS}mention-detector`, {
    workers: 1,
    executionProvider: 'abacus',
  });
  await expect(opening).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', path: ['executionProvider'] });
  await expect(opening).rejects.toThrow('abacus');
});

/** A package whose files are toys and whose card fits them, but for the change. */
async function toyModel(change: (card: Card) => unknown = () => undefined): Promise<string> {
  const directory = join(await temporaryFolder(), 'toy');
  await mkdir(directory);
  await writeFile(join(directory, 'model.onnx'), 'graph');
  await writeFile(join(directory, 'tokenizer.json'), '{}');
  const card: Card = {
    formatVersion: 1,
    name: 'toy',
    version: '1.0.0',
    kind: 'mention-detector',
    description: 'toy',
    base: { name: 'none', license: 'MIT', parameters: 0 },
    labels: ['O', 'B-PER', 'I-PER'],
    pronouns: ['she'],
    hiddenSize: 4,
    maxTokens: 128,
    lowercase: true,
    casingClasses: CASING_CLASSES,
    data: [],
    recipe: {},
    scores: {},
    files: [{ path: 'model.onnx' }, { path: 'tokenizer.json' }],
  };
  await writeFile(join(directory, 'card.json'), JSON.stringify(card));
  await rewriteCard(directory, change);
  return directory;
}

/** Brings sizes and hashes up to date, then makes the change. */
async function rewriteCard(directory: string, change: (card: Card) => unknown): Promise<void> {
  const path = join(directory, 'card.json');
  const card = JSON.parse(await readFile(path, 'utf8')) as Card;
  for (const file of card['files'] as { path: string; sha256: string; bytes: number }[]) {
    const content = await readFile(join(directory, file.path));
    file.sha256 = createHash('sha256').update(content).digest('hex');
    file.bytes = content.length;
  }
  change(card);
  await writeFile(path, JSON.stringify(card));
}
