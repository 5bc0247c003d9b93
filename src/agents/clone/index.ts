export { ActionBalance, type ActionBalanceOptions } from './action-balance.ts';
export { type CreateCloneAgentOptions, createCloneAgent } from './create-clone-agent.ts';
