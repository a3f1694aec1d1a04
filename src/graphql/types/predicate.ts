import { Field, ID, ObjectType } from '../decorators.js';
import type { EntityType } from '../../domain/mention-types.js';
import { EntityTypeEnum } from './enums/entities.js';
import { NodeType } from './node.js';

@ObjectType('Predicate', {
  simpleResolvers: true,
  implements: NodeType,
  description: 'A relation of the schema: a Wikidata property, read from subject to object.',
})
export class PredicateType implements NodeType {
  @Field(() => ID, { description: 'Wikidata property id: P569.' })
  id!: string;

  @Field(() => String, { description: 'Short English name.' })
  name!: string;

  @Field(() => String, { description: 'What it says of subject and object.' })
  description!: string;

  @Field(() => [String], {
    description: 'Wikidata properties that it stands for: ["P22", "P25"] for child of.',
  })
  covers!: string[];

  @Field(() => [String], { description: 'Wikidata properties that say the same from object to subject.' })
  inverses!: string[];

  @Field(() => [EntityTypeEnum], { description: 'Types that the subject may have.' })
  subjectTypes!: EntityType[];

  @Field(() => [EntityTypeEnum], { description: 'Types that the object may have.' })
  objectTypes!: EntityType[];

  @Field(() => Boolean, { description: 'Whether it holds in both directions at once.' })
  symmetric!: boolean;
}
