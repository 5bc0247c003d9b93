export { type CreateDdpgAgentOptions, createDdpgAgent } from './create-agent.ts';
export { LearningAgent } from './learning-agent.ts';
export { LivePolicy } from './live-policy.ts';
export type { Mirror } from './mirror.ts';
export type { AgentSpaces } from './networks.ts';
export { type AgentOptions, agentOptionsSchema, resolveAgentOptions } from './options.ts';
export { PRESET_NAMES, type Preset, type PresetName, presets } from './presets.ts';
export { type AgentSettings, settingsSchema as agentSettingsSchema } from './settings.ts';
