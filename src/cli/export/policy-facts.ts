import type { PictureFacts, PolicyFacts } from '../../export/index.ts';
import type { EnvironmentSettings, PixelSettings } from '../compose/environment-settings.ts';
import type { StoredPolicy } from '../compose/policy.ts';
import { programVersion } from '../version.ts';
import { entryFacts } from './entry-facts.ts';

/** What an ONNX file tells of a stored policy. */
export function policyFacts({ content, environment }: StoredPolicy): PolicyFacts {
  const { name, observationSpace, actionSpace, provenance } = content;
  const camera = cameraOf(environment);
  return {
    name,
    program: `torcs-pilot ${programVersion()}`,
    observationSpace,
    actionSpace,
    stateEntries: entryFacts(environment, observationSpace.state, 'state'),
    actionEntries: entryFacts(environment, actionSpace, 'action'),
    ...(environment.pixels === undefined ? {} : { pictures: pictureFacts(environment.pixels) }),
    ...(camera === undefined ? {} : { camera }),
    ...(environment.name === 'driving' ? { actionRepeat: environment.options.actionRepeat } : {}),
    environment,
    provenance,
  };
}

/** The camera whose pictures the policy sees; undefined: it sees none. */
function cameraOf(environment: EnvironmentSettings): Readonly<Record<string, unknown>> | undefined {
  if (environment.pixels === undefined) return undefined;
  return environment.name === 'driving' ? environment.camera : environment.options.camera;
}

function pictureFacts({ colour, stack, crop }: PixelSettings): PictureFacts {
  return { colour, stack, ...(crop === undefined ? {} : { crop }) };
}
