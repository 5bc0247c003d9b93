import {
  type Assembler,
  assemble,
  FLOAT_BYTES,
  R8,
  R9,
  RAX,
  RBX,
  RCX,
  RDI,
  RDX,
  type Register,
  RSI,
  RSP,
} from './assembler.ts';
import { emitOperator, inputParameters, operatorName } from './operator.ts';
import type { MachineProgram, ValuePlace } from './program.ts';

/** Addresses of functions of ONNX Runtime's that programs call. */
export interface KernelFunctions {
  readonly getInput: bigint;
  readonly getOutput: bigint;
  readonly getTensorData: bigint;
}

/** Machine code and tables that make programs known to ONNX Runtime as operators, for one place in memory. */
export interface ProgramImage {
  readonly bytes: Uint8Array;
  /** Addresses of each program's `OrtCustomOp`. */
  readonly tables: readonly bigint[];
}

/** Version of `OrtCustomOp` that is filled in: the first whose kernels tell of errors. */
const TABLE_VERSION = 16n;
const ELEMENT_FLOAT32 = 1n;
const POINTER_BYTES = 8;
const ALIGNMENT = 64;

// What functions are called with, in the order of System V's convention.
const PARAMETERS: readonly Register[] = [RDI, RSI, RDX, RCX, R8, R9];

/** Writes the image for a place in memory; it is as long for any other. */
export function buildProgramImage(
  programs: readonly MachineProgram[],
  functions: KernelFunctions,
  place: bigint,
): ProgramImage {
  const image = new ImageWriter(place);
  const giveBack = (value: bigint) =>
    image.code((assembler) => {
      assembler.moveConstant(RAX, value);
      assembler.return();
    });
  const zero = giveBack(0n);
  const one = giveBack(1n);
  const float32 = giveBack(ELEMENT_FLOAT32);
  /** CreateKernel(operator, …): a kernel has no state of its own. */
  const create = image.code((assembler) => {
    assembler.move(RAX, RDI);
    assembler.return();
  });
  const kernels = new Map<string, bigint>();
  for (const { operator } of programs.flatMap(({ steps }) => steps)) {
    const name = operatorName(operator);
    if (!kernels.has(name))
      kernels.set(
        name,
        image.code((assembler) => emitOperator(assembler, operator)),
      );
  }
  const tables = programs.map((program) => {
    const shapes = allShapes(program).map((shape) => ({
      rank: shape.length,
      place: image.data(pointers(shape.map(BigInt))),
    }));
    const name = giveBack(image.data(Buffer.from(`${program.name}\0`)));
    const compute = image.code((assembler) => emitCompute(assembler, program, { kernels, shapes, functions }));
    const inputCount = giveBack(BigInt(program.inputCount));
    const outputCount = giveBack(BigInt(shapes.length));
    return image.data(
      pointers([
        TABLE_VERSION,
        create,
        name,
        zero, // GetExecutionProviderType: the CPU's
        float32, // GetInputType
        inputCount,
        float32, // GetOutputType
        outputCount,
        zero, // KernelCompute: the later version below is called
        zero, // KernelDestroy
        zero, // GetInputCharacteristic: required
        zero, // GetOutputCharacteristic: required
        zero, // GetInputMemoryType: the default
        one, // GetVariadicInputMinArity
        one, // GetVariadicInputHomogeneity
        one, // GetVariadicOutputMinArity
        one, // GetVariadicOutputHomogeneity
        0n, // CreateKernelV2: none, CreateKernel is called
        compute, // KernelComputeV2
        // Of later versions, which are not asked for: shape inference, versions, places.
        ...Array.from({ length: 7 }, () => 0n),
      ]),
    );
  });
  return { bytes: image.finish(), tables };
}

/** Of the outputs, and of the scratch memory, which is one more output that nobody reads. */
function allShapes({ outputShapes, scratchLength }: MachineProgram): readonly (readonly number[])[] {
  return scratchLength === 0 ? outputShapes : [...outputShapes, [scratchLength]];
}

