/** Types of elements, by ONNX's numbers (onnx.proto, TensorProto.DataType). */
export const ELEMENT_TYPES = { float32: 1, uint8: 2, int32: 6, int64: 7, bool: 9 } as const;
export type ElementType = keyof typeof ELEMENT_TYPES;

/** A value of an attribute: a whole number, a list of them, a float, or a text. */
export type Attribute = number | readonly number[] | { readonly float: number } | string;

export interface OnnxNode {
  readonly operator: string;
  /** Empty: ONNX's own operators. */
  readonly domain: string;
  inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

export interface OnnxValue {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly number[];
}

export interface OnnxInitializer extends OnnxValue {
  readonly bytes: Uint8Array;
}

export interface NodeOptions {
  readonly domain?: string;
  readonly attributes?: Readonly<Record<string, Attribute | undefined>>;
}

type Numbers = Float32Array | Int32Array | BigInt64Array | Uint8Array;

const ARRAYS = {
  float32: Float32Array,
  uint8: Uint8Array,
  int32: Int32Array,
  int64: BigInt64Array,
  bool: Uint8Array,
} as const;

/** Constants up to this many elements are looked up before they are added. */
const SHARED_CONSTANT_LENGTH = 64;

/** A graph that grows: nodes in the order of creation, which is an order in which they can run. */
export class OnnxGraph {
  nodes: OnnxNode[] = [];
  readonly inputs: OnnxValue[] = [];
  readonly outputs: OnnxValue[] = [];
  readonly initializers: OnnxInitializer[] = [];
  /** Values between nodes whose shapes are told. */
  readonly values: OnnxValue[] = [];
  readonly #constants = new Map<string, string>();
  /** Constants, and what is made of nothing else. */
  readonly #fixed = new Set<string>();
  #next = 0;

  input(name: string, type: ElementType, shape: readonly number[]): string {
    this.inputs.push({ name, type, shape });
    return name;
  }

  output(name: string, type: ElementType, shape: readonly number[]): void {
    this.outputs.push({ name, type, shape });
  }

  /** A constant; equal small ones are one. */
  constant(values: Numbers | readonly number[], shape: readonly number[], type: ElementType): string {
    const numbers = typedArray(values, type);
    const key = numbers.length <= SHARED_CONSTANT_LENGTH ? `${type}|${shape}|${numbers}` : undefined;
    const known = key === undefined ? undefined : this.#constants.get(key);
    if (known !== undefined) return known;
    const name = this.#fresh('constant');
    const bytes = new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength).slice();
    this.initializers.push({ name, type, shape, bytes });
    this.#fixed.add(name);
    if (key !== undefined) this.#constants.set(key, name);
    return name;
  }

  /** A vector of 64-bit integers, as shapes and axes are given. */
  integers(values: readonly number[]): string {
    return this.constant(values, [values.length], 'int64');
  }

  scalar(value: number): string {
    return this.constant([value], [], 'float32');
  }

  /** Appends a node with one output and returns the output's name. */
  node(operator: string, inputs: readonly string[], options: NodeOptions = {}): string {
    return this.nodeOf(1, operator, inputs, options)[0]!;
  }

  /** Appends a node with several outputs and returns their names. */
  nodeOf(outputCount: number, operator: string, inputs: readonly string[], options: NodeOptions = {}): string[] {
    const outputs = Array.from({ length: outputCount }, () => this.#fresh(operator));
    const given = Object.entries(options.attributes ?? {}).filter(
      (entry): entry is [string, Attribute] => entry[1] !== undefined,
    );
    this.nodes.push({
      operator,
      domain: options.domain ?? '',
      inputs,
      outputs,
      attributes: Object.fromEntries(given),
    });
    if (inputs.length > 0 && inputs.every((input) => this.isFixed(input))) {
      for (const output of outputs) this.#fixed.add(output);
    }
    return outputs;
  }

  /** Whether a value is the same in every run: ONNX Runtime computes it once. */
  isFixed(name: string): boolean {
    return this.#fixed.has(name);
  }

  #fresh(hint: string): string {
    return `${hint}_${this.#next++}`;
  }
}

function typedArray(values: Numbers | readonly number[], type: ElementType): Numbers {
  const arrayType = ARRAYS[type];
  if (values instanceof arrayType) return values;
  if (type === 'int64') return BigInt64Array.from(values as readonly number[], (value) => BigInt(value));
  return (arrayType as typeof Float32Array).from(values as ArrayLike<number>);
}
