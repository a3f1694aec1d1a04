import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { NeighborKbError } from './domain/errors.js';

/** Root of the installed package: where models/, memories/ and samples/ lie beside src/ or dist/. */
const packageRoot = fileURLToPath(new URL('..', import.meta.url));

const port = z.coerce.number().int().min(0).max(65_535);
const positive = z.coerce.number().int().positive();

/** Every setting, its default, and nothing else: `docs/operations.md` lists them for people. */
const configShape = z.object({
  /** Address to listen on; loopback unless someone decides otherwise. */
  host: z.string().min(1).default('127.0.0.1'),
  port: port.default(4000),
  /** Folder of the embedded store. */
  dataDir: z.string().min(1).default('.data'),
  /**
   * Where the graph lives: `sqlite` for a file in dataDir, or the URL of a Neo4j server: `neo4j://host:7687`, with TLS
   * `neo4j+s://`, with TLS and a self-signed certificate `neo4j+ssc://`, to one server past its routing `bolt://`.
   */
  store: z
    .string()
    .regex(
      /^(sqlite|(neo4j|bolt)(\+s|\+ssc)?:\/\/.+)$/,
      'expected sqlite, or a URL like neo4j://host:7687 (neo4j+s:// for TLS)',
    )
    .default('sqlite'),
  /**
   * Where `migrateStore` of the API copies the knowledge base to: `sqlite:<data folder>` or the URL of a Neo4j server,
   * which may hold its user and password; '' for nowhere.
   */
  migrateTo: z
    .string()
    .regex(
      /^(|sqlite:.+|(neo4j|bolt)(\+s|\+ssc)?:\/\/.+)$/,
      'expected sqlite:<data folder>, or a URL like neo4j://host:7687 (neo4j+s:// for TLS)',
    )
    .default(''),
  neo4jUser: z.string().min(1).default('neo4j'),
  neo4jPassword: z.string().default(''),
  /** Database of the server; '' for the user's home database. */
  neo4jDatabase: z.string().default(''),
  /** PEM file of the authority that signed Neo4j's certificate; '' for those that Node.js trusts. */
  neo4jCa: z.string().default(''),
  /** Most connections to Neo4j at once. */
  neo4jPoolSize: positive.max(1000).default(50),
  /** How long a new connection may take, milliseconds. */
  neo4jConnectTimeout: positive.max(600_000).default(5_000),
  /** How long a transaction that failed on a passing trouble is tried again, milliseconds. */
  neo4jRetryTime: positive.max(3_600_000).default(10_000),
  /** Folder of files that clients of the API may name: data to read, exports and findings to write. */
  exchangeDir: z.string().min(1).default('.data/exchange'),
  modelsDir: z.string().min(1).default(`${packageRoot}models`),
  memoriesDir: z.string().min(1).default(`${packageRoot}memories`),
  samplesDir: z.string().min(1).default(`${packageRoot}samples`),
  migrationsDir: z.string().min(1).default(`${packageRoot}migrations`),
  /** Scoring profile: `name` for its newest version in modelsDir/profiles or dataDir/profiles, or `name@version`. */
  profile: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]*(@[1-9]\d*)?$/)
    .default('general'),
  mentionDetector: z.string().min(1).default('mention-detector'),
  relationEncoder: z.string().min(1).default('relation-encoder'),
  /**
   * How memories are searched: `exact`; `auto`, by the memory's index where it has one and is large; `approximate`, by
   * the index wherever there is one.
   */
  searchMode: z.enum(['auto', 'exact', 'approximate']).default('auto'),
  /** Single-threaded inference workers a model. */
  inferenceWorkers: positive.max(64).default(Math.min(4, availableParallelism())),
  /** ONNX Runtime execution provider; cpu is always there. */
  executionProvider: z.enum(['cpu', 'cuda', 'webgpu']).default('cpu'),
  /** Longest text of one document, UTF-16 units. */
  maxTextLength: positive.default(1_000_000),
  /** Most documents in one ingest call. */
  maxDocumentsPerCall: positive.default(500),
  /** Most documents that wait in the job queue. */
  maxQueuedDocuments: positive.default(10_000),
  /** Where jobs of documents wait: `embedded` for a file in dataDir, or `redis://host:6379` for many machines. */
  queue: z
    .string()
    .regex(/^(embedded|rediss?:\/\/.+)$/, 'expected embedded, redis://host:port or rediss://host:port')
    .default('embedded'),
  /** What Redis must promise: `required` refuses one without an append-only file, `any` only warns. */
  queueDurability: z.enum(['required', 'any']).default('required'),
  /** Days that a finished job is kept, with its dead letters. */
  keepJobDays: positive.max(36_500).default(30),
  /** Finished jobs that are kept at most. */
  keepJobs: positive.max(1_000_000).default(1000),
  /** Largest body of one HTTP request, bytes. */
  maxRequestBytes: positive.default(16 * 1024 * 1024),
  logLevel: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
});

export type Config = Readonly<z.infer<typeof configShape>>;

/** Environment variable of a setting: `dataDir` is read from NEIGHBORKB_DATA_DIR. */
export function environmentName(setting: keyof Config): string {
  return `NEIGHBORKB_${setting.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}

/**
 * Reads the configuration: explicit overrides first (command line), then the environment, then defaults.
 * @throws NeighborKbError INVALID_ARGUMENT naming the environment variable and what was expected.
 */
export function loadConfig(
  overrides: { readonly [Setting in keyof Config]?: Config[Setting] | undefined } = {},
  environment: NodeJS.ProcessEnv = process.env,
): Config {
  const values: Record<string, unknown> = {};
  for (const setting of Object.keys(configShape.shape) as (keyof Config)[]) {
    const value = overrides[setting] ?? environment[environmentName(setting)];
    if (value !== undefined && value !== '') values[setting] = value;
  }
  const parsed = configShape.safeParse(values);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const setting = String(issue?.path[0] ?? 'configuration') as keyof Config;
  throw new NeighborKbError(
    'INVALID_ARGUMENT',
    `${environmentName(setting)}: ${issue?.message ?? 'malformed'}`,
    [setting],
  );
}
