import { Field, InputType } from '../decorators.js';

@InputType('LabelMeaningInput', { description: "What a data set's name for a relation means here." })
export class LabelMeaningInput {
  @Field(() => String, { description: 'The name in the data; `*` for every other name.' })
  name!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Predicate id, or NIL for a pair that holds none of ours; null leaves such pairs out.',
  })
  label?: string | null;

  @Field(() => Boolean, { defaultValue: false, description: 'Whether subject and object change places.' })
  inverse!: boolean;
}

@InputType('TypeMeaningInput', { description: "What a data set's name for a mention type means here." })
export class TypeMeaningInput {
  @Field(() => String, { description: 'The name in the data; `*` for every other name.' })
  name!: string;

  @Field(() => String, { description: "One of the encoder's mention types." })
  type!: string;
}

@InputType('LabelMappingInput', {
  description: "What a data set's names for relations and mention types mean here.",
})
export class LabelMappingInput {
  @Field(() => [LabelMeaningInput], {
    nullable: true,
    description: 'Names of relations. One that is not listed stays as it is.',
  })
  labels?: LabelMeaningInput[] | null;

  @Field(() => [TypeMeaningInput], { nullable: true, description: 'Names of mention types, likewise.' })
  types?: TypeMeaningInput[] | null;
}

/** What descriptions say of a field with a mapping. */
export const MAPPING = 'What its names mean here; what the schema knows of the format if not given.';

/** The mapping as a file has it; absent where none is given. */
export function mappingJson(mapping: LabelMappingInput | null | undefined): object | undefined {
  if (!mapping) return undefined;
  const { labels, types } = mapping;
  return {
    labels: Object.fromEntries(
      (labels ?? []).map(({ name, label, inverse }) => [name, label ? { label, inverse } : null]),
    ),
    types: Object.fromEntries((types ?? []).map(({ name, type }) => [name, type])),
  };
}
