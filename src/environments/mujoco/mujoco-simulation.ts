import type { MainModule, MjData, MjModel } from '@mujoco/mujoco';
import { InvalidArgumentError } from '../../core/errors.ts';
import { mujocoModule } from './module.ts';

/**
 * One model and its state in MuJoCo. Both lie in WebAssembly's memory, which no garbage collector sees: `close` frees
 * them.
 *
 * Arrays are views into that memory: read or write them at once and do not keep them, for the memory moves when it grows.
 */
export class MujocoSimulation {
  readonly #module: MainModule;
  readonly #model: MjModel;
  readonly #data: MjData;
  #views: Views;

  private constructor(module: MainModule, model: MjModel) {
    this.#module = module;
    this.#model = model;
    this.#data = new module.MjData(model);
    this.#views = viewsOf(this.#data);
  }

  /**
   * @param xml a model in MuJoCo's own format, MJCF
   * @throws {@link InvalidArgumentError} with MuJoCo's words, when it cannot be read
   */
  static async load(xml: string): Promise<MujocoSimulation> {
    const module = await mujocoModule();
    let model: MjModel;
    try {
      model = module.MjModel.from_xml_string(xml);
    } catch (error) {
      const reason = error instanceof Error ? error.message.trim() : String(error);
      throw new InvalidArgumentError(`Expected a model that MuJoCo can read: ${reason}`, { cause: error });
    }
    return new MujocoSimulation(module, model);
  }

  /** Positions of the joints, m or radians, in the model's order. */
  get positions(): Float64Array {
    return this.#fresh().positions;
  }

  /** Velocities of the joints, m/s or radians/s. */
  get velocities(): Float64Array {
    return this.#fresh().velocities;
  }

  /** Places of the bodies' frames in the world: x, y, z of each, the world itself first, m. */
  get bodyPlaces(): Float64Array {
    return this.#fresh().bodyPlaces;
  }

  /**
   * Starts anew: everything as in a simulation that was just loaded, the solver's memory of its last solution too, so
   * that an episode does not depend on the ones before it.
   */
  reset(positions: readonly number[], velocities: readonly number[]): void {
    this.#module.mj_resetData(this.#model, this.#data);
    this.positions.set(positions);
    this.velocities.set(velocities);
    this.#module.mj_forward(this.#model, this.#data);
  }

  /** Sets the actuators, and moves on by `count` steps. */
  step(controls: Float32Array, count: number): void {
    this.#fresh().controls.set(controls);
    for (let i = 0; i < count; i++) this.#module.mj_step(this.#model, this.#data);
  }

  /** Frees the memory; nothing else may be called afterwards. */
  close(): void {
    this.#data.delete();
    this.#model.delete();
  }

  /** Views that lie where the memory is now: one that was left behind has no length. */
  #fresh(): Views {
    if (this.#views.positions.length === 0) this.#views = viewsOf(this.#data);
    return this.#views;
  }
}

interface Views {
  readonly positions: Float64Array;
  readonly velocities: Float64Array;
  readonly controls: Float64Array;
  readonly bodyPlaces: Float64Array;
}

function viewsOf(data: MjData): Views {
  return { positions: data.qpos, velocities: data.qvel, controls: data.ctrl, bodyPlaces: data.xpos };
}
