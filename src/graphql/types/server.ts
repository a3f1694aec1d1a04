import { Field, Float, Int, ObjectType } from '../decorators.js';

@ObjectType('ModelInfo', { simpleResolvers: true, description: 'A model that this server runs.' })
export class ModelInfoType {
  @Field(() => String, { description: 'What it does: `mention-detector` or `relation-encoder`.' })
  role!: string;

  @Field(() => String, { description: 'Name of the package.' })
  name!: string;

  @Field(() => String, { description: 'Version of the package.' })
  version!: string;

  @Field(() => String, { description: 'What its card says of it.' })
  description!: string;

  @Field(() => String, { description: 'sha256 of its ONNX file.' })
  hash!: string;
}

@ObjectType('StoreInfo', { simpleResolvers: true, description: 'The store behind this server.' })
export class StoreInfoType {
  @Field(() => String, { description: 'sqlite or neo4j.' })
  adapter!: string;

  @Field(() => String, { description: 'Version of the database engine.' })
  version!: string;

  @Field(() => Int, { description: 'Number of the last migration.' })
  schemaVersion!: number;
}

@ObjectType('StoreCounts', { simpleResolvers: true, description: 'How much the store holds.' })
export class StoreCountsType {
  @Field(() => Int, { description: 'Number of documents.' })
  documents!: number;

  @Field(() => Int, { description: 'Number of entities.' })
  entities!: number;

  @Field(() => Int, { description: 'Number of triples.' })
  triples!: number;

  @Field(() => Int, { description: 'Number of pieces of evidence.' })
  evidence!: number;
}

@ObjectType('ServerLimits', {
  simpleResolvers: true,
  description: 'The limits of this server; what goes past them gets a typed error and changes nothing.',
})
export class ServerLimitsType {
  @Field(() => Int, { description: 'Longest text of one document, UTF-16 units.' })
  maxTextLength!: number;

  @Field(() => Int, { description: 'Most documents in one call.' })
  maxDocumentsPerCall!: number;

  @Field(() => Float, { description: 'Largest body of one HTTP request, bytes.' })
  maxRequestBytes!: number;

  @Field(() => Int, { description: 'Most items of one page.' })
  maxPageSize!: number;

  @Field(() => Int, { description: 'Most selections below one another in an operation.' })
  maxDepth!: number;

  @Field(() => Int, {
    description: 'Most fields that an operation may return, counted as if every page and list were full.',
  })
  maxCost!: number;
}

@ObjectType('Server', {
  simpleResolvers: true,
  description: 'This server: versions, health, what it serves.',
})
export class ServerType {
  @Field(() => String, { description: 'Version of NeighborKB.' })
  version!: string;
}
