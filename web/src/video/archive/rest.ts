/** Fetching that rests while enough is there: whoever rests long is let go of by the door, and comes again for more. */
const PAUSE_MS = 100;
const LONG_MS = 60_000; // the door holds an answer that nobody reads for two minutes

const pause = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

/** Build it; one answer, one rest. */
export function createRest(now: () => number = () => performance.now(), wait: (ms: number) => Promise<void> = pause) {
  let long = false;
  return {
    /** Return once more is needed. */
    async while(enough: () => boolean): Promise<void> {
      const began = now();
      while (enough()) await wait(PAUSE_MS);
      long ||= now() - began > LONG_MS;
    },
    /** Read on; null where the answer was cut while nobody read it. What was cut otherwise is thrown. */
    async read<T>(next: () => Promise<T>): Promise<T | null> {
      try {
        return await next();
      } catch (error) {
        if (long) return null;
        throw error;
      }
    },
  };
}
