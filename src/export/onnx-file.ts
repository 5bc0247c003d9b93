import { ProtobufWriter } from '../core/protobuf.ts';
import {
  type Attribute,
  ELEMENT_TYPES,
  type Graph,
  type GraphConstant,
  type GraphNode,
  type GraphValue,
} from './graph.ts';

/**
 * Numbers of fields and of attribute types are those of onnx.proto (github.com/onnx/onnx, version 1.16). The version of
 * the operators is the first whose `ReduceMean` takes its axes as an input.
 */
const IR_VERSION = 8;
const OPERATOR_SET_VERSION = 18;

export interface OnnxFileParts {
  readonly graph: Graph;
  /** Name of the graph. */
  readonly name: string;
  readonly producer: { readonly name: string; readonly version: string };
  /** For people; shown by viewers. */
  readonly documentation: string;
  /** What each input and output is, for people, by its name. */
  readonly valueDocumentation: Readonly<Record<string, string>>;
  /** `metadata_props`. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** A whole ONNX model as the bytes of a file. */
export function encodeOnnxFile(parts: OnnxFileParts): Uint8Array {
  const { producer, documentation, metadata } = parts;
  const model = new ProtobufWriter()
    .integer(1, IR_VERSION)
    .bytes(2, producer.name)
    .bytes(3, producer.version)
    .bytes(6, documentation)
    .bytes(7, graphMessage(parts))
    .bytes(8, new ProtobufWriter().bytes(1, '').integer(2, OPERATOR_SET_VERSION));
  for (const [key, value] of Object.entries(metadata)) {
    model.bytes(14, new ProtobufWriter().bytes(1, key).bytes(2, value));
  }
  return model.finish();
}

function graphMessage({ graph, name, valueDocumentation }: OnnxFileParts): ProtobufWriter {
  const message = new ProtobufWriter();
  const described = (value: GraphValue) => valueMessage(value, valueDocumentation[value.name]);
  for (const node of graph.nodes) message.bytes(1, nodeMessage(node));
  message.bytes(2, name);
  for (const constant of graph.initializers) message.bytes(5, constantMessage(constant));
  for (const input of graph.inputs) message.bytes(11, described(input));
  for (const output of graph.outputs) message.bytes(12, described(output));
  return message;
}

function nodeMessage({ operator, inputs, outputs, attributes }: GraphNode): ProtobufWriter {
  const message = new ProtobufWriter();
  for (const input of inputs) message.bytes(1, input);
  for (const output of outputs) message.bytes(2, output);
  message.bytes(3, `${operator}:${outputs[0]}`).bytes(4, operator);
  for (const [name, value] of Object.entries(attributes)) message.bytes(5, attributeMessage(name, value));
  return message;
}

function attributeMessage(name: string, value: Attribute): ProtobufWriter {
  const message = new ProtobufWriter().bytes(1, name);
  if (typeof value === 'number') return message.integer(3, value).integer(20, 2);
  if (typeof value === 'string') return message.bytes(4, value).integer(20, 3);
  if ('float' in value) return message.float(2, value.float).integer(20, 1);
  for (const entry of value) message.integer(8, entry);
  return message.integer(20, 7);
}

function constantMessage({ name, type, shape, bytes }: GraphConstant): ProtobufWriter {
  const message = new ProtobufWriter();
  for (const length of shape) message.integer(1, length);
  return message.integer(2, ELEMENT_TYPES[type]).bytes(8, name).bytes(9, bytes);
}

function valueMessage({ name, type, shape }: GraphValue, documentation: string | undefined): ProtobufWriter {
  const axes = new ProtobufWriter();
  for (const axis of shape) {
    const length = new ProtobufWriter();
    axes.bytes(1, typeof axis === 'string' ? length.bytes(2, axis) : length.integer(1, axis));
  }
  const tensor = new ProtobufWriter().integer(1, ELEMENT_TYPES[type]).bytes(2, axes);
  const message = new ProtobufWriter().bytes(1, name).bytes(2, new ProtobufWriter().bytes(1, tensor));
  return documentation === undefined ? message : message.bytes(3, documentation);
}
