import * as z from 'zod';

// What stands in the journal, a line each: types and checks come from here.

const number = z.number().nullable();

/** What a registration came to, as much as a summary shows of it. */
const outcomeSchema = z
  .object({
    verdict: z.enum(['accept', 'warn', 'refuse']),
    reasons: z.array(z.string()).readonly(),
    warnings: z.array(z.string()).readonly(),
    model: z.string(),
    tiePoints: z.int(),
    inliers: z.int(),
    /** px of the reference; null where nothing was found. */
    ce90: number,
    checkRmse: number,
    predictedSd: number,
    /** Metres; null where the reference is not georeferenced. */
    ce90Metres: number,
    /** How far the image's centre was moved from where the files place it, px of the reference; null where refused. */
    shiftX: number,
    shiftY: number,
    shiftMetres: number,
    /** Closed ring of [longitude, latitude] of the sensed image; null where nothing says where it lies. */
    footprint: z
      .array(z.tuple([z.number(), z.number()]).readonly())
      .readonly()
      .nullable(),
    seconds: z.number(),
  })
  .readonly();

const started = z.object({
  event: z.literal('start'),
  id: z.string(),
  outputs: z.array(z.string()).readonly(),
  time: z.string(),
});

const ended = z.object({
  event: z.literal('done'),
  id: z.string(),
  /** As `tiepoint register` would have ended: 0, 2, 3, 4, 5, 6, or 1 where the process did not live to say. */
  status: z.int(),
  outcome: outcomeSchema.nullable(),
  error: z.object({ code: z.string(), message: z.string(), hint: z.string().optional() }).readonly().nullable(),
  attempts: z.int(),
  /** Paths of what was written. */
  written: z.array(z.string()).readonly(),
  time: z.string(),
});

/** A line of the journal; lines of other kinds are notes for people. */
export const recordSchema = z.discriminatedUnion('event', [started, ended]);

/** What a registration came to, as much as a summary shows of it. */
export type Outcome = z.infer<typeof outcomeSchema>;
/** That a job began, and what it may leave behind. */
type StartRecord = Readonly<z.infer<typeof started>>;
/** That a job ended, and how. */
export type DoneRecord = Readonly<z.infer<typeof ended>>;
/** A line of the journal. */
export type JournalRecord = StartRecord | DoneRecord;
