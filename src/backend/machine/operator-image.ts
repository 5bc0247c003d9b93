import { Assembler, R8, RAX, RBX, RCX, RDI, RDX, type Register, RSI, RSP } from './assembler.ts';
import { emitOperator, inputParameters, type MachineOperator, operatorName, resultShape } from './operator.ts';

/** Addresses of functions of ONNX Runtime's that operators call. */
export interface KernelFunctions {
  readonly getInput: bigint;
  readonly getOutput: bigint;
  readonly getTensorData: bigint;
}

/** Machine code and tables that make operators known to ONNX Runtime, for one place in memory. */
export interface OperatorImage {
  readonly bytes: Uint8Array;
  /** Addresses of each operator's `OrtCustomOp`. */
  readonly tables: readonly bigint[];
}

/** Version of `OrtCustomOp` that is filled in: the first whose kernels tell of errors. */
const TABLE_VERSION = 16n;
const ELEMENT_FLOAT32 = 1n;
const POINTER_BYTES = 8;
const ALIGNMENT = 64;

// What functions are called with, in the order of System V's convention.
const PARAMETERS: readonly Register[] = [RDI, RSI, RDX, RCX, R8];
/** Of an operator's code on the stack: a value that was asked for, then the addresses of its parameters. */
const VALUE_SLOT = 0;
const FRAME_BYTES = 64;
const slotOf = (parameter: number) => POINTER_BYTES * (1 + parameter);

/** Writes the image for a place in memory; it is as long for any other. */
export function buildOperatorImage(
  operators: readonly MachineOperator[],
  functions: KernelFunctions,
  place: bigint,
): OperatorImage {
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
  const tables = operators.map((operator) => {
    const kernel = image.code((assembler) => emitOperator(assembler, operator));
    const shape = image.data(pointers(resultShape(operator).map(BigInt)));
    const name = giveBack(image.data(Buffer.from(`${operatorName(operator)}\0`)));
    const compute = image.code((assembler) => emitCompute(assembler, operator, { kernel, shape, functions }));
    const inputCount = giveBack(BigInt(inputParameters(operator).length));
    return image.data(
      pointers([
        TABLE_VERSION,
        create,
        name,
        zero, // GetExecutionProviderType: the CPU's
        float32, // GetInputType
        inputCount,
        float32, // GetOutputType
        one, // GetOutputTypeCount
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

/** KernelComputeV2(kernel, context): asks for the operands and the place of the result, calls the code, gives back a status. */
function emitCompute(
  assembler: Assembler,
  operator: MachineOperator,
  parts: { readonly kernel: bigint; readonly shape: bigint; readonly functions: KernelFunctions },
): void {
  const { kernel, shape, functions } = parts;
  const failures: (() => void)[] = [];
  const call = (address: bigint) => {
    assembler.moveConstant(RAX, address);
    assembler.call(RAX);
    assembler.test(RAX);
    failures.push(assembler.jumpIfNotZero());
  };
  const findData = (parameter: number) => {
    assembler.load(RDI, { base: RSP, displacement: VALUE_SLOT });
    assembler.addressOf(RSI, { base: RSP, displacement: slotOf(parameter) });
    call(functions.getTensorData);
  };
  const context = RBX;
  assembler.push(context);
  assembler.addConstant(RSP, -FRAME_BYTES);
  assembler.move(context, RSI);
  const parameters = inputParameters(operator);
  for (const [input, parameter] of parameters.entries()) {
    assembler.move(RDI, context);
    assembler.moveConstant(RSI, BigInt(input));
    assembler.addressOf(RDX, { base: RSP, displacement: VALUE_SLOT });
    call(functions.getInput);
    findData(parameter);
  }
  assembler.move(RDI, context);
  assembler.moveConstant(RSI, 0n);
  assembler.moveConstant(RDX, shape);
  assembler.moveConstant(RCX, BigInt(resultShape(operator).length));
  assembler.addressOf(R8, { base: RSP, displacement: VALUE_SLOT });
  call(functions.getOutput);
  findData(0);
  for (const parameter of [0, ...parameters]) {
    assembler.load(PARAMETERS[parameter]!, { base: RSP, displacement: slotOf(parameter) });
  }
  assembler.moveConstant(RAX, kernel);
  assembler.call(RAX);
  assembler.moveConstant(RAX, 0n);
  for (const here of failures) here();
  assembler.addConstant(RSP, FRAME_BYTES);
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
    const assembler = new Assembler();
    emit(assembler);
    return this.data(assembler.finish());
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
