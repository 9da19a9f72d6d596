/** What desk and crew wrote to each other; a line to the crew. */
import type { UnitInFull } from "../../api/units";
import { moment } from "../../words/formats";
import { say } from "../../words/words";
import { fieldsOf } from "../dialogs/trial";
import { useHouse } from "../house";

const SHOWN = 20;

/** The newest first, as they are answered. */
export function Messages({ unit, may }: { unit: UnitInFull; may: boolean }) {
  const { crews, desk, now } = useHouse();
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
              </span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
