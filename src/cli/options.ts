import { InvalidArgumentError, Option, type Command } from 'commander';
import { KERNELS, type Kernel, type ProfileOverrides } from '../domain/profile.js';

/** A number in [low, high]; commander turns the error into a usage message that names the option. */
export function numberBetween(low: number, high: number): (value: string) => number {
  return (value) => {
    const number = value.trim() === '' ? NaN : Number(value);
    if (!(number >= low && number <= high))
      throw new InvalidArgumentError(`Expected a number from ${low} to ${high}.`);
    return number;
  };
}

export function integerBetween(low: number, high: number): (value: string) => number {
  return (value) => {
    const number = /^\d+$/.test(value.trim()) ? Number(value) : NaN;
    if (!(number >= low && number <= high))
      throw new InvalidArgumentError(`Expected a whole number from ${low} to ${high}.`);
    return number;
  };
}

/** An option that may be given several times. */
export function repeated(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

export interface ScoringOptions {
  readonly lambda?: number;
  readonly k?: number;
  readonly temperature?: number;
  readonly kernel?: Kernel;
  readonly memory?: readonly string[];
  readonly profile?: string;
}

/** The options that change the scoring profile for one run. */
export function addScoringOptions(command: Command): Command {
  return command
    .option('--profile <name>', 'scoring profile, one that ships or one of the data folder')
    .option(
      '--lambda <number>',
      'weight of the neighbours against the classifier, 0 to 1',
      numberBetween(0, 1),
    )
    .option('--k <count>', 'neighbours that vote, 1 to 1024', integerBetween(1, 1024))
    .option(
      '--temperature <number>',
      'T of the kernel: the larger, the more alike the votes',
      numberBetween(Number.MIN_VALUE, Number.MAX_VALUE),
    )
    .addOption(new Option('--kernel <name>', 'how distances become votes').choices(KERNELS))
    .option('--memory <name>', "memory that votes, in place of the profile's; may be repeated", repeated);
}

export function overridesOf({ lambda, k, temperature, kernel, memory }: ScoringOptions): ProfileOverrides {
  return {
    ...(lambda === undefined ? {} : { lambda }),
    ...(k === undefined ? {} : { k }),
    ...(temperature === undefined ? {} : { temperature }),
    ...(kernel === undefined ? {} : { kernel }),
    ...(memory === undefined ? {} : { memories: memory }),
  };
}
