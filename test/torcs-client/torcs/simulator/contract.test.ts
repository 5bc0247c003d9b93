import test from 'ava';
import { TorcsSimulator } from '../../../../torcs-client/torcs/simulator/index.ts';
import { findBuild, surveyTorcs } from '../../../../torcs-client/torcs/status/status.ts';
import { testSimulatorContract } from '../../../contract/simulator.ts';

const build = findBuild(await surveyTorcs());

testSimulatorContract(test.serial as typeof test, {
  title: 'real TORCS',
  create: (camera) => TorcsSimulator.launch({ build: build as NonNullable<typeof build>, camera }),
  track: 'g-track-1',
  otherTrack: 'dirt-1',
  hasCamera: true,
  ...(build === undefined ? { skip: 'TORCS is not set up; run `npx torcs-pilot torcs setup`' } : {}),
});
