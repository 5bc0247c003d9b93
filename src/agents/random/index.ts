export { RandomPolicy } from './random-policy.ts';
