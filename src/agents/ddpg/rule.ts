import type { LearnMetrics } from '../../core/agent.ts';
import type { InputArrays, LearnerProgram, ParameterGroup, PhaseCall, PhaseOutputs } from '../../core/engine.ts';
import type { Random } from '../../core/random.ts';

/** What an update gave back: each phase's outputs, by the phase's name. */
export type UpdateOutputs = Readonly<Record<string, PhaseOutputs>>;

/** How an agent learns from a batch: what is trained, by which losses, in which order. It holds no weights. */
export interface UpdateRule {
  readonly program: LearnerProgram;
  /** First weights of all groups. */
  createGroups(random: Random): Readonly<Record<string, ParameterGroup>>;
  /** The phases of the next update. @param updates those that were done */
  calls(updates: number): readonly PhaseCall[];
  /** Writes what the rule itself adds to a batch that was drawn, such as noise. Left out: nothing. */
  prepare?(inputs: InputArrays): void;
  metrics(outputs: UpdateOutputs, inputs: InputArrays): LearnMetrics;
  /** Of each row, for prioritised replay. Left out: the rule knows none. */
  priorities?(outputs: UpdateOutputs): Float32Array;
}
