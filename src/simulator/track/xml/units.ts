/** SI factors of the game's unit names (`GfParmUnit2SI` in libs/tgf/params.cpp); any other name counts as 1. */
const factors: Readonly<Record<string, number>> = {
  m: 1,
  kg: 1,
  s: 1,
  rad: 1,
  Pa: 1,
  N: 1,
  mm: 0.001,
  cm: 0.01,
  km: 1_000,
  in: 0.0254,
  inch: 0.0254,
  inches: 0.0254,
  ft: 0.304801,
  feet: 0.304801,
  deg: Math.PI / 180,
  '%': 0.01,
  percent: 0.01,
  rpm: 0.104719755,
  RPM: 0.104719755,
  h: 3_600,
  hour: 3_600,
  hours: 3_600,
  day: 86_400,
  days: 86_400,
  lb: 0.45359237,
  lbs: 0.45359237,
  lbf: 0.45359237 * 9.80665,
  kPa: 1e3,
  MPa: 1e6,
  psi: 6_894.76,
  PSI: 6_894.76,
  slug: 14.59484546,
  slugs: 14.59484546,
  mph: 0.44704,
  MPH: 0.44704,
};

/**
 * Factor from a unit of the game's parameter files to SI. Names are joined by `.` (multiplied) and `/` (everything
 * after the first divides); a trailing 2 squares a name: `km/h`, `cm2`, `N.m/deg`.
 */
export function unitFactor(unit: string): number {
  let factor = 1;
  let divides = false;
  for (const token of unit.split(/([./])/)) {
    if (token === '/') divides = true;
    else if (token !== '.' && token !== '') {
      const squared = token.endsWith('2');
      const single = lookUp(squared ? token.slice(0, -1) : token);
      const value = squared ? single * single : single;
      factor = divides ? factor / value : factor * value;
    }
  }
  return factor;
}

function lookUp(name: string): number {
  return Object.hasOwn(factors, name) ? (factors[name] ?? 1) : 1;
}
