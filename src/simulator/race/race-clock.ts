import { PHYSICS_STEP_S } from '../vehicle/constants.ts';

/** Time between two questions to the drivers, s (TORCS 1.3.7, src/interfaces/raceman.h, RCM_MAX_DT_ROBOTS). */
const TICK_S = 0.02;
/** The clock when the countdown starts, and when the drivers were last asked then, s (racemain.cpp, reRaceRealStart). */
const COUNTDOWN_START_S = -2;
const COUNTDOWN_LAST_TICK_S = -1;

/**
 * The race's time, added up as the game does it, in steps of 2 ms in double precision: that is why a control tick
 * lasts 20 ms or 22 ms. Source: TORCS 1.3.7, src/libs/raceengineclient/raceengine.cpp, ReOneStep.
 */
export class RaceClock {
  /** Seconds since the start; negative during the countdown. */
  time = COUNTDOWN_START_S;
  lastTick = COUNTDOWN_LAST_TICK_S;
  /** 1 once the time has reached 0. */
  running = 0;

  /** Moves on by one step. Returns whether the drivers are asked before it is simulated. */
  advance(): boolean {
    this.time += PHYSICS_STEP_S;
    if (this.running === 0 && this.time >= 0) {
      this.running = 1;
      this.time = 0;
      this.lastTick = 0;
    }
    if (this.time - this.lastTick < TICK_S) return false;
    this.lastTick = this.time;
    return true;
  }
}
