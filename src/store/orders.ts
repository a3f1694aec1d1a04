import type { DocumentQuery, EntityQuery, TripleQuery } from './graph-store.js';

/** One column of an order; the last of an order is unique, so that no two things tie. */
export interface OrderColumn {
  /** What is compared, in the adapter's language. */
  readonly expression: string;
  readonly type: 'string' | 'number';
  readonly descending?: boolean;
}

/** The order of a list's pages. Cursors carry its name: no other list has one of this name. */
export interface Order {
  readonly name: string;
  readonly columns: readonly OrderColumn[];
}

interface FieldColumn<Field extends string> extends Omit<OrderColumn, 'expression'> {
  readonly field: Field;
}

type FieldOrders<Name extends string, Field extends string> = Readonly<
  Record<Name, readonly FieldColumn<Field>[]>
>;

const ascending = <Field extends string>(
  field: Field,
  type: OrderColumn['type'] = 'string',
): FieldColumn<Field> => ({ field, type });

const descending = <Field extends string>(
  field: Field,
  type: OrderColumn['type'] = 'string',
): FieldColumn<Field> => ({ field, type, descending: true });

/** The orders of the port: every adapter lists in them, so a page is the same page in any store. */
export const TRIPLE_ORDERS: FieldOrders<
  NonNullable<TripleQuery['order']>,
  'confidence' | 'evidence' | 'predicate' | 'id'
> = {
  confidenceDescending: [descending('confidence', 'number'), descending('id')],
  confidenceAscending: [ascending('confidence', 'number'), ascending('id')],
  evidenceCountDescending: [descending('evidence', 'number'), descending('id')],
  predicate: [ascending('predicate'), descending('confidence', 'number'), ascending('id')],
};

export const EVIDENCE_ORDERS: FieldOrders<'evidenceByConfidence', 'confidence' | 'id'> = {
  evidenceByConfidence: [descending('confidence', 'number'), ascending('id')],
};

export const ENTITY_ORDERS: FieldOrders<
  NonNullable<EntityQuery['order']>,
  'normalised' | 'mentions' | 'id'
> = {
  name: [ascending('normalised'), ascending('id')],
  // Many entities have one mention: both columns run one way, so that an index holds them in this order in any store.
  mentions: [descending('mentions', 'number'), descending('id')],
};

export const DOCUMENT_ORDERS: FieldOrders<NonNullable<DocumentQuery['order']>, 'externalId' | 'saved'> = {
  externalId: [ascending('externalId')],
  newest: [descending('saved', 'number')],
  oldest: [ascending('saved', 'number')],
};

/** Orders in an adapter's language. @param expressions what each field is called there */
export function ordersIn<Name extends string, Field extends string>(
  orders: FieldOrders<Name, Field>,
  expressions: Readonly<Record<Field, string>>,
): Readonly<Record<Name, Order>> {
  const named = Object.entries<readonly FieldColumn<Field>[]>(orders).map(([name, columns]) => [
    name,
    { name, columns: columns.map(({ field, ...rest }) => ({ expression: expressions[field], ...rest })) },
  ]);
  // Object.entries forgets the names.
  return Object.fromEntries(named) as Record<Name, Order>;
}
