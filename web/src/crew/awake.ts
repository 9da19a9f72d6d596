/** Keeping the screen lit on a task: a phone that sleeps sends no position (W3C Screen Wake Lock). */

let lock: WakeLockSentinel | null = null;

/** Keep it lit, or let it sleep; a hidden page loses the lock and asks again when it is seen. */
export async function stayAwake(wanted: boolean): Promise<void> {
  if (!wanted) {
    await lock?.release();
    lock = null;
  } else if (!lock || lock.released) {
    lock = (await navigator.wakeLock?.request("screen").catch(() => null)) ?? null; // a low battery may say no
  }
}
