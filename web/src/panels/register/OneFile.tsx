/** A file that is being taken in: how far it is, what was found, what is chosen, its rows, and taking it in or not. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Duplicates, Import, ImportChoices } from "../../api/register";
import { language, say, sayOf, titleOf } from "../../words/words";
import { Alert } from "../Alert";
import { useTrial } from "../dialogs/trial";
import { useHouse } from "../house";
import { useAsked } from "../page/asked";
import { save } from "../save";
import { Choices } from "./Choices";
import { Rows } from "./Rows";
import { percentOf } from "./words";

const LOOKS_MS = 700;
const isBusy = (one: Import) => one.state === "reading" || one.state === "writing";

function Running({ one, cancel }: { one: Import; cancel: () => void }) {
  const done = one.job ? percentOf(one.job.done, one.job.total) : null;
  return (
    <div class="line">
      <progress
        aria-label={sayOf("register.import_state", one.state)}
        {...(done === null ? {} : { value: done, max: 100 })}
      />
      <span role="status">{say(done === null ? "register.waits" : "register.percent", { n: done ?? 0 })}</span>
      <button type="button" disabled={!one.job || one.job.cancelled_at !== null} onClick={cancel}>
        {say("coverage.cancel")}
      </button>
    </div>
  );
}

function Found({ one }: { one: Import }) {
  const counts = one.counts;
  return (
    <>
      {counts.rows !== undefined && (
        <p role="status">
          <b>{say("register.good", { n: counts.good ?? 0 })}</b> · {say("register.of_rows", { n: counts.rows })} ·{" "}
          {say("register.refused_n", { n: counts.refused ?? 0 })}
        </p>
      )}
      {one.state === "done" && (
        <p role="status">
          {say("register.done", {
            added: counts.added ?? 0,
            changed: counts.changed ?? 0,
            skipped: counts.skipped ?? 0,
          })}
        </p>
      )}
      <ul class="lines">
        {one.findings.map((finding) => (
          <li key={finding.code} class={finding.code === "feet_likely" ? "short" : ""}>
            {titleOf(finding.text)}
          </li>
        ))}
      </ul>
      <Alert>{one.fault ? titleOf(one.fault.text) : ""}</Alert>
    </>
  );
}

type Props = { id: number; moved: () => void; gone: () => void };

/** Asks how far it is while it is under way; closing the page stops the asking and nothing else. */
function useImport(id: number, moved: () => void) {
  const { client } = useHouse();
  const asked = useAsked(() => client.import(id), [id]);
  const one = asked.value.value;
  const busy = one !== null && isBusy(one);
  useEffect(() => {
    if (!busy) return;
    const looking = setInterval(() => void asked.again(), LOOKS_MS);
    return () => {
      clearInterval(looking);
      moved();
    };
  }, [busy]);
  return { one, asked };
}

/** The panel. */
export function OneFile({ id, moved, gone }: Props) {
  const { client } = useHouse();
  const { one, asked } = useImport(id, moved);
  const trial = useTrial();
  const rest = useSignal<Duplicates>("skip");
  const rows = useSignal<Record<number, Duplicates>>({});
  if (!one) return <Alert>{asked.wrong.value}</Alert>;
  async function act(work: () => Promise<unknown>): Promise<void> {
    if (await trial.attempt(work)) await asked.again();
  }
  const read = (choices: ImportChoices) => act(() => client.readImport(id, choices));
  async function home(): Promise<void> {
    const file = await trial.attempt(() => client.refusedRows(id, language.value));
    if (file) save(file.done, `refused-${id}.csv`);
  }
  async function forget(): Promise<void> {
    if (await trial.attempt(() => client.forgetImport(id))) gone();
  }
  const job = one.job?.id;
  return (
    <section class="stack one-file" aria-label={one.file}>
      <h3>
        {one.file} <span class="dim">{sayOf("register.import_state", one.state)}</span>
      </h3>
      {isBusy(one) && <Running one={one} cancel={() => job !== undefined && void act(() => client.cancelJob(job))} />}
      <Found one={one} />
      <Alert>{trial.wrong.value || asked.wrong.value}</Alert>
      {["ready", "failed", "cancelled"].includes(one.state) && one.columns.length > 0 && (
        <Choices key={`${one.state}${one.job?.id}`} one={one} busy={trial.busy.value} read={read} />
      )}
      {(one.state === "ready" || one.state === "done") && <Rows one={one} rest={rest} decided={rows} />}
      <p class="acts">
        {one.state === "ready" && (one.counts.good ?? 0) > 0 && (
          <button
            type="button"
            class="primary"
            disabled={trial.busy.value}
            onClick={() => void act(() => client.writeImport(id, rest.value, rows.value))}
          >
            {say("register.take_in")}
          </button>
        )}
        {(one.counts.refused ?? 0) > 0 && (
          <button type="button" disabled={trial.busy.value} onClick={() => void home()}>
            {say("register.refused_home")}
          </button>
        )}
        {!isBusy(one) && (
          <button type="button" class="quiet" disabled={trial.busy.value} onClick={() => void forget()}>
            {say("register.forget")}
          </button>
        )}
      </p>
    </section>
  );
}