/** KernelComputeV2(kernel, context): asks where inputs and outputs lie, calls the steps' code, gives back a status. */
function emitCompute(
  assembler: Assembler,
  program: MachineProgram,
  parts: {
    readonly kernels: ReadonlyMap<string, bigint>;
    readonly shapes: readonly { readonly rank: number; readonly place: bigint }[];
    readonly functions: KernelFunctions;
  },
): void {
  const { inputCount, outputShapes, steps } = program;
  const { kernels, shapes, functions } = parts;
  // On the stack: a value that was asked for, then the addresses of inputs and outputs.
  const stack = (slot: number) => ({ base: RSP, displacement: POINTER_BYTES * slot });
  const valueSlot = 0;
  const inputSlot = (index: number) => 1 + index;
  const outputSlot = (index: number) => 1 + inputCount + index;
  const frameBytes = 16 * Math.ceil((POINTER_BYTES * (1 + inputCount + shapes.length)) / 16);
  const failures: (() => void)[] = [];
  const call = (address: bigint) => {
    assembler.moveConstant(RAX, address);
    assembler.call(RAX);
    assembler.test(RAX);
    failures.push(assembler.jumpIfNotZero());
  };
  const findData = (slot: number) => {
    assembler.load(RDI, stack(valueSlot));
    assembler.addressOf(RSI, stack(slot));
    call(functions.getTensorData);
  };
  const context = RBX;
  assembler.push(context);
  assembler.addConstant(RSP, -frameBytes);
  assembler.move(context, RSI);
  for (let input = 0; input < inputCount; input++) {
    assembler.move(RDI, context);
    assembler.moveConstant(RSI, BigInt(input));
    assembler.addressOf(RDX, stack(valueSlot));
    call(functions.getInput);
    findData(inputSlot(input));
  }
  for (const [output, { rank, place }] of shapes.entries()) {
    assembler.move(RDI, context);
    assembler.moveConstant(RSI, BigInt(output));
    assembler.moveConstant(RDX, place);
    assembler.moveConstant(RCX, BigInt(rank));
    assembler.addressOf(R8, stack(valueSlot));
    call(functions.getOutput);
    findData(outputSlot(output));
  }
  const loadAddress = (register: Register, place: ValuePlace) => {
    if (place.of === 'scratch') {
      assembler.load(register, stack(outputSlot(outputShapes.length)));
      assembler.addConstant(register, FLOAT_BYTES * place.begin);
      return;
    }
    assembler.load(register, stack(place.of === 'input' ? inputSlot(place.index) : outputSlot(place.index)));
  };
  for (const { operator, inputs, result } of steps) {
    loadAddress(PARAMETERS[0]!, result);
    for (const [i, parameter] of inputParameters(operator).entries()) {
      const register = PARAMETERS[parameter];
      loadAddress(register ?? RAX, inputs[i]!);
      // A seventh parameter lies where the stack ends, in the place of the value that was asked for.
      if (register === undefined) assembler.store(RAX, stack(valueSlot));
    }
    assembler.moveConstant(RAX, kernels.get(operatorName(operator))!);
    assembler.call(RAX);
  }
  assembler.moveConstant(RAX, 0n);
  for (const here of failures) here();
  assembler.addConstant(RSP, frameBytes);
  assembler.pop(context);
  assembler.return();
}

function pointers(values: readonly bigint[]): Uint8Array {
  return new Uint8Array(BigUint64Array.from(values).buffer);
}

/** Code and constants one after the other. */
class ImageWriter {
  readonly #place: bigint;
  readonly #parts: Uint8Array[] = [];
  #length = 0;

  constructor(place: bigint) {
    this.#place = place;
  }

  code(emit: (assembler: Assembler) => void): bigint {
    return this.data(assemble(emit));
  }

  /** @returns the address */
  data(bytes: Uint8Array): bigint {
    const padded = new Uint8Array(Math.ceil(bytes.length / ALIGNMENT) * ALIGNMENT);
    padded.set(bytes);
    this.#parts.push(padded);
    const at = this.#place + BigInt(this.#length);
    this.#length += padded.length;
    return at;
  }

  finish(): Uint8Array {
    return new Uint8Array(Buffer.concat(this.#parts));
  }
}
