import { Field, Float, InputType, Int } from '../decorators.js';
import { EXCHANGED_FILES } from './exchange-folder.js';
import { LabelMappingInput, MAPPING } from './label-mapping.js';

@InputType('DataFilesInput', { description: 'Files of one format.' })
export class DataFilesInput {
  @Field(() => String, {
    defaultValue: 'auto',
    description: 'Name of the format; `auto` looks at the files.',
  })
  format!: string;

  @Field(() => [String], { description: EXCHANGED_FILES })
  files!: string[];
}

@InputType()
export abstract class TargetInput {
  @Field(() => String, { description: 'The memory; a new version of it is made.' })
  name!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Such as 1.2.0; the one after the newest if not given.',
  })
  version?: string | null;

  @Field(() => String, { nullable: true, description: 'What it holds, for people.' })
  description?: string | null;

  @Field(() => String, { nullable: true, description: 'Licence of its entries.' })
  license?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'How keys are kept: int8, float16 or float32; if not given as in the memory to begin from, or float16.',
  })
  keyType?: string | null;
}

@InputType()
abstract class NewVersionInput extends TargetInput {
  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether representations are scaled to length 1 before distances are taken; true if not given.',
  })
  normalised?: boolean | null;
}

@InputType()
abstract class BuildInput extends NewVersionInput {
  @Field(() => Int, {
    nullable: true,
    description: 'Most entries of one label from one sentence, 1 or more.',
  })
  perText?: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'How lists of tokens become text: spaced (if not given) or natural.',
  })
  tokens?: string | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Share of the pairs without a relation that become NIL entries, 0 to 1.',
  })
  nilShare?: number | null;
}

@InputType('BuildMemoryInput', { description: 'A version of a memory from labelled data.' })
export class BuildMemoryInput extends BuildInput {
  @Field(() => [DataFilesInput], { description: 'The labelled data, at least one.' })
  from!: DataFilesInput[];

  @Field(() => LabelMappingInput, { nullable: true, description: MAPPING })
  mapping?: LabelMappingInput | null;

  @Field(() => Boolean, {
    defaultValue: false,
    description:
      'Whether labels may be known to neither encoder nor schema; such a memory is for research and never served.',
  })
  anyLabel!: boolean;
}

@InputType('BuildMemoryFromFactsInput', {
  description:
    'A version of a memory by distant supervision: a sentence that names both sides of a fact is taken as an example of it.',
})
export class BuildMemoryFromFactsInput extends BuildInput {
  @Field(() => [String], {
    nullable: true,
    description: `CSV, TSV or N-Triples. ${EXCHANGED_FILES} The triples of this server if not given.`,
  })
  facts?: string[] | null;

  @Field(() => Float, {
    nullable: true,
    description:
      'Of the triples of this server, also those that nobody has decided from this confidence on; accepted ones alone if not given.',
  })
  minConfidence?: number | null;

  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Pass over facts whose predicate the schema does not know.',
  })
  skipUnknownPredicates!: boolean;

  @Field(() => DataFilesInput, {
    description: 'Text to look for facts in: text, jsonl, mimic, or a format of labelled data.',
  })
  corpus!: DataFilesInput;

  @Field(() => String, {
    nullable: true,
    description: 'Pairs for which the facts say several things: drop (if not given) or all.',
  })
  ambiguous?: string | null;

  @Field(() => Int, { nullable: true, description: 'Most entries of one fact, 1 or more.' })
  perFact?: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'Memory that is asked how far the entries can be trusted.',
  })
  trusted?: string | null;
}

@InputType('ImportMemoryInput', { description: 'A version of a memory from exported entries.' })
export class ImportMemoryInput extends NewVersionInput {
  @Field(() => String, { description: `JSON lines. ${EXCHANGED_FILES}` })
  file!: string;

  @Field(() => Boolean, {
    defaultValue: false,
    description:
      'Whether labels may be known to neither encoder nor schema; such a memory is for research and never served.',
  })
  anyLabel!: boolean;
}
