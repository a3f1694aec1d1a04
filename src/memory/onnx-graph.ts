/*
 * ONNX graphs, written out here because ours are small: protobuf needs a tag, a length and the bytes. Field numbers are
 * those of onnx.proto3; a message is the concatenation of its fields.
 */

export const FLOAT = 1;
export const UINT8 = 2;
export const INT64 = 7;
const OPSET = 17;
/** ONNX IR version 8 came with opset 17. */
const IR_VERSION = 8;

/** A serialised ModelProto of nodes in the order in which they run. */
export function model(
  name: string,
  nodes: readonly Bytes[],
  inputs: readonly Bytes[],
  outputs: readonly Bytes[],
): Uint8Array {
  const graph = message(
    ...nodes.map((each) => bytes(1, each)),
    text(2, name),
    ...inputs.map((each) => bytes(11, each)),
    ...outputs.map((each) => bytes(12, each)),
  );
  return Uint8Array.from(
    message(varint(1, IR_VERSION), bytes(7, graph), bytes(8, message(text(1, ''), varint(2, OPSET)))),
  );
}

export type Bytes = readonly number[];

export function node(type: string, inputs: string[], outputs: string[], attributes: Bytes[] = []): Bytes {
  return message(
    ...inputs.map((name) => text(1, name)),
    ...outputs.map((name) => text(2, name)),
    text(4, type),
    ...attributes.map((attribute) => bytes(5, attribute)),
  );
}

export function intAttribute(name: string, value: number): Bytes {
  const INT = 2;
  return message(text(1, name), varint(3, value), varint(20, INT));
}

/** @param dims sizes, or names of sizes that are known at run time */
export function valueInfo(name: string, elementType: number, dims: (number | string)[]): Bytes {
  const shape = message(
    ...dims.map((size) => bytes(1, typeof size === 'number' ? varint(1, size) : text(2, size))),
  );
  const tensorType = message(varint(1, elementType), bytes(2, shape));
  return message(text(1, name), bytes(2, message(bytes(1, tensorType))));
}

function message(...fields: Bytes[]): Bytes {
  return fields.flat();
}

function varint(field: number, value: number): Bytes {
  return [...base128(field << 3), ...base128(value)];
}

function bytes(field: number, content: Bytes): Bytes {
  return [...base128((field << 3) | 2), ...base128(content.length), ...content];
}

function text(field: number, content: string): Bytes {
  return bytes(field, [...new TextEncoder().encode(content)]);
}

/** An unsigned integer in groups of seven bits, lowest first. */
function base128(value: number): Bytes {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...base128(value >>> 7)];
}
