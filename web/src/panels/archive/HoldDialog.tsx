/** Holds: what is held of these cameras, a new hold on what is shown, and the release by a commander. */
import type { Hold, Recordings } from "../../api/recordings";
import { date, clock as time } from "../../words/formats";
import { say } from "../../words/words";
import { Alert } from "../Alert";
import { Buttons, Dialog } from "../dialogs/Dialog";
import { fieldsOf, useTrial } from "../dialogs/trial";
import { useHouse } from "../house";
import { useAsked } from "../page/asked";
import { Grounds } from "./Grounds";

type Props = { shown: Recordings; purpose: string; close: () => void; changed: () => void };

function Line({ hold, release }: { hold: Hold; release: ((reason: string) => void) | null }) {
  return (
    <li>
      <b>{hold.code}</b> · {date(hold.begins_at)}, {time(hold.begins_at)} – {date(hold.ends_at)}, {time(hold.ends_at)}
      <br />
      <span class="dim">
        {hold.reason} · {hold.legal_basis} · {hold.set_by}
      </span>
      {release && (
        <form
          class="line"
          aria-label={say("archive.release_of", { name: hold.code })}
          onSubmit={(submitted) => release(String(fieldsOf(submitted).why ?? ""))}
        >
          <input name="why" aria-label={say("archive.release_why")} placeholder={say("archive.release_why")} required />
          <button type="submit">{say("archive.release")}</button>
        </form>
      )}
    </li>
  );
}

/** The dialog. */
export function HoldDialog({ shown, purpose, close, changed }: Props) {
  const { client, desk } = useHouse();
  const { busy, wrong, attempt } = useTrial();
  const asked = useAsked(() => client.holds(purpose));
  const ids = shown.cameras.map((camera) => camera.id);
  const standing = asked.value.value?.holds.filter((hold) => ids.includes(hold.camera_id)) ?? [];
  async function done(work: () => Promise<unknown>): Promise<void> {
    if (!(await attempt(work))) return;
    desk.tell(say("saved"));
    changed();
    await asked.again();
  }
  function hold(submitted: SubmitEvent): void {
    const { reason = "", legal_basis = "" } = fieldsOf(submitted);
    const of = { cameras: ids, begins_at: shown.begins_at, ends_at: shown.ends_at, reason, legal_basis };
    void done(() => client.hold(of, purpose));
  }
  return (
    <Dialog title={say("archive.holds")} close={close} wide>
      <p class="dim">{say("archive.hold_why")}</p>
      {standing.length > 0 && (
        <ul class="lines" aria-label={say("archive.held")}>
          {standing.map((one) => (
            <Line
              key={one.id}
              hold={one}
              release={
                desk.may("recordings.release")
                  ? (reason) => void done(() => client.releaseHold(one.id, reason, purpose))
                  : null
              }
            />
          ))}
        </ul>
      )}
      <form onSubmit={hold}>
        <p>
          {say("archive.hold_of", {
            names: shown.cameras.map((camera) => camera.code).join(", "),
            from: `${date(shown.begins_at)}, ${time(shown.begins_at)}`,
            to: `${date(shown.ends_at)}, ${time(shown.ends_at)}`,
          })}
        </p>
        <Grounds />
        <Alert>{wrong.value || asked.wrong.value}</Alert>
        <Buttons busy={busy.value} submit={say("archive.hold_set")} cancel={close} />
      </form>
    </Dialog>
  );
}
