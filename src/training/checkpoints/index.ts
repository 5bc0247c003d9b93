export { type Checkpoint, type CheckpointContent, CheckpointStore } from './store.ts';
