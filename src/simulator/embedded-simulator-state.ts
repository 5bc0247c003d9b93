import { InvalidArgumentError } from '../../torcs-client/errors.ts';
import type { Sensors } from '../../torcs-client/sensors.ts';
import type { CheckedResetOptions } from '../../torcs-client/simulator-options.ts';
import type { CheckedOptions } from './embedded-simulator-options.ts';
import type { RaceState } from './race/race-state.ts';

/** Changes whenever a state of before would no longer fit. */
export const EMBEDDED_STATE_FORMAT = 'torcs-pilot-embedded-1';

/** A saved race; plain values only. */
export interface EmbeddedSimulatorState {
  readonly format: string;
  readonly track: string;
  readonly cars: number;
  readonly opponents: number;
  readonly options: CheckedResetOptions;
  readonly tick: number;
  readonly raceOver: boolean;
  readonly sensors: readonly Sensors[];
  readonly race: RaceState;
}

/** Throws {@link InvalidArgumentError} when a state does not fit a simulator. */
export function checkState(state: EmbeddedSimulatorState, options: CheckedOptions): void {
  if (state.format !== EMBEDDED_STATE_FORMAT) {
    throw new InvalidArgumentError(
      `Expected a state of format ${EMBEDDED_STATE_FORMAT}, got ${state.format}; save it again with this version`,
    );
  }
  if (state.cars !== options.cars || state.opponents !== options.opponents.length) {
    throw new InvalidArgumentError(
      `Expected a state of ${options.cars} cars and ${options.opponents.length} opponents, got ${state.cars} and ${state.opponents}`,
    );
  }
}
