/** The record of an incident: printed, taken home in one of its formats, or its log read line by line. */

import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { ENDINGS, type LogEntry, pageOf, RECORD_FORMATS, type RecordFormat } from "../../api/record";
import type { Incident, TimelineEntry } from "../../api/types";
import { ReplayLink } from "../../replay/ReplayLink";
import { clock, date } from "../../words/formats";
import { language, say, sayOf } from "../../words/words";
import { Alert } from "../Alert";
import { Dialog } from "../dialogs/Dialog";
import { useHouse } from "../house";
import { useAsked } from "../page/asked";
import { useCategoryTitle, useServiceTitle, useStatusTitle } from "../parts";
import { save } from "../save";
import { type Titles, tellOf } from "../told";
import { walkList } from "../walk";

/** Everything that was written about it, in the order in which the server learned it. */
function Log({ incident, close }: { incident: Incident; close: () => void }) {
  const { client } = useHouse();
  const { value, wrong } = useAsked(() => client.log(incident.id));
  const titles = { status: useStatusTitle(), category: useCategoryTitle(), service: useServiceTitle() };
  return (
    <Dialog title={`${say("record.log")} · ${incident.number}`} close={close} wide>
      <Alert>{wrong.value}</Alert>
      <div class="scrolls log" tabIndex={0} role="group" aria-label={say("record.log")}>
        <table>
          <thead>
            <tr>
              <th scope="col">{say("audit.at")}</th>
              <th scope="col">{say("record.device_at")}</th>
              <th scope="col">{say("audit.who")}</th>
              <th scope="col">{say("audit.operation")}</th>
            </tr>
          </thead>
          <tbody>
            {value.value?.entries.map((entry) => (
              <tr key={`${entry.source} ${entry.id}`}>
                <td title={date(entry.at)}>{clock(entry.at, true)}</td>
                <td>{entry.device_at ? clock(entry.device_at, true) : "—"}</td>
                <td>{entry.who}</td>
                <td>
                  {entry.subject} <b>{kindOf(entry, titles.status)}</b> <span class="dim">{told(entry, titles)}</span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Dialog>
  );
}

/** What was done, in the words of its source. */
function kindOf(entry: LogEntry, status: (name: string) => string): string {
  if (entry.source === "dispatch") return status(entry.kind);
  if (entry.source === "call") return sayOf("call.entry", entry.kind);
  return entry.source === "notice" ? sayOf("notice.state", entry.kind) : sayOf("timeline", entry.kind);
}

/** What a line of the incident tells as its timeline does; of the others the plain values, the rest is in the files. */
function told(entry: LogEntry, titles: Titles): string {
  if (entry.source === "incident") return tellOf(entry as TimelineEntry, titles);
  return Object.values(entry.details)
    .filter((value) => typeof value === "string" || typeof value === "number")
    .join(" · ");
}

const PRINTER = "M4 1h8v3.500H4zM1 5.500h14v6h-3V9H4v2.500H1zM5 10h6v5H5zm1.500 1.500v1h3v-1zm0 2v.8h3v-.8z";

/** The menu in the head of the card. */
export function RecordMenu({ incident }: { incident: Incident }) {
  const { client, desk } = useHouse();
  const menu = useRef<HTMLDivElement>(null);
  const [reading, whole] = [useSignal(false), useSignal(false)];
  const hide = () => menu.current?.hidePopover();
  async function take(format: RecordFormat): Promise<void> {
    hide();
    const ask = whole.value ? client.wholeRecord : client.record;
    const file = await desk.act(() => ask(incident.id, format, language.value));
    if (file) save(file, `${incident.number}.${ENDINGS[format]}`);
  }
  return (
    <>
      <button
        type="button"
        class="quiet"
        popovertarget="record-menu"
        aria-label={say("record.title")}
        title={say("record.title")}
      >
        <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
          <path d={PRINTER} fill="currentColor" fill-rule="evenodd" />
        </svg>
      </button>
      <div
        id="record-menu"
        class="menu record"
        popover="auto"
        role="dialog"
        aria-label={say("record.title")}
        ref={menu}
        onKeyDown={walkList}
      >
        <ul>
          <li>
            <button
              type="button"
              onClick={() => {
                hide();
                window.open(pageOf(incident.id, language.value), "_blank");
              }}
            >
              {say("record.print")}
            </button>
          </li>
          {desk.may("incidents.record_whole") && (
            <li>
              <label class="tick" title={say("record.whole_why")}>
                <input
                  type="checkbox"
                  checked={whole.value}
                  onChange={(turned) => (whole.value = turned.currentTarget.checked)}
                />
                {say("record.whole")}
              </label>
            </li>
          )}
          {RECORD_FORMATS.map((format) => (
            <li key={format}>
              <button type="button" disabled={desk.busy.value} onClick={() => void take(format)}>
                {sayOf("record.format", format)}
              </button>
            </li>
          ))}
          <li>
            <button
              type="button"
              onClick={() => {
                hide();
                reading.value = true;
              }}
            >
              {say("record.log")}
            </button>
          </li>
          <li>
            <ReplayLink incident={incident} done={hide} />
          </li>
        </ul>
      </div>
      {reading.value && <Log incident={incident} close={() => (reading.value = false)} />}
    </>
  );
}
