/** The record of an incident: printed, taken home in one of its formats, or its log read line by line. */
import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { ENDINGS, type LogEntry, RECORD_FORMATS, type RecordFormat } from "../../api/record";
import type { Incident } from "../../api/types";
import { ReplayLink } from "../../replay/ReplayLink";
import { clock, date } from "../../words/formats";
import { language, say, sayOf } from "../../words/words";
import { Dialog } from "../dialogs/Dialog";
import { useHouse } from "../house";
import { useAsked } from "../page/asked";
import { useStatusTitle } from "../parts";
import { save } from "../save";
import { walkList } from "../walk";

/** Everything that was written about it, in the order in which the server learned it. */
function Log({ incident, close }: { incident: Incident; close: () => void }) {
  const { client } = useHouse();
  const { value, wrong } = useAsked(() => client.log(incident.id));
  const status = useStatusTitle();
  return (
    <Dialog title={`${say("record.log")} · ${incident.number}`} close={close} wide>
      <p class="wrong" role="alert">
        {wrong.value}
      </p>
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
                  {entry.subject} <b>{kindOf(entry, status)}</b> <span class="dim">{told(entry.details)}</span>
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

/** The plain values of an entry; what is nested is in the files. */
function told(details: Record<string, unknown>): string {
  return Object.values(details)
    .filter((value) => typeof value === "string" || typeof value === "number")
    .join(" · ");
}

/** The menu in the head of the card. */
export function RecordMenu({ incident }: { incident: Incident }) {
  const { client, desk } = useHouse();
  const menu = useRef<HTMLDivElement>(null);
  const reading = useSignal(false);
  const hide = () => menu.current?.hidePopover();
  async function take(format: RecordFormat): Promise<void> {
    hide();
    const file = await desk.act(() => client.record(incident.id, format, language.value));
    if (file) save(file, `${incident.number}.${ENDINGS[format]}`);
  }
  const files = RECORD_FORMATS.filter((format) => format !== "html");
  return (
    <>
      <button
        type="button"
        class="quiet"
        popovertarget="record-menu"
        aria-label={say("record.title")}
        title={say("record.title")}
      >
        <span aria-hidden="true">⎙</span>
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
                window.open(`/api/incidents/${incident.id}/record?format=html&lang=${language.value}`, "_blank");
              }}
            >
              {say("record.print")}
            </button>
          </li>
          {files.map((format) => (
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
