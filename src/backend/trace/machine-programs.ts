import { type MachineOperator, resultLength } from '../machine/operator.ts';
import { MACHINE_DOMAIN, type MachineProgram, type ProgramStep, type ValuePlace } from '../machine/program.ts';
import type { OnnxGraph, OnnxNode, OnnxValue } from '../onnx/graph.ts';

/** A node in machine code, before it is made part of a program. */
export interface MachineNode {
  readonly operator: MachineOperator;
  /** Of the ONNX value that comes out. */
  readonly shape: readonly number[];
}

/** By the name of what comes out. */
export type MachineNodes = ReadonlyMap<string, MachineNode>;

/** Blocks of scratch memory begin at cache lines. */
const FLOATS_PER_LINE = 16;

/**
 * Makes programs of a graph's nodes in machine code: as few as can be, each of all nodes between which no other node has to
 * run; or one of each node, so that a profile tells their times.
 */
export function makePrograms(
  graph: OnnxGraph,
  machineNodes: MachineNodes,
  { separate }: { readonly separate: boolean },
): readonly MachineProgram[] {
  const isMachine = (node: OnnxNode) => node.domain === MACHINE_DOMAIN;
  const stages = stagesOf(graph, isMachine);
  const given = new Set(graph.outputs.map((output) => output.name));
  const groups = new Map<string, { readonly stage: number; readonly nodes: OnnxNode[] }>();
  for (const node of graph.nodes.filter(isMachine)) {
    const stage = stages.get(node)!;
    const key = separate ? node.outputs[0]! : String(stage);
    const group = groups.get(key) ?? { stage, nodes: [] };
    group.nodes.push(node);
    groups.set(key, group);
  }
  const programs = new Map<string, MachineProgram>();
  const merged = [...groups.values()].map(({ stage, nodes }) => {
    const needed = neededOutside(graph, nodes);
    const { operator, inputs } = nodes[0]!;
    const name = separate ? `${operator}_of_${new Set(inputs).size}` : `Program_${programs.size}`;
    const { program, node, values } = writeProgram({ name, nodes, needed, machineNodes });
    programs.set(name, program);
    graph.values.push(...values.filter(({ name: value }) => !given.has(value)));
    return { stage, node };
  });
  // A stage's program, then what needs it: an order in which they can run. Separate ones stay where they are.
  if (separate) {
    const byOutput = new Map(merged.map(({ node }) => [node.outputs[0]!, node]));
    graph.nodes = graph.nodes.map((node) => (isMachine(node) ? byOutput.get(node.outputs[0]!)! : node));
    return [...programs.values()];
  }
  const others = graph.nodes
    .filter((node) => !isMachine(node))
    .map((node) => ({ stage: stages.get(node)! + 0.5, node }));
  graph.nodes = [...merged, ...others].sort((a, b) => a.stage - b.stage).map(({ node }) => node);
  return [...programs.values()];
}

/** How many changes between machine code and other nodes lie before a node, at most. */
function stagesOf(graph: OnnxGraph, isMachine: (node: OnnxNode) => boolean): ReadonlyMap<OnnxNode, number> {
  const producers = new Map(graph.nodes.flatMap((node) => node.outputs.map((output) => [output, node] as const)));
  const stages = new Map<OnnxNode, number>();
  for (const node of graph.nodes) {
    const before = node.inputs.map((input) => {
      const producer = producers.get(input);
      if (producer === undefined) return isMachine(node) ? 0 : -1;
      return stages.get(producer)! + (isMachine(node) && !isMachine(producer) ? 1 : 0);
    });
    stages.set(node, Math.max(isMachine(node) ? 0 : -1, ...before));
  }
  return stages;
}

/** What of these nodes' results others read, or the graph gives. */
function neededOutside(graph: OnnxGraph, nodes: readonly OnnxNode[]): ReadonlySet<string> {
  const inside = new Set(nodes);
  const read = graph.nodes.filter((node) => !inside.has(node)).flatMap((node) => node.inputs);
  return new Set([...read, ...graph.outputs.map(({ name }) => name)]);
}

function writeProgram(parts: {
  readonly name: string;
  readonly nodes: readonly OnnxNode[];
  readonly needed: ReadonlySet<string>;
  readonly machineNodes: MachineNodes;
}): { readonly program: MachineProgram; readonly node: OnnxNode; readonly values: readonly OnnxValue[] } {
  const { name, nodes, needed, machineNodes } = parts;
  const own = new Set(nodes.flatMap((node) => node.outputs));
  const inputs = [...new Set(nodes.flatMap((node) => node.inputs))].filter((input) => !own.has(input));
  const outputs = [...own].filter((output) => needed.has(output));
  const lastUse = new Map(nodes.flatMap((node, i) => node.inputs.map((input) => [input, i] as const)));
  const scratch = new Scratch();
  const places = new Map<string, ValuePlace>([
    ...inputs.map((input, index): [string, ValuePlace] => [input, { of: 'input', index }]),
    ...outputs.map((output, index): [string, ValuePlace] => [output, { of: 'output', index }]),
  ]);
  const steps = nodes.map((node, i): ProgramStep => {
    const output = node.outputs[0]!;
    const { operator } = machineNodes.get(output)!;
    const result = places.get(output) ?? { of: 'scratch', begin: scratch.take(output, resultLength(operator)) };
    places.set(output, result);
    const step = { operator, inputs: node.inputs.map((input) => places.get(input)!), result };
    for (const input of node.inputs) if (lastUse.get(input) === i) scratch.giveBack(input);
    return step;
  });
  const shapes = outputs.map((output) => machineNodes.get(output)!.shape);
  const scratchName = `${name}_scratch`;
  return {
    program: { name, inputCount: inputs.length, outputShapes: shapes, scratchLength: scratch.length, steps },
    node: {
      operator: name,
      domain: MACHINE_DOMAIN,
      inputs,
      outputs: scratch.length === 0 ? outputs : [...outputs, scratchName],
      attributes: {},
    },
    values: outputs.map((output, i) => ({ name: output, type: 'float32', shape: shapes[i]! })),
  };
}

/** Memory for values that only the steps of a program read: what is not needed any more is used again. */
class Scratch {
  length = 0;
  readonly #taken = new Map<string, { readonly begin: number; readonly size: number }>();
  readonly #free: { readonly begin: number; readonly size: number }[] = [];

  take(name: string, length: number): number {
    const size = FLOATS_PER_LINE * Math.ceil(length / FLOATS_PER_LINE);
    const fitting = this.#free.findIndex((block) => block.size === size);
    const block = fitting >= 0 ? this.#free.splice(fitting, 1)[0]! : { begin: this.length, size };
    if (fitting < 0) this.length += size;
    this.#taken.set(name, block);
    return block.begin;
  }

  /** A value that was not taken from here is no matter. */
  giveBack(name: string): void {
    const block = this.#taken.get(name);
    if (block === undefined) return;
    this.#taken.delete(name);
    this.#free.push(block);
  }
}
