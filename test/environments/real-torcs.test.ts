import { ScriptedDriver } from '../../src/agents/index.ts';
import { DrivingEnvironment, type DrivingInfo } from '../../src/environments/index.ts';
import { runEpisodes } from '../../src/training/loop.ts';
import { TorcsSimulator } from '../../torcs-client/torcs/simulator/index.ts';
import { build, gameTest } from '../torcs-client/torcs/simulator/game.ts';

gameTest('the environment and the scripted driver lap in the real game, from the grid and from anywhere', async (t) => {
  const policy = new ScriptedDriver();
  const environment = new DrivingEnvironment({
    simulator: await TorcsSimulator.launch({ build: build() }),
    options: {
      actions: 'controls',
      tracks: ['dirt-1'],
      laps: 1,
      timeLimitS: 200,
      offTrackLimit: null,
      rangeFinderAnglesDeg: [...policy.rangeFinderAnglesDeg],
    },
  });
  try {
    for (const options of [{}, { startDistanceM: 500 }]) {
      const [summary] = await runEpisodes({ environment, policy, resetOptions: () => ({ seed: 1, options }) });
      const info = summary!.info as DrivingInfo;
      t.is(info.reason, 'laps-done');
      t.is(info.track, 'dirt-1');
      t.is(info.simulator, 'torcs');
      t.true(info.lapTimesS[0]! > 25 && info.lapTimesS[0]! < 50, `${info.lapTimesS}`);
    }
  } finally {
    await environment.close();
  }
});
