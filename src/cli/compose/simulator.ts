import { ScrSimulator } from '../../../torcs-client/client/index.ts';
import type { CameraFormat, Simulator } from '../../../torcs-client/simulator.ts';
import type { TorcsBuild } from '../../../torcs-client/torcs/build/build-store.ts';
import { systemHost } from '../../../torcs-client/torcs/installation/host.ts';
import { findInstallation } from '../../../torcs-client/torcs/installation/installation.ts';
import { TorcsSimulator } from '../../../torcs-client/torcs/simulator/index.ts';
import { requireTorcs } from '../../../torcs-client/torcs/status/status.ts';
import { ScriptedDriver } from '../../agents/scripted/index.ts';
import { UsageError } from '../../core/index.ts';
import { DEFAULT_TRACK_NAME, EmbeddedSimulator, type OpponentDriver, TrackLibrary } from '../../simulator/index.ts';
import type { Opponent, SimulatorChoice } from '../flags.ts';

/** The track that is driven on when none is named. */
export const defaultTracks = { embedded: DEFAULT_TRACK_NAME, torcs: 'g-track-1' } as const;

/** What to drive in. */
export interface SimulatorSettings {
  readonly choice: SimulatorChoice;
  readonly track?: string | undefined;
  readonly camera?: CameraFormat | undefined;
  readonly opponents?: readonly Opponent[];
  readonly realTime?: boolean;
  /** torcs only: the game to start. Default: the one that `torcs setup` set up. */
  readonly torcsBuild?: TorcsBuild;
  /** Cars driven from outside; more than one in the embedded simulator only. Default 1. */
  readonly cars?: number;
}

/** Every track by name; the game's own too where it is installed. */
export async function composeTrackLibrary(): Promise<TrackLibrary> {
  const { dataFolder } = await findInstallation(systemHost());
  return new TrackLibrary(dataFolder === undefined ? {} : { gameDataFolder: dataFolder });
}

/** The embedded simulator, which can drive several cars at once. */
async function composeEmbeddedSimulator(settings: Omit<SimulatorSettings, 'choice'>): Promise<EmbeddedSimulator> {
  if (settings.realTime) throw new UsageError('Expected --real-time with --simulator torcs only');
  if (settings.camera?.panels) throw new UsageError('Expected --panels with --simulator torcs only');
  const library = await composeTrackLibrary();
  const track = settings.track ?? defaultTracks.embedded;
  // An unknown name is told before anything is started.
  library.get(track);
  return new EmbeddedSimulator({
    loadTrack: (name) => library.get(name),
    track,
    cars: settings.cars ?? 1,
    opponents: (settings.opponents ?? []).flatMap(embeddedOpponents),
    ...(settings.camera === undefined ? {} : { camera: settings.camera }),
  });
}

/** Any simulator by what the command line says of it. The caller closes it. */
export async function composeSimulator(settings: SimulatorSettings): Promise<Simulator> {
  const { choice, track, camera, opponents = [], realTime = false, cars = 1 } = settings;
  switch (choice.kind) {
    case 'embedded':
      return composeEmbeddedSimulator(settings);
    case 'torcs':
      if (cars > 1) throw new UsageError(`Expected --cars 1 with --simulator torcs, got ${cars}`);
      return TorcsSimulator.launch({
        build: settings.torcsBuild ?? (await requireTorcs()),
        track: track ?? defaultTracks.torcs,
        mode: realTime ? 'real-time' : 'lockstep',
        opponents: opponents.map(({ robot, count }) => `${robot}:${count}`),
        ...(camera === undefined ? {} : { camera }),
      });
    case 'scr':
      if (realTime) throw new UsageError('Expected no --real-time with scr://: its server decides the pace');
      if (camera !== undefined) throw new UsageError('Expected no --camera with scr://: the protocol has no pictures');
      if (opponents.length > 0)
        throw new UsageError('Expected no --opponents with scr://: its server decides who races');
      if (track !== undefined) throw new UsageError('Expected no --track with scr://: its server decides the track');
      return ScrSimulator.connect({ host: choice.host, port: choice.port });
  }
}

function embeddedOpponents({ robot, count }: Opponent): OpponentDriver[] {
  if (robot !== 'scripted') {
    throw new UsageError(
      `Expected --opponents scripted:N in the embedded simulator, got "${robot}": the game's own robots drive with --simulator torcs`,
    );
  }
  return Array.from({ length: count }, () => new ScriptedDriver());
}
