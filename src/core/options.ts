export { parseOptions } from '../../torcs-client/options.ts';
