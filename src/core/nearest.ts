export { nearestName, nearestNames } from '../../torcs-client/nearest.ts';
