/** Many asks in a row become one: the work runs once now, and once more after it for all that came meanwhile. */
export function gather(work: () => Promise<unknown>, rest_ms: number): () => void {
  let busy = false;
  let again = false;
  async function run(): Promise<void> {
    busy = true;
    do {
      again = false;
      await work().catch(() => undefined); // a refused refresh leaves what is shown; freshness tells its age
      await new Promise((rested) => setTimeout(rested, rest_ms));
    } while (again);
    busy = false;
  }
  return () => {
    if (busy) again = true;
    else void run();
  };
}
