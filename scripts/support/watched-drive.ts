import { composeDriver } from '../../src/cli/compose/driver.ts';
import { composeSimulator, type SimulatorSettings } from '../../src/cli/compose/simulator.ts';
import { lookOn } from '../../src/cli/watch/look-on.ts';
import { pictureSource } from '../../src/cli/watch/picture-source.ts';

/** The scripted driver on willow-park, shown on a live page; nothing ends the drive but who asked for it. */
export async function openWatchedDrive({ title, speed }: { readonly title: string; readonly speed: number }) {
  const settings: SimulatorSettings = { choice: { kind: 'embedded' }, track: 'willow-park' };
  const driver = await composeDriver('scripted');
  const simulator = await composeSimulator(settings);
  const endless = { laps: null, timeLimitS: null, noProgress: null, offTrackLimit: null, backwards: false } as const;
  const { environment, policy } = await driver.compose(simulator, 0, { ...endless, fuel: false, damage: false });
  const watching = await lookOn({
    choice: { port: 0 },
    mode: 'drive',
    title,
    driver: 'scripted',
    environment,
    stack: 1,
    source: pictureSource(simulator, settings, 'behind'),
    speed,
    log: () => undefined,
  });
  return {
    environment,
    policy,
    watching,
    async close(): Promise<void> {
      await watching.close();
      await environment.close();
      await driver.dispose();
    },
  };
}
