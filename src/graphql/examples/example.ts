/** An operation that the explorer offers one click away; a test runs each. */
export interface Example {
  /** In addresses: `?example=facts`. */
  readonly name: string;
  /** On the link. */
  readonly title: string;
  readonly operation: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}

export const SENTENCE = 'Marie Curie was born in Warsaw and studied at the University of Paris.';
