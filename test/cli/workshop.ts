import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MODELS } from '../inference/real-models.js';
import { type CliResult, runInMemory } from './memory-io.js';

const BIN = fileURLToPath(new URL('../../bin/neighborkb.js', import.meta.url));

/** Sentences of a tiny memory: a few predicates, and pairs without a relation. */
const LABELLED = [
  {
    text: '[[Fanny Hensel|PER]] was born in [[Hamburg|LOC]] on [[14 November 1805|TIME]].',
    facts: [
      [0, 'P19', 1],
      [0, 'P569', 2],
    ],
    nil: [],
  },
  {
    text: '[[Fanny Hensel|PER]] married the painter [[Wilhelm Hensel|PER]].',
    facts: [[0, 'P26', 1]],
    nil: [],
  },
  { text: '[[Pierre Boulez|PER]] wrote to [[John Cage|PER]] from [[Paris|LOC]].', facts: [], nil: [[0, 1]] },
  { text: '[[She|PRON]] studied at the [[University of Vienna|ORG]].', facts: [[0, 'P69', 1]], nil: [] },
];

/** A folder with the shipped models, a tiny memory and a store of its own, and the command to run there. */
export class Workshop {
  private constructor(readonly folder: string) {}

  /** With the memory built by `neighborkb memory build`. */
  static async open(): Promise<Workshop> {
    const workshop = new Workshop(await mkdtemp(join(tmpdir(), 'neighborkb-cli-')));
    await workshop.furnish();
    const { code, stderr } = await workshop.run(['memory', 'build', 'tiny']);
    if (code !== 0) throw new Error(`memory build ended with ${code}: ${stderr}`);
    return workshop;
  }

  path(...parts: string[]): string {
    return join(this.folder, ...parts);
  }

  /** The command as a process of its own: what streams, pipes and signals do to it. */
  start(args: readonly string[], environment: NodeJS.ProcessEnv = {}): ChildProcessWithoutNullStreams {
    return spawn(process.execPath, [BIN, ...args], {
      cwd: this.folder,
      env: { ...process.env, ...this.environment(), ...environment },
    });
  }

  /** The command in this process, which has the environment to itself: test files run in processes of their own. */
  async run(args: readonly string[], stdin = '', environment: NodeJS.ProcessEnv = {}): Promise<CliResult> {
    const settings = { ...this.environment(), ...environment };
    const before = Object.keys(settings).map((name) => [name, process.env[name]] as const);
    Object.assign(process.env, settings);
    try {
      return await runInMemory(args, stdin);
    } finally {
      for (const [name, value] of before)
        if (value === undefined) Reflect.deleteProperty(process.env, name);
        else process.env[name] = value;
    }
  }

  async close(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  private environment(): NodeJS.ProcessEnv {
    return {
      NEIGHBORKB_DATA_DIR: this.path('data'),
      NEIGHBORKB_MODELS_DIR: this.path('models'),
      NEIGHBORKB_MEMORIES_DIR: this.path('memories'),
      NEIGHBORKB_INFERENCE_WORKERS: '1',
      NEIGHBORKB_PROFILE: 'tiny',
    };
  }

  private async furnish(): Promise<void> {
    await mkdir(this.path('models', 'profiles'), { recursive: true });
    for (const name of ['mention-detector', 'relation-encoder'])
      await symlink(join(MODELS, name), this.path('models', name));
    await cp(join(MODELS, 'predicates.json'), this.path('models', 'predicates.json'));
    const card = JSON.parse(await readFile(join(MODELS, 'relation-encoder', 'card.json'), 'utf8')) as {
      name: string;
      version: string;
    };
    await writeJson(this.path('models', 'profiles', 'tiny.json'), {
      name: 'tiny',
      version: 1,
      model: `${card.name}@${card.version}`,
      memories: [{ memory: 'tiny', alpha: 1, k: 3, lambda: 0.2, temperature: 0.2, kernel: 'rbf' }],
      nilRatio: 1,
      minimumProbability: 0,
      calibration: { slope: 1, intercept: 0 },
    });
    await mkdir(this.path('memories', 'tiny', 'source'), { recursive: true });
    await writeJson(this.path('memories', 'tiny', 'recipe.json'), {
      version: '1',
      description: 'a few sentences',
      license: 'MIT',
      normalised: true,
      nil: 'listed',
    });
    const lines = LABELLED.map((sentence) => JSON.stringify(sentence)).join('\n');
    await writeFile(this.path('memories', 'tiny', 'source', 'tiny.jsonl'), `${lines}\n`);
  }
}

export async function ended(child: ChildProcessWithoutNullStreams): Promise<CliResult> {
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
  const code = await new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status, signal) => {
      resolve(status ?? (signal === 'SIGINT' ? 130 : -1));
    });
  });
  return {
    code,
    stdout: Buffer.concat(stdout).toString('utf8'),
    stderr: Buffer.concat(stderr).toString('utf8'),
  };
}

export async function writeJson(path: string, value: unknown): Promise<void> {
  await writeFile(path, JSON.stringify(value));
}

/** Parsed JSON lines. */
export function linesOf<Line>(text: string): Line[] {
  return text
    .trimEnd()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);
}
