/** From an incident's card to how it went: the replay of its time. */
import type { Incident } from "../api/types";
import { useHouse } from "../panels/house";
import { say } from "../words/words";
import { replay } from "./wanted";

/** Nothing for a role that looks at no past. */
export function ReplayLink({ incident, done }: { incident: Incident; done?: () => void }) {
  const { desk, now } = useHouse();
  if (!desk.may("replay.open")) return null;
  return (
    <button
      type="button"
      onClick={() => {
        done?.();
        replay(incident, now.peek());
      }}
    >
      {say("replay.of_incident")}
    </button>
  );
}
