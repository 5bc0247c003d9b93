/** A control tick is 20 or 22 ms; recordings name the protocol's 50 per second. */
export const CONTROL_RATE_HZ = 50;

/** Simulated time of most control ticks, s. */
export const TICK_S = 1 / CONTROL_RATE_HZ;
