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
  modelsDir: z.string().min(1).default(`${packageRoot}models`),
  memoriesDir: z.string().min(1).default(`${packageRoot}memories`),
  samplesDir: z.string().min(1).default(`${packageRoot}samples`),
  migrationsDir: z.string().min(1).default(`${packageRoot}migrations`),
  /** Scoring profile: a file name in modelsDir/profiles without its extension. */
  profile: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]*$/)
    .default('general'),
  mentionDetector: z.string().min(1).default('mention-detector'),
  relationEncoder: z.string().min(1).default('relation-encoder'),
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
