/** A part of a page that is fetched when it is first opened: whoever never opens it never loads it. */
import type { ComponentType } from "preact";
import { say } from "../../words/words";
import { useAsked } from "./asked";

/** Build it on what fetches the part. */
export function later(fetch: () => Promise<ComponentType>): ComponentType {
  return function Later() {
    const { value, wrong } = useAsked(async () => ({ Part: await fetch() }));
    if (value.value) return <value.value.Part />;
    return (
      <p class="empty" role={wrong.value ? "alert" : "status"}>
        {wrong.value || say("loading")}
      </p>
    );
  };
}
