/** `0:42.3`, `1:02.345`; `--` for a time that is not known. */
export function lapTimeText(timeS: number | undefined, decimals: number): string {
  if (timeS === undefined) return `-:--.${'-'.repeat(decimals)}`;
  // Rounded first, so that 59.9996 becomes a minute and not 0:60.000.
  const units = 10 ** decimals;
  const total = Math.round(Math.max(0, timeS) * units);
  const minutes = Math.floor(total / (60 * units));
  const seconds = ((total - minutes * 60 * units) / units).toFixed(decimals).padStart(decimals + 3, '0');
  return `${minutes}:${seconds}`;
}

/** `S1 12.34`, or dashes. */
export function sectorText(sector: number, timeS: number | undefined): string {
  return `S${sector + 1} ${timeS === undefined ? '--.--' : timeS.toFixed(2)}`;
}

/** `+1.23 s`, `-0.05 s`. */
export function gapText(gapS: number): string {
  return `${gapS < 0 ? '-' : '+'}${Math.abs(gapS).toFixed(2)} s`;
}

/** `R`, `N`, `1`, … */
export function gearText(gear: number): string {
  if (gear < 0) return 'R';
  return gear === 0 ? 'N' : String(gear);
}

const OUTCOMES: Readonly<Record<string, string>> = {
  'laps-done': 'FINISHED',
  'off-track': 'OFF TRACK',
  'no-progress': 'STOPPED',
  'time-limit': 'TIME LIMIT',
  'race-over': 'RACE OVER',
  'not-finite': 'CAR LOST',
};

/** An environment's reason, as it is announced. */
export function outcomeText(outcome: string): string {
  return OUTCOMES[outcome] ?? outcome.replaceAll('-', ' ').toUpperCase();
}
