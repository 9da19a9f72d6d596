/** Which plates are looked for: the list, one more of them, a whole table, the end of one, and where it was seen. */

import { useSignal } from "@preact/signals";
import type { HotlistEntry } from "../../../api/hotlist";
import { say, sayOf, titleOf } from "../../../words/words";
import { Alert } from "../../Alert";
import { useTrial } from "../../dialogs/trial";
import { useHouse } from "../../house";
import { Moment } from "../../page/fields";
import { EntryHits } from "./EntryHits";
import { useEntries } from "./entries";
import { ImportTable } from "./ImportTable";
import { NewEntry } from "./NewEntry";

type Acts = { look: () => void; end: (() => void) | null; busy: boolean };

function Row({ entry, look, end, busy }: Acts & { entry: HotlistEntry }) {
  const live = entry.standing === "live";
  return (
    <tr class={live ? "" : "over"}>
      <th scope="row" class="plate">
        {entry.plate}
      </th>
      <td>{sayOf("hotlist.kind", entry.kind)}</td>
      <td title={entry.note}>{entry.legal_basis}</td>
      <td>{entry.owner}</td>
      <td>{titleOf(entry.area.name)}</td>
      <td>
        <Moment at={entry.ended_at ?? entry.ends_at} />
      </td>
      <td>
        <span class={`status ${live ? "free" : "away"}`}>{sayOf("hotlist.standing", entry.standing)}</span>
      </td>
      <td>{entry.hits}</td>
      <td class="end">
        <button type="button" class="quiet" aria-label={`${say("hotlist.hits")}: ${entry.plate}`} onClick={look}>
          {say("hotlist.hits")}
        </button>
        {end && (live || entry.standing === "coming") && (
          <button
            type="button"
            class="quiet"
            aria-label={`${say("hotlist.end")}: ${entry.plate}`}
            disabled={busy}
            onClick={end}
          >
            {say("hotlist.end")}
          </button>
        )}
      </td>
    </tr>
  );
}

const HEADS = ["plate", "kind", "legal_basis", "owner", "area", "ends", "state", "hits"] as const;

function Heads() {
  return (
    <thead>
      <tr>
        {HEADS.map((head) => (
          <th scope="col" key={head}>
            {head === "area" ? say("account.area") : say(`hotlist.${head}`)}
          </th>
        ))}
        <td />
      </tr>
    </thead>
  );
}

type Open = "make" | "import" | HotlistEntry | null;

/** The part of the page. */
export function Hotlist() {
  const { client, desk } = useHouse();
  const [sought, open] = [useSignal(""), useSignal<Open>(null)];
  const asked = useEntries(sought.value);
  const trial = useTrial();
  const writes = desk.may("hotlist.write");
  const close = () => (open.value = null);
  async function end(entry: HotlistEntry): Promise<void> {
    if (!(await trial.attempt(() => client.endSearch(entry.id)))) return;
    desk.tell(say("hotlist.ended"));
    await asked.again();
  }
  const entries = asked.entries.value;
  return (
    <div class="scrolls single" tabIndex={0} role="group" aria-label={say("admin.hotlist")}>
      <p class="hint">{say("hotlist.only")}</p>
      <div class="line spread">
        <input
          type="search"
          aria-label={say("hotlist.search")}
          placeholder={say("hotlist.search")}
          onChange={(typed) => (sought.value = typed.currentTarget.value.trim())}
        />
        {writes && (
          <span class="acts">
            <button type="button" onClick={() => (open.value = "import")}>
              {say("hotlist.import")}
            </button>
            <button type="button" class="primary" onClick={() => (open.value = "make")}>
              {say("hotlist.make")}
            </button>
          </span>
        )}
      </div>
      <Alert>{trial.wrong.value || asked.wrong.value}</Alert>
      {entries?.length === 0 && <p class="empty">{say("hotlist.none")}</p>}
      {entries && entries.length > 0 && (
        <table>
          <Heads />
          <tbody>
            {entries.map((entry) => (
              <Row
                key={entry.id}
                entry={entry}
                busy={trial.busy.value}
                look={() => (open.value = entry)}
                end={writes ? () => void end(entry) : null}
              />
            ))}
          </tbody>
        </table>
      )}
      {asked.next.value !== null && (
        <button type="button" class="wide" disabled={asked.busy.value} onClick={asked.more}>
          {say("calls.more")}
        </button>
      )}
      {open.value === "make" && <NewEntry close={close} made={() => void asked.again()} />}
      {open.value === "import" && <ImportTable close={close} made={() => void asked.again()} />}
      {typeof open.value === "object" && open.value && <EntryHits entry={open.value} close={close} />}
    </div>
  );
}
