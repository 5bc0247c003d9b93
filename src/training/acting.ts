import type { Observation } from '../core/environment.ts';
import type { ActOptions } from '../core/policy.ts';

/**
 * The acting half of an agent that several environments are driven by: what it keeps from step to step (recurrent state,
 * correlated noise) it keeps for each `source`. An agent that keeps nothing may ignore sources; every `Agent` fits.
 */
export interface ActingAgent {
  reset?(source?: number): void;
  act(
    observation: Observation,
    options?: ActOptions & { readonly source?: number },
  ): Float32Array | Promise<Float32Array>;
}
