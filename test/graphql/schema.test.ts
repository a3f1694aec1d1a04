import { readFile } from 'node:fs/promises';
import {
  buildSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isSpecifiedScalarType,
  getNamedType,
  isUnionType,
  validateSchema,
} from 'graphql';
import { describe, expect, test } from 'vitest';
import { emittedSchema, SCHEMA_FILE } from '../../src/graphql/emit-schema.js';

const sdl = emittedSchema();
const schema = buildSchema(sdl);

describe('the emitted schema', () => {
  test('is valid GraphQL', () => {
    expect(validateSchema(schema)).toEqual([]);
  });

  test('is the committed one', async () => {
    expect(await readFile(SCHEMA_FILE, 'utf8')).toBe(sdl);
  });

  test('describes every type, field, argument and enum value', () => {
    const bare: string[] = [];
    const need = (place: string, { description }: { description?: string | null | undefined }): void => {
      if (!description?.trim()) bare.push(place);
    };
    for (const type of Object.values(schema.getTypeMap())) {
      if (type.name.startsWith('__') || isSpecifiedScalarType(type)) continue;
      need(type.name, type);
      if (isEnumType(type)) for (const value of type.getValues()) need(`${type.name}.${value.name}`, value);
      if (isInputObjectType(type))
        for (const field of Object.values(type.getFields())) need(`${type.name}.${field.name}`, field);
      if (isObjectType(type) || isInterfaceType(type))
        for (const field of Object.values(type.getFields())) {
          need(`${type.name}.${field.name}`, field);
          for (const argument of field.args) need(`${type.name}.${field.name}(${argument.name})`, argument);
        }
    }
    expect(bare).toEqual([]);
  });

  test('gives every connection a totalCount, edges with cursors, and pageInfo', () => {
    const connections = Object.values(schema.getTypeMap()).filter(({ name }) => name.endsWith('Connection'));
    expect(connections.length).toBeGreaterThan(7);
    for (const connection of connections) {
      if (!isObjectType(connection)) throw new Error(connection.name);
      expect(Object.keys(connection.getFields())).toEqual(
        expect.arrayContaining(['edges', 'nodes', 'pageInfo', 'totalCount']),
      );
    }
  });

  test('answers every mutation that may be refused with a union', () => {
    const mutations = Object.values(schema.getMutationType()?.getFields() ?? {});
    expect(mutations.length).toBeGreaterThan(3);
    for (const { name, type } of mutations)
      expect([name, isUnionType(getNamedType(type))]).toEqual([name, true]);
  });

  test('has every root field that was promised', () => {
    expect(Object.keys(schema.getQueryType()?.getFields() ?? {})).toEqual(
      expect.arrayContaining([
        ...[
          'documents',
          'document',
          'entities',
          'entity',
          'triples',
          'evidence',
          'memories',
          'memoryEntries',
        ],
        ...['scoreText', 'predicates', 'server', 'job', 'node'],
      ]),
    );
  });
});
