import { move, transferableSymbol, valueSymbol } from 'piscina';

/** A worker's result whose buffers move to the receiver and are not copied. Call it last: the buffers are gone here. */
export function moved<Result>(value: Result, buffers: readonly ArrayBuffer[]): Result {
  const envelope: unknown = move({ [transferableSymbol]: [...buffers], [valueSymbol]: value } as never);
  // Piscina unwraps the envelope on its way out: what the caller of the pool gets is the value itself.
  return envelope as Result;
}
