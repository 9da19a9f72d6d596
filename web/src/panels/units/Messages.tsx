/** What desk and crew wrote to each other; a line to the crew. */
import { useEffect } from "preact/hooks";
import { shownPage } from "../../access/way";
import type { UnitInFull, UnitMessage } from "../../api/units";
import { moment } from "../../words/formats";
import { say, sayOf } from "../../words/words";
import { fieldsOf } from "../dialogs/trial";
import { useHouse } from "../house";

const SHOWN = 20;

/** What stands here is read as soon as the window is looked at, and no other page of it hides the desk. */
function useReading(unit: UnitInFull): void {
  const { crews, desk } = useHouse();
  const hidden = shownPage(desk.may) !== "desk";
  const newest = unit.unread?.newest;
  const shown = unit.messages.some((one) => one.id === newest);
  useEffect(() => {
    if (!newest || !shown || hidden || !desk.may("units.hear")) return;
    const hear = () => document.visibilityState === "visible" && void crews.hear(unit.id, newest);
    hear();
    document.addEventListener("visibilitychange", hear);
    return () => document.removeEventListener("visibilitychange", hear);
  }, [unit.id, newest, shown, hidden]);
}

/** What became of the desk's own message. */
function Fate({ message }: { message: UnitMessage }) {
  const { now } = useHouse();
  if (!message.mine) return null;
  const at = message.read_at ? ` ${moment(message.read_at, now.value)}` : "";
  return (
    <b class={`fate ${message.state}`}>
      {" · "}
      {sayOf("message.state", message.state)}
      {at}
    </b>
  );
}

/** The newest first, as they are answered. */
export function Messages({ unit, may }: { unit: UnitInFull; may: boolean }) {
  const { crews, desk, now } = useHouse();
  useReading(unit);
  async function send(submitted: SubmitEvent): Promise<void> {
    const form = submitted.target as HTMLFormElement;
    const text = fieldsOf(submitted).text?.trim();
    if (text && (await crews.tell(unit.id, text))) form.reset();
  }
  return (
    <>
      {may && (
        <form class="line" onSubmit={send}>
          <input
            name="text"
            maxLength={2000}
            required
            autocomplete="off"
            aria-label={say("unit.message", { unit: unit.call_sign })}
            placeholder={say("unit.message", { unit: unit.call_sign })}
          />
          <button type="submit" disabled={desk.busy.value}>
            {say("unit.message_send")}
          </button>
        </form>
      )}
      {unit.messages.length > 0 && (
        <ul class="messages">
          {unit.messages.slice(0, SHOWN).map((message) => (
            <li key={message.id} class={message.mine ? "mine" : ""}>
              <span>{message.text}</span>
              <span class="dim">
                {message.from} · {moment(message.at, now.value)}
                <Fate message={message} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
