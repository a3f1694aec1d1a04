import { Field, ID, InterfaceType } from '../decorators.js';

/** Name of the GraphQL type of whatever `node(id)` may find: the shapes of the domain tell them apart. */
function typeNameOf(value: object): string {
  if ('manifest' in value) return 'Memory';
  if ('memory' in value) return 'MemoryEntry';
  if ('covers' in value) return 'Predicate';
  if ('sequence' in value) return 'Job';
  if ('tripleId' in value) return 'Evidence';
  if ('label' in value) return 'PlainPrediction';
  if ('predicate' in value) return 'Triple';
  if ('externalId' in value) return 'Document';
  if ('undone' in value) return 'Merge';
  if ('origin' in value) return 'Mention';
  if ('index' in value) return 'Sentence';
  return 'Entity';
}

@InterfaceType('Node', { description: 'Anything with an id: `node(id)` finds it.', resolveType: typeNameOf })
export abstract class NodeType {
  @Field(() => ID, { description: 'Stable and unique over all types.' })
  id!: string;
}
