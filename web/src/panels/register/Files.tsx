/** Files that are taken into the register: one is sent in pieces, and each that was sent is opened again. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { type Import, PIECE_BYTES } from "../../api/register";
import { say, sayOf } from "../../words/words";
import { Alert } from "../Alert";
import { useTrial } from "../dialogs/trial";
import { useHouse } from "../house";
import { useAsked } from "../page/asked";
import { Moment } from "../page/fields";
import { OneFile } from "./OneFile";

const ACCEPT = ".csv,.tsv,.txt,.xlsx,.geojson,.json,.gpkg,.zip,.osm,.pbf";

function Sending({ sent }: { sent: (id: number) => void }) {
  const { client } = useHouse();
  const { busy, wrong, attempt } = useTrial();
  const share = useSignal<number | null>(null);
  async function send(file: File): Promise<number> {
    const begun = await client.beginImport(file.name.slice(-200), file.size);
    const pieces = Math.ceil(file.size / PIECE_BYTES);
    for (let n = 0; n < pieces; n++) {
      share.value = n / pieces;
      await client.sendPiece(begun.id, n, file.slice(n * PIECE_BYTES, (n + 1) * PIECE_BYTES));
    }
    await client.readImport(begun.id, {});
    return begun.id;
  }
  async function bring(submitted: SubmitEvent): Promise<void> {
    submitted.preventDefault();
    const file = new FormData(submitted.target as HTMLFormElement).get("file");
    if (!(file instanceof File) || file.size === 0) return;
    const done = await attempt(() => send(file));
    share.value = null;
    if (done) sent(done.done);
  }
  return (
    <form class="stack" onSubmit={bring}>
      <p class="hint">{say("register.how")}</p>
      <div class="line register-filters">
        <label class="field">
          {say("register.file")}
          <input type="file" name="file" accept={ACCEPT} required />
        </label>
        <button type="submit" class="primary" disabled={busy.value}>
          {say("register.send")}
        </button>
        {share.value !== null && <progress value={share.value} max={1} aria-label={say("register.sending")} />}
      </div>
      <Alert>{wrong.value}</Alert>
    </form>
  );
}

function Line({ one, open, opened }: { one: Import; open: () => void; opened: boolean }) {
  return (
    <tr class={opened ? "on" : ""}>
      <th scope="row">
        <button type="button" class="link" aria-expanded={opened} onClick={open}>
          {one.file}
        </button>
      </th>
      <td>
        <Moment at={one.asked_at} />
      </td>
      <td>{one.asked_by}</td>
      <td>{sayOf("register.import_state", one.state)}</td>
      <td class="figure">{one.counts.added ?? ""}</td>
      <td class="figure">{one.counts.refused ?? ""}</td>
    </tr>
  );
}

const HEADS = ["file", "sent_at", "sent_by", "state", "added", "refused"] as const;

/** The part of the page. */
export function Files() {
  const { client } = useHouse();
  const asked = useAsked(async () => (await client.imports()).imports);
  const opened = useSignal<number | null>(null);
  const all = asked.value.value;
  // after a reload what is under way, or waits for somebody, is found again
  const waiting = all?.find((one) => ["reading", "writing", "ready", "failed"].includes(one.state))?.id ?? null;
  useEffect(() => {
    if (opened.peek() === null) opened.value = waiting;
  }, [waiting]);
  return (
    <div class="scrolls single" tabIndex={0} role="group" aria-label={say("register.part.files")}>
      <Sending
        sent={(id) => {
          opened.value = id;
          void asked.again();
        }}
      />
      <Alert>{asked.wrong.value}</Alert>
      {opened.value !== null && (
        <OneFile
          key={opened.value}
          id={opened.value}
          moved={() => void asked.again()}
          gone={() => {
            opened.value = null;
            void asked.again();
          }}
        />
      )}
      {all && all.length > 0 && (
        <table>
          <thead>
            <tr>
              {HEADS.map((name) => (
                <th scope="col" key={name}>
                  {say(`register.${name}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {all.map((one) => (
              <Line
                key={one.id}
                one={one}
                opened={one.id === opened.value}
                open={() => (opened.value = one.id === opened.value ? null : one.id)}
              />
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}
