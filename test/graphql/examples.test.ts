import { buildSchema, getOperationAST, parse, validate } from 'graphql';
import { describe, expect, test } from 'vitest';
import { emittedSchema } from '../../src/graphql/emit-schema.js';
import { EXAMPLES } from '../../src/graphql/examples.js';
import { withApi } from './harness.js';

describe('the examples of the explorer', () => {
  const schema = buildSchema(emittedSchema());
  test.each(EXAMPLES)('$name fits the schema', ({ operation }) => {
    expect(validate(schema, parse(operation))).toEqual([]);
  });

  test('have names of their own', () => {
    expect(new Set(EXAMPLES.map(({ name }) => name)).size).toBe(EXAMPLES.length);
  });

  test('run one after the other without errors', () =>
    withApi(async ({ ask, ingest }) => {
      await ingest({ sample: 'Marie Curie was born in Warsaw. She studied at University of Paris.' });
      for (const { operation, variables } of EXAMPLES) {
        if (getOperationAST(parse(operation))?.operation === 'subscription') continue;
        const { status, data, errors } = await ask(operation, { ...variables });
        expect({ operation, status, errors }).toEqual({ operation, status: 200, errors: [] });
        expect(JSON.stringify(data)).not.toContain('"code"');
      }
    }));
});
