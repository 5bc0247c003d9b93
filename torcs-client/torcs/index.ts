export type { TorcsBuild, TorcsProof } from './build/build-store.ts';
export * from './installation/errors.ts';
export { type SetUpTorcsOptions, setUpTorcs, type TorcsSetup } from './setup/set-up.ts';
export * from './simulator/index.ts';
export { type FindTorcsOptions, findTorcs, requireTorcs, type TorcsPiece, type TorcsStatus } from './status/status.ts';
export { listTorcsTracks } from './tracks.ts';
