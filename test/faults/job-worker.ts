import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { access, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { serialize } from 'node:v8';
import type { DocumentInput, ExtractedDocument } from '../../src/domain/model.js';
import type { ScoringProfile } from '../../src/domain/profile.js';
import { documentRevision } from '../../src/extraction/prepare.js';
import { buildDocument } from '../store/builders.js';

const DIST = fileURLToPath(new URL('../../dist', import.meta.url));
const CHILD = fileURLToPath(new URL('job-worker.mjs', import.meta.url));

/** What a worker process is told; `documents` are extractions by externalId. */
export interface WorkerSpec {
  readonly store: { readonly kind: 'sqlite' | 'neo4j'; readonly options: object };
  readonly queue: { readonly kind: 'embedded' | 'redis'; readonly options: object };
  readonly profile: ScoringProfile;
  readonly documents: ReadonlyMap<string, ExtractedDocument>;
}

/** A worker in a process of its own, that may be killed. */
export class WorkerProcess {
  private errors = '';

  private constructor(private readonly child: ChildProcess) {
    child.stderr?.on('data', (data: Buffer) => (this.errors += data.toString()));
  }

  /**
   * Resolves when it works.
   * @param largestFile no file may grow past this, KiB; default: no limit
   */
  static async start(folder: string, spec: WorkerSpec, largestFile?: number): Promise<WorkerProcess> {
    await access(path.join(DIST, 'jobs/sqlite-job-queue.js')).catch(() => {
      throw new Error('dist/ is missing: `npm run build` first, as `npm test` does');
    });
    const file = path.join(folder, 'worker.spec');
    await writeFile(file, serialize(spec));
    // bash counts blocks of 1,024 bytes.
    const limit = `ulimit -S -f ${largestFile ?? 'unlimited'}; exec "$0" "$@"`;
    const worker = new WorkerProcess(spawn('bash', ['-c', limit, process.execPath, CHILD, DIST, file]));
    await Promise.race([
      once(worker.child.stdout as NonNullable<ChildProcess['stdout']>, 'data'),
      once(worker.child, 'exit').then(() => Promise.reject(new Error(`the worker ended: ${worker.errors}`))),
    ]);
    return worker;
  }

  /** Lets its files grow again. */
  async liftLimit(): Promise<void> {
    await promisify(execFile)('prlimit', ['--pid', String(this.child.pid), '--fsize=unlimited:unlimited']);
  }

  /** @throws Error if it ended by itself */
  async kill(): Promise<void> {
    if (this.child.exitCode !== null) throw new Error(`the worker ended by itself: ${this.errors}`);
    const ended = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await ended;
  }
}

/**
 * A document of about `size` UTF-16 units, with more facts the longer it is, that shares entities with others.
 * @returns what a client gives, and what extraction makes of it under the profile
 */
export function sizedDocument(
  externalId: string,
  size: number,
  profile: ScoringProfile,
): { input: DocumentInput; extracted: ExtractedDocument } {
  const seed = [...externalId].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7) % 997;
  const facts = Array.from({ length: Math.max(3, Math.min(40, Math.floor(size / 500))) }, (_, index) => ({
    subject: `Person ${(seed + index) % 40}`,
    predicate: index % 3 ? 'P19' : 'NIL',
    object: `Place ${(seed * index) % 25}`,
    confidence: 0.3 + (seed % 7) / 10,
  }));
  const built = buildDocument({ externalId, facts, profile: `${profile.name}@${profile.version}` });
  const filler = 'Nothing is said here. '.repeat(Math.ceil(size / 22));
  const text = `${built.document.text} ${filler}`.slice(0, Math.max(size, built.document.text.length));
  const input = { externalId, text };
  const document = { ...built.document, text, revision: documentRevision(input) };
  return { input, extracted: { ...built, document } };
}

/** Sizes from 200 to 500,000 units, each order of magnitude as often. */
export function randomSize(): number {
  return Math.round(200 * 2500 ** Math.random());
}
