import { ArgsType, Field, Float, ID, InputType, Int, ObjectType } from '../decorators.js';
import { LIMITS } from '../limits.js';
import { EntityObjectType } from './entity.js';
import { TripleFilterInput, TripleType } from './triple.js';

const EXAMINED = `a search that looks at more than ${LIMITS.examinedTriples} triples is given up`;

@ArgsType()
export class PathArguments {
  @Field(() => ID, { description: 'Entity to begin at.' })
  from!: string;

  @Field(() => ID, { description: 'Entity to arrive at.' })
  to!: string;

  @Field(() => Int, {
    defaultValue: 4,
    description: `Most triples on a path, 1 to ${LIMITS.pathLength}.`,
  })
  maxLength!: number;

  @Field(() => Int, { defaultValue: 5, description: `Most paths to return, 1 to ${LIMITS.paths}.` })
  maxPaths!: number;

  @Field(() => TripleFilterInput, {
    nullable: true,
    description: 'Triples that a path may use; without it all that are not rejected.',
  })
  filter?: TripleFilterInput | null;
}

@ObjectType('Path', {
  simpleResolvers: true,
  description: 'A way from one entity to another over triples in either direction.',
})
export class PathType {
  @Field(() => Float, { description: "Product of its triples' confidences, 0 to 1." })
  confidence!: number;

  @Field(() => [TripleType], {
    description: 'Its triples in order; each connects the entity at its place with the next one.',
  })
  triples!: unknown;
}

@ObjectType('ShortestPaths', {
  simpleResolvers: true,
  description: 'The shortest ways between two entities.',
})
export class ShortestPathsType {
  @Field(() => [PathType], { description: 'All of the same length, the most confident first.' })
  paths!: unknown;

  @Field(() => Boolean, { description: `Whether there may be more: ${EXAMINED}.` })
  truncated!: boolean;
}

@InputType('PatternEndInput', {
  description: 'One end of a triple of a pattern: an entity that is known, or a variable; one of the two.',
})
export class PatternEndInput {
  @Field(() => ID, { nullable: true, description: 'Id of the entity that stands here.' })
  entityId?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Name of a variable: a letter and at most 31 letters, digits and underscores. The same name is the same entity.',
  })
  variable?: string | null;
}

@InputType('TriplePatternInput', { description: 'One triple of a pattern.' })
export class TriplePatternInput {
  @Field(() => PatternEndInput, { description: 'Its subject.' })
  subject!: PatternEndInput;

  @Field(() => [String], {
    nullable: true,
    description: `One of these predicate ids, at most ${LIMITS.setSize}; any if not given.`,
  })
  predicates?: string[] | null;

  @Field(() => PatternEndInput, { description: 'Its object.' })
  object!: PatternEndInput;

  @Field(() => TripleFilterInput, {
    nullable: true,
    description: 'What else holds of the triple; without it only that it is not rejected.',
  })
  filter?: TripleFilterInput | null;
}

@ObjectType('PatternBinding', {
  simpleResolvers: true,
  description: 'What a variable stands for in a match.',
})
export class PatternBindingType {
  @Field(() => String, { description: 'Name of the variable.' })
  variable!: string;

  @Field(() => EntityObjectType, { description: 'The entity that it stands for.' })
  entity!: unknown;
}

@ObjectType('PatternMatch', {
  simpleResolvers: true,
  description: 'One way to fill a pattern; its triples are all different.',
})
export class PatternMatchType {
  @Field(() => [TripleType], { description: 'The triple of each part, in the order of the pattern.' })
  triples!: unknown;
}

@ObjectType('PatternMatches', { simpleResolvers: true, description: 'Ways to fill a pattern.' })
export class PatternMatchesType {
  @Field(() => [PatternMatchType], { description: 'The ways that were found.' })
  matches!: unknown;

  @Field(() => Boolean, { description: `Whether there are or may be more: ${EXAMINED}.` })
  truncated!: boolean;
}
