/** Types of elements, by ONNX's numbers (onnx.proto, TensorProto.DataType). */
export const ELEMENT_TYPES = { float32: 1, uint8: 2, int32: 6, int64: 7, bool: 9 } as const;
export type ElementType = keyof typeof ELEMENT_TYPES;

/** A value of an attribute: a whole number, a list of them, a float, or a text. */
export type Attribute = number | readonly number[] | { readonly float: number } | string;

export interface GraphNode {
  readonly operator: string;
  /** Empty: ONNX's own operators. */
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/** An input or output. An axis whose length is open has a name instead. */
export interface GraphValue<Axis = number | string> {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly Axis[];
}

/** A constant, its elements as they lie in memory, little-endian. */
export interface GraphConstant extends GraphValue<number> {
  readonly bytes: Uint8Array;
}

/** A graph as a tracer recorded it, or as it is written: nodes in an order in which they can run. */
export interface Graph<Axis = number | string> {
  readonly nodes: readonly GraphNode[];
  readonly inputs: readonly GraphValue<Axis>[];
  readonly outputs: readonly GraphValue<Axis>[];
  readonly initializers: readonly GraphConstant[];
}
