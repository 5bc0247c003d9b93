import type { MachineOperator } from './operator.ts';

/** The domain of ONNX nodes whose code is written here. */
export const MACHINE_DOMAIN = 'torcs-pilot';

/** Where a value of a program lies. */
export type ValuePlace =
  | { readonly of: 'input' | 'output'; readonly index: number }
  /** In memory of the program's own, which lasts for a run: numbers from its begin. */
  | { readonly of: 'scratch'; readonly begin: number };

/** One operator of a program. */
export interface ProgramStep {
  readonly operator: MachineOperator;
  readonly inputs: readonly ValuePlace[];
  readonly result: ValuePlace;
}

/** Operators one after the other: what one ONNX node does, whose inputs and outputs are float32. */
export interface MachineProgram {
  /** The node's operator; no other program of a graph has it. */
  readonly name: string;
  readonly inputCount: number;
  readonly outputShapes: readonly (readonly number[])[];
  /** Numbers that the scratch memory holds. */
  readonly scratchLength: number;
  readonly steps: readonly ProgramStep[];
}
