import { ProtobufWriter } from '../../core/protobuf.ts';
import { MACHINE_DOMAIN } from '../machine/program.ts';
import {
  type Attribute,
  ELEMENT_TYPES,
  type OnnxGraph,
  type OnnxInitializer,
  type OnnxNode,
  type OnnxValue,
} from './graph.ts';

/** Numbers of fields and of attribute types are those of onnx.proto (github.com/onnx/onnx, version 1.16). */
const IR_VERSION = 8;
const OPERATOR_SETS = [
  { domain: '', version: 18 },
  { domain: 'com.microsoft', version: 1 },
  { domain: 'com.microsoft.nchwc', version: 1 },
  { domain: MACHINE_DOMAIN, version: 1 },
] as const;

/** A whole ONNX model as bytes. */
export function serializeModel(graph: OnnxGraph): Uint8Array {
  const model = new ProtobufWriter();
  model.integer(1, IR_VERSION).bytes(2, 'torcs-pilot').bytes(7, graphMessage(graph));
  const domains = new Set(graph.nodes.map((node) => node.domain));
  for (const { domain, version } of OPERATOR_SETS) {
    if (domain !== '' && !domains.has(domain)) continue;
    model.bytes(8, new ProtobufWriter().bytes(1, domain).integer(2, version));
  }
  return model.finish();
}

function graphMessage(graph: OnnxGraph): ProtobufWriter {
  const message = new ProtobufWriter();
  for (const node of graph.nodes) message.bytes(1, nodeMessage(node));
  message.bytes(2, 'main');
  for (const initializer of graph.initializers) message.bytes(5, tensorMessage(initializer));
  for (const input of graph.inputs) message.bytes(11, valueMessage(input));
  for (const output of graph.outputs) message.bytes(12, valueMessage(output));
  // Shapes that ONNX Runtime cannot infer.
  for (const value of graph.values) message.bytes(13, valueMessage(value));
  return message;
}

function nodeMessage(node: OnnxNode): ProtobufWriter {
  const message = new ProtobufWriter();
  for (const input of node.inputs) message.bytes(1, input);
  for (const output of node.outputs) message.bytes(2, output);
  message.bytes(3, `${node.operator}:${node.outputs[0]}`).bytes(4, node.operator);
  for (const [name, value] of Object.entries(node.attributes)) message.bytes(5, attributeMessage(name, value));
  return message.bytes(7, node.domain);
}

function attributeMessage(name: string, value: Attribute): ProtobufWriter {
  const message = new ProtobufWriter().bytes(1, name);
  if (typeof value === 'number') return message.integer(3, value).integer(20, 2);
  if (typeof value === 'string') return message.bytes(4, value).integer(20, 3);
  if ('float' in value) return message.float(2, value.float).integer(20, 1);
  for (const entry of value) message.integer(8, entry);
  return message.integer(20, 7);
}

function tensorMessage({ name, type, shape, bytes }: OnnxInitializer): ProtobufWriter {
  const message = new ProtobufWriter();
  for (const length of shape) message.integer(1, length);
  return message.integer(2, ELEMENT_TYPES[type]).bytes(8, name).bytes(9, bytes);
}

function valueMessage({ name, type, shape }: OnnxValue): ProtobufWriter {
  const dimensions = new ProtobufWriter();
  for (const length of shape) dimensions.bytes(1, new ProtobufWriter().integer(1, length));
  const tensor = new ProtobufWriter().integer(1, ELEMENT_TYPES[type]).bytes(2, dimensions);
  return new ProtobufWriter().bytes(1, name).bytes(2, new ProtobufWriter().bytes(1, tensor));
}
