import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import type { Recording } from './usage.ts';

/** Presets of the stack with a recorded reading. */
export const RECORDED = ['standard', 'free-tier'] as const;
export type RecordedPreset = (typeof RECORDED)[number];

const amounts = z.record(z.string(), z.number());

/** The part of `/_local/meter` that is priced. */
export const readingSchema = z.object({
  total: amounts,
  by: z.record(z.string(), amounts),
  tables: z.record(z.string(), amounts),
  loads: z.record(z.string(), z.object({ memoryMb: z.number(), gbSeconds: z.number() })),
  metrics: z.array(z.string()),
});

const stackSchema = z.object({
  alarms: z.number(),
  archives: z.number(),
  polledQueues: z.number(),
  scheduledRuns: z.number(),
  scheduledGb: z.number(),
  cacheNodes: z.number(),
  searchNodes: z.number(),
  searchGb: z.number(),
  provisioned: z.object({ read: z.number(), write: z.number() }).nullable(),
});

const recordingSchema = z.object({
  command: z.string(),
  recordedOn: z.string(),
  preset: z.string(),
  orders: z.number().int().positive(),
  linesPerOrder: z.number(),
  stack: stackSchema,
  prod: stackSchema,
  reading: readingSchema,
});

/** Where the recorded reading of a preset is. */
export function recordingFile(preset: RecordedPreset): string {
  return join(import.meta.dirname, 'recorded', `${preset}.json`);
}

/** The recorded reading of a preset. @throws ZodError when the file is no recording. */
export function readRecording(preset: RecordedPreset): Recording {
  return recordingSchema.parse(JSON.parse(readFileSync(recordingFile(preset), 'utf8')));
}
