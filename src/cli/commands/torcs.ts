import { TorcsPilotError } from '../../../torcs-client/errors.ts';
import type { TorcsBuild } from '../../../torcs-client/torcs/build/build-store.ts';
import { setUpTorcs } from '../../../torcs-client/torcs/setup/set-up.ts';
import { findTorcs } from '../../../torcs-client/torcs/status/status.ts';
import { defineCommand } from '../command.ts';
import { drive } from '../drive.ts';
import { onlyPositional } from '../positionals.ts';

const proofTrack = 'g-track-1';

export const torcsCommand = defineCommand({
  name: 'torcs',
  summary: 'Set the real game up on this machine (Debian, Ubuntu), or say what of it is there.',
  positionals: 'setup|status',
  flags: {},
  examples: ['torcs setup', 'torcs status --json'],
  async run({ seed }, { log, print, positionals, signal }) {
    const action = onlyPositional(positionals, ['setup', 'status']);
    if (action === 'status') {
      const status = await findTorcs();
      for (const piece of status.pieces) print(`${piece.ok ? 'ok     ' : 'missing'} ${piece.name}: ${piece.found}`);
      print(status.ready ? 'ready' : 'not ready: run `npx torcs-pilot torcs setup`');
      return { ok: status.ready, ...status };
    }
    const prove = async (build: TorcsBuild) => {
      const result = await drive({
        choice: { kind: 'torcs' },
        torcsBuild: build,
        track: proofTrack,
        driver: 'scripted',
        laps: 1,
        seed,
        timeLimitS: 300,
        log,
        signal,
      });
      const lapTimeS = result.lapTimesS[0];
      if (lapTimeS === undefined) {
        throw new TorcsPilotError(
          'ERR_TORCS_PROOF',
          `Expected a lap of ${proofTrack} to prove the setup, but the drive ended with ${result.outcome} after ${result.distanceM.toFixed(0)} m`,
        );
      }
      return { track: proofTrack, lapTimeS, ticks: result.ticks };
    };
    const setup = await setUpTorcs({ log, signal, prove });
    print(
      `TORCS ${setup.build.packageVersion} is ready: a lap of ${setup.proof.track} in ${setup.proof.lapTimeS.toFixed(3)} s`,
    );
    return { ok: true, done: setup.done, proof: setup.proof, packageVersion: setup.build.packageVersion };
  },
});
