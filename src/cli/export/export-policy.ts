import { writeFileAtomic } from '../../core/files.ts';
import { createPolicyModel, type GraphValue, TRACED_ROWS } from '../../export/index.ts';
import { Cleanup } from '../cleanup.ts';
import { openActingEngine } from '../compose/acting-engine.ts';
import { createStoredPolicy, readStoredPolicy } from '../compose/policy.ts';
import { programVersion } from '../version.ts';
import { checkModel } from './check-model.ts';
import { policyFacts } from './policy-facts.ts';
import { tracePolicy } from './trace-policy.ts';

export interface ExportPolicyOptions {
  /** Folder of the policy. */
  readonly folder: string;
  /** ONNX file to write. */
  readonly file: string;
  /** Of the observations that the model is tried with. */
  readonly seed: number;
}

/** What `export --json` prints. */
export interface ExportedPolicy extends Record<string, unknown> {
  readonly ok: true;
  readonly policy: string;
  readonly name: string;
  readonly onnx: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly inputs: readonly GraphValue[];
  readonly outputs: readonly GraphValue[];
  /** Kinds of ONNX operators in the graph. */
  readonly operators: readonly string[];
  readonly observations: number;
  readonly largestDifference: number;
}

/**
 * Writes a saved policy as an ONNX file, whole or not at all, after it was seen to act as the policy does.
 *
 * @throws InvalidFileError for a policy that is none, ExportError for one that cannot be exported, WriteFailedError
 */
export async function exportPolicy({ folder, file, seed }: ExportPolicyOptions): Promise<ExportedPolicy> {
  const stored = readStoredPolicy(folder);
  const cleanup = new Cleanup();
  try {
    const engine = await openActingEngine(cleanup);
    const policy = await createStoredPolicy(stored, engine);
    cleanup.add(() => policy.dispose());
    const [one, other] = TRACED_ROWS;
    const traces = [tracePolicy(policy, one), tracePolicy(policy, other)] as const;
    const model = createPolicyModel(traces, policyFacts(stored), programVersion());
    const check = await checkModel(model, policy, seed);
    const { bytes, sha256 } = writeFileAtomic(file, model.bytes);
    const { inputs, outputs, nodes } = model.graph;
    return {
      ok: true,
      policy: folder,
      name: policy.name,
      onnx: file,
      bytes,
      sha256,
      inputs,
      outputs,
      operators: [...new Set(nodes.map(({ operator }) => operator))].sort(),
      ...check,
    };
  } finally {
    await cleanup.run();
  }
}
