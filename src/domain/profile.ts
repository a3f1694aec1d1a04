import { z } from 'zod';
import { NeighborKbError } from './errors.js';

/** How distances become votes. `rbf`: τ = T. `rbf-variance`: τ = 2 T var(d), as the method's authors run it. */
export const KERNELS = ['rbf', 'rbf-variance'] as const;
export type Kernel = (typeof KERNELS)[number];

const memoryUse = z.object({
  /** Name of the memory package. */
  memory: z.string().min(1),
  /** Share of this memory in the mixture; the shares of a profile sum to 1. */
  alpha: z.number().min(0).max(1),
  k: z.number().int().min(1).max(1024),
  lambda: z.number().min(0).max(1),
  temperature: z.number().positive(),
  kernel: z.enum(KERNELS),
  /** What the vote of a NIL neighbour counts beside the others'; absent: as much. */
  nilVote: z.number().min(0.001).max(1).optional(),
});

/** What may be overridden, whether a profile has memories or not. */
const memorySettings = memoryUse.pick({ k: true, lambda: true, temperature: true, kernel: true }).partial();

const calibration = z.object({ slope: z.number(), intercept: z.number() });

const profileShape = z.object({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]*$/),
  version: z.number().int().min(1),
  /** Relation encoder that makes the representations: `name@version` of its model card. */
  model: z.string().min(1),
  /** Empty: the classifier alone. */
  memories: z.array(memoryUse),
  /** A predicate wins over NIL when p(predicate) > nilRatio * p(NIL). */
  nilRatio: z.number().positive(),
  /** By predicate, in place of `nilRatio`. */
  nilRatioByLabel: z.record(z.string().min(1), z.number().positive()).optional(),
  /** A predicate below this probability is NIL, whatever NIL has. */
  minimumProbability: z.number().min(0).max(1),
  /** A pair holds further predicates from this share of the best one's probability on; absent: one label a pair. */
  companionShare: z.number().positive().max(1).optional(),
  /** Platt scaling from p to confidence: sigmoid(slope * logit(p) + intercept). */
  calibration,
  /** By predicate, in place of `calibration`: see `evaluation/calibration-by-label.ts`. */
  calibrationByLabel: z.record(z.string().min(1), calibration).optional(),
  /** What it was tuned on, for people. */
  tunedOn: z.string().optional(),
});

export type MemoryUse = Readonly<z.infer<typeof memoryUse>>;
export type Calibration = Readonly<z.infer<typeof calibration>>;
export type ScoringProfile = Readonly<z.infer<typeof profileShape>>;

/** What one run changes of a profile, every memory alike: `--lambda`, `--k`, `--temperature`, `--memory`. */
export interface ProfileOverrides {
  readonly lambda?: number;
  readonly k?: number;
  readonly temperature?: number;
  readonly kernel?: Kernel;
  /** Use these memories in equal shares in place of the profile's. */
  readonly memories?: readonly string[];
}

/** `name@version`: what predictions say of the profile that made them. */
export function profileReference({ name, version }: Pick<ScoringProfile, 'name' | 'version'>): string {
  return `${name}@${version}`;
}

/** @throws NeighborKbError INVALID_ARGUMENT naming the field, also when the shares do not sum to 1. */
export function parseProfile(json: unknown): ScoringProfile {
  const parsed = profileShape.safeParse(json);
  if (!parsed.success) throw malformed('scoring profile', parsed.error);
  const { memories } = parsed.data;
  const total = memories.reduce((sum, use) => sum + use.alpha, 0);
  if (memories.length > 0 && Math.abs(total - 1) > 1e-6)
    throw new NeighborKbError(
      'INVALID_ARGUMENT',
      `scoring profile: the shares α of the memories sum to ${total}, they must sum to 1`,
      ['memories'],
    );
  const twice = memories.findIndex(
    (use, i) => memories.findIndex((other) => other.memory === use.memory) < i,
  );
  if (twice >= 0)
    throw new NeighborKbError('INVALID_ARGUMENT', 'scoring profile: the memory is used twice', [
      'memories',
      twice,
      'memory',
    ]);
  return parsed.data;
}

/**
 * The profile with a run's overrides, validated again.
 * @throws NeighborKbError INVALID_ARGUMENT naming the override that is out of its range, or the memory named twice
 */
export function overrideProfile(profile: ScoringProfile, overrides: ProfileOverrides): ScoringProfile {
  const settings = memorySettings.safeParse(overrides);
  if (!settings.success) throw malformed('override', settings.error);
  const template: Omit<MemoryUse, 'memory' | 'alpha'> = profile.memories[0] ?? {
    k: 16,
    lambda: 0.5,
    temperature: 0.1,
    kernel: 'rbf',
  };
  const names = overrides.memories;
  const uses: readonly MemoryUse[] = names
    ? names.map((memory) => ({
        ...(profile.memories.find((use) => use.memory === memory) ?? template),
        memory,
        alpha: 1 / names.length,
      }))
    : profile.memories;
  return parseProfile({
    ...profile,
    memories: uses.map((use) => ({
      ...use,
      k: overrides.k ?? use.k,
      lambda: overrides.lambda ?? use.lambda,
      temperature: overrides.temperature ?? use.temperature,
      kernel: overrides.kernel ?? use.kernel,
    })),
  });
}

function malformed(what: string, { issues: [issue] }: z.ZodError): NeighborKbError {
  const path = (issue?.path ?? []).map((part) => (typeof part === 'symbol' ? String(part) : part));
  return new NeighborKbError('INVALID_ARGUMENT', `${what}: ${issue?.message ?? 'malformed'}`, path);
}
