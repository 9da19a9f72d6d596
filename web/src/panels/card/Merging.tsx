/** Duplicates and kin: the dialogs that merge an incident, split something off it, and link it to another. */
import { useSignal } from "@preact/signals";
import type { Likeness } from "../../api/calls";
import type { Incident, IncidentBrief } from "../../api/types";
import { clock } from "../../words/formats";
import { say, sayOf } from "../../words/words";
import { Buttons, Dialog } from "../dialogs/Dialog";
import { fieldsOf } from "../dialogs/trial";
import { useHouse } from "../house";
import { CategoryField } from "../intake/CategoryField";
import { useCategoryTitle, useKindTitle } from "../parts";
import { Reason } from "./Reason";

type Props = { incident: Incident; close: () => void };

/** The other open incidents, those that are alike first. */
function useOthers(incident: Incident, likenesses: readonly Likeness[]) {
  const { desk } = useHouse();
  const alike = new Set(likenesses.map((one) => one.incident.id));
  const others = desk.open_incidents.value.filter((one) => one.id !== incident.id);
  return [...others.filter((one) => alike.has(one.id)), ...others.filter((one) => !alike.has(one.id))];
}

function OtherField({ label, others, first }: { label: string; others: IncidentBrief[]; first?: number }) {
  const category = useCategoryTitle();
  return (
    <label class="field">
      {label}
      <select name="other" required>
        {others.map((one) => (
          <option key={one.id} value={String(one.id)} selected={one.id === first}>
            {one.number} · {category(one.category)}
            {one.address ? ` · ${one.address}` : ""}
          </option>
        ))}
      </select>
    </label>
  );
}

/** This one ends, and all that belongs to it goes on with another. */
export function Merge({ incident, close, likenesses, into }: Props & { likenesses: Likeness[]; into?: number }) {
  const { life } = useHouse();
  const others = useOthers(incident, likenesses);
  return (
    <Reason
      title={say("life.merge")}
      hint={say(others.length > 0 ? "life.merge_hint" : "life.no_others")}
      submit={say("life.merge_submit")}
      close={close}
      ready={others.length > 0}
      done={(reason, { other }) => life.merge(Number(other), reason)}
    >
      {others.length > 0 && <OtherField label={say("life.merge_into")} others={others} first={into} />}
    </Reason>
  );
}

/** What belongs to an incident and may go its own way. */
function Belongings({
  incident,
  chosen,
  turn,
}: {
  incident: Incident;
  chosen: Set<string>;
  turn: (key: string) => void;
}) {
  const kind = useKindTitle();
  const rows = [
    ...incident.events.map((one) => ({
      key: `event ${one.id}`,
      title: `${say("incident.events")}: ${kind(one.kind)}`,
    })),
    ...(incident.calls ?? []).map((one) => ({
      key: `call ${one.id}`,
      title: `${say("intake.title")}: ${clock(one.rang_at, true)}`,
    })),
    ...incident.dispatches
      .filter((one) => one.next.length > 0)
      .map((one) => ({ key: `dispatch ${one.id}`, title: one.unit.call_sign })),
  ];
  return (
    <fieldset class="options">
      <legend class="dim">{say("life.split_what")}</legend>
      {rows.map((row) => (
        <label key={row.key}>
          <input type="checkbox" checked={chosen.has(row.key)} onChange={() => turn(row.key)} />
          {row.title}
        </label>
      ))}
    </fieldset>
  );
}

/** Some of what belongs to it becomes an incident of its own. */
export function Split({ incident, close }: Props) {
  const { life } = useHouse();
  const chosen = useSignal<Set<string>>(new Set());
  const category = useSignal(incident.category);
  function turn(key: string): void {
    const next = new Set(chosen.value);
    if (!next.delete(key)) next.add(key);
    chosen.value = next;
  }
  const ids = (kind: string) =>
    [...chosen.value].filter((key) => key.startsWith(`${kind} `)).map((key) => Number(key.split(" ")[1]));
  return (
    <Reason
      title={say("life.split")}
      hint={say("life.split_hint")}
      submit={say("life.split_submit")}
      close={close}
      ready={chosen.value.size > 0}
      done={(reason) =>
        life.split({
          event_ids: ids("event"),
          call_ids: ids("call"),
          dispatch_ids: ids("dispatch"),
          ...(category.value !== incident.category && { category: category.value }),
          reason,
        })
      }
    >
      <Belongings incident={incident} chosen={chosen.value} turn={turn} />
      <div class="field">
        {say("category")}
        <CategoryField value={category.value} choose={(one) => (category.value = one.name)} />
      </div>
    </Reason>
  );
}

/** A merge is taken back. */
export function Unmerge({ close }: Pick<Props, "close">) {
  const { life } = useHouse();
  return (
    <Reason
      title={say("life.unmerge")}
      hint={say("life.unmerge_hint")}
      submit={say("life.unmerge_submit")}
      close={close}
      done={life.unmerge}
    />
  );
}

const KINDS = ["related", "parent", "child"] as const;

/** A tie to another incident that leaves both as they are. */
export function LinkTo({ incident, close, likenesses }: Props & { likenesses: Likeness[] }) {
  const { desk, life } = useHouse();
  const others = useOthers(incident, likenesses);
  async function link(submitted: SubmitEvent): Promise<void> {
    const { other, kind = "related" } = fieldsOf(submitted);
    if (await life.link(Number(other), kind)) close();
  }
  return (
    <Dialog title={say("life.link")} close={close}>
      <form onSubmit={link}>
        <p class="dim">{say(others.length > 0 ? "life.link_hint" : "life.no_others")}</p>
        <label class="field">
          {say("life.link_kind")}
          <select name="kind">
            {KINDS.map((kind) => (
              <option key={kind} value={kind}>
                {sayOf("life.kind", kind)}
              </option>
            ))}
          </select>
        </label>
        {others.length > 0 && <OtherField label={say("life.link_to")} others={others} />}
        <Buttons busy={desk.busy.value || others.length === 0} submit={say("life.link_submit")} cancel={close} />
      </form>
    </Dialog>
  );
}
