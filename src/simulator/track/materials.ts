import type { Material } from './model.ts';
import type { MaterialSpecification } from './specification.ts';

/** Returns a lookup that gives the same object for the same name; unlisted names get the game's defaults. */
export function collectMaterials(
  specifications: Readonly<Record<string, MaterialSpecification>>,
): (name: string) => Material {
  const made = new Map<string, Material>();
  return (name) => {
    let material = made.get(name);
    if (material === undefined) {
      const given: MaterialSpecification = Object.hasOwn(specifications, name) ? (specifications[name] ?? {}) : {};
      material = {
        name,
        friction: given.friction ?? 0.8,
        rollingResistance: given.rollingResistance ?? 0.001,
        roughness: (given.roughness ?? 0) / 2,
        roughnessWaveNumber: (2 * Math.PI) / (given.roughnessWavelength ?? 1),
        damage: given.damage ?? 10,
        rebound: given.rebound ?? 0.5,
      };
      made.set(name, material);
    }
    return material;
  };
}

/**
 * What our own tracks are made of: the values of the game's usual surfaces (data/tracks/surfaces.xml of TORCS 1.3.7),
 * so that a car behaves on our asphalt as on the game's.
 */
export const standardMaterials = {
  asphalt: { friction: 1.2, rollingResistance: 0.001 },
  concrete: { friction: 1.1, rollingResistance: 0.0015 },
  curb: { friction: 1.4, rollingResistance: 0.0025, roughness: 0.005, roughnessWavelength: 0.3 },
  grass: { friction: 0.4, rollingResistance: 0.01, roughness: 0.05, roughnessWavelength: 0.5 },
  sand: { friction: 0.6, rollingResistance: 0.1, roughness: 0.03, roughnessWavelength: 4 },
  gravel: { friction: 0.6, rollingResistance: 0.15, roughness: 0.03, roughnessWavelength: 0.1 },
  dirt: { friction: 0.9, rollingResistance: 0.006, roughness: 0.02, roughnessWavelength: 4 },
  'dirt-b': { friction: 0.8, rollingResistance: 0.006, roughness: 0.04, roughnessWavelength: 8 },
  barrier: { friction: 0, rollingResistance: 0.001, roughness: 0.03, roughnessWavelength: 4 },
  wall: { friction: 0.05 },
  'tire-wall': { friction: 1, rebound: 0.1, damage: 1 },
} as const satisfies Record<string, MaterialSpecification>;
