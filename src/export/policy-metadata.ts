import { boundOf } from '../core/box.ts';
import type { Box, ObservationSpace } from '../core/environment.ts';
import { BATCH_AXIS } from './batch-axis.ts';
import type { Graph } from './graph.ts';

/** `format` and `formatVersion` of the metadata. */
export const METADATA_FORMAT = 'torcs-pilot-policy-onnx';
export const METADATA_VERSION = 1;

/** Names of the inputs and outputs of an exported policy, beside `memory0`, … and `nextMemory0`, …. */
export const POLICY_VALUES = {
  state: 'state',
  pixels: 'pixels',
  previousAction: 'previousAction',
  action: 'action',
  nextPreviousAction: 'nextPreviousAction',
} as const;

/** What one number of the state or of the action means. */
export interface EntryFacts {
  readonly name: string;
  /** Of the quantity itself, such as `km/h`; absent: a number without one, or not known. */
  readonly unit?: string;
  /** State: the quantity was divided by this before it became an entry. Absent: it was not, or it is not known. */
  readonly scale?: number;
}

/** How the pictures came about that a policy sees. */
export interface PictureFacts {
  /** `rgb` or `grey`. */
  readonly colour: string;
  /** Pictures in the stack. */
  readonly stack: number;
  /** Part of the camera's picture that was kept, pixels from the top left; absent: all of it. */
  readonly crop?: { readonly left: number; readonly top: number; readonly width: number; readonly height: number };
}

/** What is told of a policy in its ONNX file. */
export interface PolicyFacts {
  readonly name: string;
  /** Program and version. */
  readonly program: string;
  readonly observationSpace: ObservationSpace;
  readonly actionSpace: Box;
  readonly stateEntries: readonly EntryFacts[];
  readonly actionEntries: readonly EntryFacts[];
  readonly pictures?: PictureFacts;
  /** The camera whose pictures they were: size, view. */
  readonly camera?: Readonly<Record<string, unknown>>;
  /** Steps of the simulator for which an action holds. */
  readonly actionRepeat?: number;
  /** The environment that it was trained in, and where it comes from; as JSON. */
  readonly environment?: unknown;
  readonly provenance: unknown;
}

/** An output that is fed back as an input at the next step; zeros when an episode starts. */
export interface RecurrentLink {
  readonly input: string;
  readonly output: string;
}

/** The links of a policy that remembers; none: it does not. */
export function recurrentLinks({ inputs }: Graph): readonly RecurrentLink[] {
  return inputs.flatMap(({ name }) => {
    if (name === POLICY_VALUES.state || name === POLICY_VALUES.pixels) return [];
    return [{ input: name, output: nextOf(name) }];
  });
}

/** Name of the output that becomes an input at the next step. */
export function nextOf(input: string): string {
  return `next${input[0]!.toUpperCase()}${input.slice(1)}`;
}

/** What each input and output is, for people. */
export function describeValues(graph: Graph, facts: PolicyFacts): Record<string, string> {
  const links = recurrentLinks(graph);
  const { pictures } = facts;
  const stack = pictures === undefined ? '' : `: ${pictures.stack} of ${pictures.colour}, the oldest picture first`;
  const inputs = graph.inputs.map(({ name }) => {
    if (name === POLICY_VALUES.state)
      return [name, 'numbers of an observation, scaled as metadata `stateEntries` tell'];
    if (name === POLICY_VALUES.pixels) return [name, `bytes, ${BATCH_AXIS} × height × width × channels${stack}`];
    if (name === POLICY_VALUES.previousAction) return [name, 'the action before, -1 to 1; zeros at first'];
    return [name, 'what was remembered; zeros at first'];
  });
  const outputs = graph.outputs.map(({ name }) => {
    const link = links.find(({ output }) => output === name);
    return [name, link === undefined ? "action in the environment's own units" : `becomes ${link.input}`];
  });
  return Object.fromEntries([...inputs, ...outputs]) as Record<string, string>;
}

/** `metadata_props` of a policy: texts; all but `format`, `name` and `program` are JSON. */
export function policyMetadata(graph: Graph, facts: PolicyFacts): Record<string, string> {
  const documentation = describeValues(graph, facts);
  const values = (list: Graph['inputs']) =>
    list.map(({ name, type, shape }) => ({ name, type, shape, description: documentation[name] }));
  const { observationSpace, actionSpace, stateEntries, actionEntries, pictures, camera, actionRepeat } = facts;
  const { pixels } = observationSpace;
  const [height, width, channels] = pixels?.shape ?? [];
  const content: Record<string, unknown> = {
    formatVersion: METADATA_VERSION,
    inputs: values(graph.inputs),
    outputs: values(graph.outputs),
    recurrent: recurrentLinks(graph),
    observationSpace: {
      state: boxOf(observationSpace.state),
      ...(pixels === undefined ? {} : { pixels: boxOf(pixels) }),
    },
    actionSpace: boxOf(actionSpace),
    stateEntries,
    actionEntries: actionEntries.map((entry, i) => ({
      ...entry,
      low: boundOf(actionSpace.low, i),
      high: boundOf(actionSpace.high, i),
    })),
    pixels:
      pictures === undefined ? undefined : { height, width, channels, order: 'oldest picture first', ...pictures },
    camera,
    actionRepeat,
    environment: facts.environment,
    provenance: facts.provenance,
  };
  const texts = Object.entries(content).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, JSON.stringify(value)] as const],
  );
  return { format: METADATA_FORMAT, name: facts.name, program: facts.program, ...Object.fromEntries(texts) };
}

/** JSON has no infinities: they are texts, as in `policy.json`. */
function boxOf({ shape, low, high, dtype, names }: Box) {
  const text = (bound: number) => (Number.isFinite(bound) ? bound : String(bound));
  const bounds = (of: Box['low']) => (typeof of === 'number' ? text(of) : of.map(text));
  return { shape, low: bounds(low), high: bounds(high), dtype, names };
}
