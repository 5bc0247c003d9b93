import { z } from 'zod';
import { HEARTBEAT_MS, MOST_VIEWERS } from './protocol/limits.ts';

/** Where and how the page is served. */
export const dashboardOptionsSchema = z.strictObject({
  /** Address to listen at; another than the loopback's is reached by the whole network. Default 127.0.0.1. */
  host: z.string().min(1).default('127.0.0.1'),
  /** 0 to 65535; 0: a free one. Default 0. */
  port: z.int().min(0).max(65_535).default(0),
  /** Who has it controls. Default: 24 random bytes. */
  token: z
    .string()
    .regex(/^[\w-]{16,200}$/, 'Expected 16 to 200 letters, digits, - and _')
    .optional(),
  /** Viewers at once, 1 to 10000. Default 128. */
  mostViewers: z.int().min(1).max(10_000).default(MOST_VIEWERS),
  /** Time between signs of life that are asked of viewers, ms, from 100. Default 20000. */
  heartbeatMs: z.int().min(100).max(3_600_000).default(HEARTBEAT_MS),
});
export type DashboardOptions = z.input<typeof dashboardOptionsSchema>;
export type CheckedDashboardOptions = z.output<typeof dashboardOptionsSchema>;
