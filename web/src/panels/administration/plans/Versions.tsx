/** The versions there were; an older one is taken into the editor and saved as a new one. */

import type { Content } from "../../../api/plan_content";
import { say } from "../../../words/words";
import { Alert } from "../../Alert";
import { Dialog } from "../../dialogs/Dialog";
import { useTrial } from "../../dialogs/trial";
import { useHouse } from "../../house";
import { useAsked } from "../../page/asked";
import { Moment } from "../../page/fields";

type Props = { now: number; close: () => void; take: ((content: Content) => void) | null };

/** The dialog. */
export function Versions({ now, close, take }: Props) {
  const { client } = useHouse();
  const trial = useTrial();
  const { value, wrong } = useAsked(client.planVersions);
  async function bring(id: number): Promise<void> {
    const old = await trial.attempt(() => client.plans(id));
    if (old) take?.(old.done.content);
  }
  return (
    <Dialog title={say("plans.versions")} close={close} wide>
      <p class="dim">{say("plans.versions_hint")}</p>
      <Alert>{trial.wrong.value || wrong.value}</Alert>
      <ul class="lines">
        {value.value?.versions.map((version) => (
          <li key={version.id}>
            <span class="what">
              <span>
                <b>№ {version.id}</b> {version.note}
              </span>
              <span class="dim">
                <Moment at={version.made_at} /> · {version.made_by}
                {version.from_files && ` · ${say("plans.of_files")}`}
              </span>
            </span>
            {take && version.id !== now && (
              <button type="button" disabled={trial.busy.value} onClick={() => void bring(version.id)}>
                {say("plans.bring")}
              </button>
            )}
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
