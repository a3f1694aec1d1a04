import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { pino, type Logger } from 'pino';
import { afterAll, beforeAll } from 'vitest';
import { PredicateSchema } from '../../src/domain/predicates.js';
import { parseProfile } from '../../src/domain/profile.js';
import { ExtractionPipeline } from '../../src/extraction/pipeline.js';
import { replay } from '../../src/extraction/replay.js';
import type { ApiLimits, ApiServices } from '../../src/graphql/services.js';
import { IdentityService } from '../../src/identity/identity-service.js';
import { DocumentIngester } from '../../src/jobs/document-ingester.js';
import { Ingestion } from '../../src/jobs/ingest.js';
import { SqliteJobQueue } from '../../src/jobs/sqlite-job-queue.js';
import { TaskRegistry, type AnyTaskHandler } from '../../src/jobs/tasks.js';
import { ProfileStore } from '../../src/evaluation/profile-store.js';
import { memoryLibrary } from '../../src/memory/library.js';
import { startServer } from '../../src/server.js';
import type { GraphStore } from '../../src/store/graph-store.js';
import { SqliteGraphStore } from '../../src/store/sqlite/sqlite-graph-store.js';
import { MIGRATIONS, withFolder } from '../store/temporary.js';
import { CueEncoder, ListMemory, sampleEntries, WordDetector } from './stand-ins.js';

export interface ApiAnswer {
  readonly status: number;
  // Answers have the shape that each test asked for.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly data: any;
  readonly errors: readonly {
    readonly message: string;
    readonly extensions: { readonly code: string; readonly path?: readonly (string | number)[] };
  }[];
}

export interface TestApi {
  readonly url: string;
  readonly services: ApiServices;
  /** Sends an operation as clients do. */
  ask(query: string, variables?: Record<string, unknown>): Promise<ApiAnswer>;
  /** Ingests texts under the externalIds that name them, and waits. */
  ingest(texts: Readonly<Record<string, string>>): Promise<void>;
}

export interface TestApiOptions {
  readonly limits?: Partial<ApiLimits>;
  readonly queueCapacity?: number;
  readonly logger?: Logger;
  /** Handlers of tasks. */
  readonly tasks?: (parts: { readonly folder: string; readonly store: GraphStore }) => AnyTaskHandler[];
  /** Stands between the API and the store. */
  readonly wrapStore?: (store: GraphStore) => GraphStore;
  readonly change?: (services: ApiServices) => ApiServices;
}

/** Runs `body` with a real HTTP server over a real embedded store, both gone afterwards. */
export async function withApi<T>(
  body: (api: TestApi) => Promise<T>,
  options: TestApiOptions = {},
): Promise<T> {
  return withFolder(async (folder) => {
    const { api, close } = await openApi(folder, options);
    try {
      return await body(api);
    } finally {
      await close();
    }
  });
}

/** One server for all tests of a `describe` that leave the store as it was. */
export function sharedApi(): () => TestApi {
  let opened: { api: TestApi; close(): Promise<void> } | undefined;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'neighborkb-'));
    opened = await openApi(folder, {});
  });
  afterAll(async () => {
    await opened?.close();
    await rm(folder, { recursive: true, force: true });
  });
  return () => {
    if (!opened) throw new Error('only inside a test');
    return opened.api;
  };
}

async function openApi(
  folder: string,
  options: TestApiOptions,
): Promise<{ api: TestApi; close(): Promise<void> }> {
  const { services, jobs, store } = await openServices(folder, options);
  const { url, close } = await startServer(options.change?.(services) ?? services, {
    host: '127.0.0.1',
    port: 0,
  });
  const ingest = async (texts: Readonly<Record<string, string>>): Promise<void> => {
    const documents = Object.entries(texts).map(([externalId, text]) => ({ externalId, text }));
    for (const outcome of await services.ingestion.ingestNow(documents)) if (!outcome.ok) throw outcome.error;
  };
  return {
    api: { url, services, ingest, ask: (query, variables = {}) => askServer(url, query, variables) },
    close: async () => {
      await close();
      await jobs.stop();
      await store.close();
    },
  };
}

async function openServices(folder: string, options: TestApiOptions) {
  const limits: ApiLimits = {
    maxTextLength: 1_000_000,
    maxDocumentsPerCall: 500,
    maxRequestBytes: 16 * 1024 * 1024,
    ...options.limits,
  };
  const schema = PredicateSchema.parse(
    JSON.parse(
      await readFile(fileURLToPath(new URL('../../models/predicates.json', import.meta.url)), 'utf8'),
    ),
  );
  const encoder = new CueEncoder(['NIL', ...schema.predicates.map(({ id }) => id)]);
  const memory = await ListMemory.of('samples', sampleEntries(), encoder);
  const memories = {
    all: () => [memory],
    byName: (name: string) => (name === memory.name ? memory : undefined),
  };
  const profile = parseProfile({
    name: 'test',
    version: 1,
    model: encoder.model,
    memories: [{ memory: 'samples', alpha: 1, k: 4, lambda: 0.5, temperature: 0.5, kernel: 'rbf' }],
    nilRatio: 1,
    minimumProbability: 0,
    calibration: { slope: 1, intercept: 0 },
  });
  const extractor = new ExtractionPipeline({
    detector: new WordDetector(),
    encoder,
    memories: () => memory,
    schema,
    limits,
  });
  const real = new SqliteGraphStore({ file: path.join(folder, 'graph.db'), migrationsDir: MIGRATIONS });
  await real.open();
  const ingester = new DocumentIngester({ store: real, extractor, profile, limits });
  const jobs = new SqliteJobQueue({
    file: path.join(folder, 'jobs.db'),
    migrationsDir: MIGRATIONS,
    capacity: options.queueCapacity ?? 100,
    limits,
    ingest: (documents) => ingester.ingest(documents),
    tasks: new TaskRegistry(options.tasks?.({ folder, store: real })),
  });
  await jobs.start();
  const services: ApiServices = {
    version: '0.0.0-test',
    startedAt: new Date(),
    limits,
    logger: options.logger ?? pino({ level: 'silent' }),
    folders: [`${folder}${path.sep}`],
    schema,
    profile,
    models: [
      {
        role: 'relation-encoder',
        name: 'cue-encoder',
        version: '1.0.0',
        description: 'Looks at words.',
        hash: encoder.modelHash,
      },
    ],
    store: options.wrapStore?.(real) ?? real,
    identity: new IdentityService(real),
    extractor,
    replay: {
      neighbours: async (predictions) => {
        const none: ReadonlySet<string> = new Set();
        const replayable = predictions.map((prediction) => ({ ...prediction, permitted: none }));
        return (await replay(extractor.scorer, replayable, profile)).map(({ neighbours }) => [...neighbours]);
      },
    },
    memories,
    library: memoryLibrary(path.join(folder, 'memories')),
    profiles: new ProfileStore('models/profiles', path.join(folder, 'profiles')),
    encoder,
    ingestion: new Ingestion(ingester, jobs, real),
    jobs,
  };
  return { services, jobs, store: real };
}

/** Sends an operation as clients do. */
export async function askServer(
  url: string,
  query: string,
  variables: Record<string, unknown> = {},
): Promise<ApiAnswer> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await response.json()) as { data?: unknown; errors?: ApiAnswer['errors'] };
  return { status: response.status, data, errors: errors ?? [] };
}
