import { registerEnumType } from '../../decorators.js';

/**
 * An enum of the API out of a union of the code. Clients read a value in capitals, its words joined by `_`:
 * `same-name` and `sameName` are `SAME_NAME`; resolvers get and give the value itself.
 *
 * @param descriptions of every value, in the order in which the schema lists them; a missing one does not compile
 */
export function describedEnum<Value extends string>(
  name: string,
  description: string,
  descriptions: Readonly<Record<Value, string>>,
): Readonly<Record<string, Value>> {
  const values = Object.keys(descriptions) as Value[];
  const enumeration = Object.fromEntries(values.map((value) => [apiName(value), value]));
  const valuesConfig = Object.fromEntries(
    values.map((value) => [apiName(value), { description: descriptions[value] }]),
  );
  registerEnumType(enumeration, { name, description, valuesConfig });
  return enumeration;
}

function apiName(value: string): string {
  return value
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll('-', '_')
    .toUpperCase();
}
