import type { AgentOptions } from '../../../agents/index.ts';
import type { Box, ObservationSpace } from '../../../core/index.ts';

/** Networks and batch of one row of the table. The same are in scripts/peers/torch_update.py. */
export interface Configuration {
  readonly title: string;
  readonly options: AgentOptions;
}

/** As published agents see TORCS: 29 numbers, or 64 × 64 pixels of three pictures. */
export const OBSERVATION_SPACE: ObservationSpace = {
  state: { shape: [29], low: -1, high: 1, dtype: 'float32' },
  pixels: { shape: [64, 64, 9], low: 0, high: 255, dtype: 'uint8' },
};
export const ACTION_SPACE: Box = { shape: [3], low: -1, high: 1, dtype: 'float32' };

const lowDimensional = (batchSize: number): AgentOptions => ({ preset: 'paper', batchSize, weightDecay: 0 });

const pixels = (filters: 'paper' | 'fast', batchSize: number): AgentOptions => ({
  ...lowDimensional(batchSize),
  encoder: { kind: 'conv', filters },
  netArch: [200, 200],
});

const asymmetric = (batchSize: number): AgentOptions => ({
  ...lowDimensional(batchSize),
  actorEncoder: { kind: 'conv', filters: 'fast' },
  criticEncoder: { kind: 'mlp' },
  netArch: { pi: [200, 200], qf: [400, 300] },
});

export const CONFIGURATIONS = {
  'low-64': { title: 'low-dimensional, batch 64', options: lowDimensional(64) },
  'low-256': { title: 'low-dimensional, batch 256', options: lowDimensional(256) },
  'paper-16': { title: 'pixels `paper`, batch 16', options: pixels('paper', 16) },
  'paper-64': { title: 'pixels `paper`, batch 64', options: pixels('paper', 64) },
  'fast-64': { title: 'pixels `fast`, batch 64', options: pixels('fast', 64) },
  'fast-state-64': { title: 'pixels `fast`, critic on state, batch 64', options: asymmetric(64) },
  'fast-state-256': { title: 'pixels `fast`, critic on state, batch 256', options: asymmetric(256) },
} as const satisfies Readonly<Record<string, Configuration>>;

export type ConfigurationName = keyof typeof CONFIGURATIONS;
export const CONFIGURATION_NAMES = Object.keys(CONFIGURATIONS) as ConfigurationName[];
