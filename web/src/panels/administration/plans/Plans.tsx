/** Categories and plans as forms: all are checked together, compared with what is in force, and kept as a new version. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Content } from "../../../api/plan_content";
import type { Plans as Kept } from "../../../api/plans";
import { say } from "../../../words/words";
import { Alert } from "../../Alert";
import { useHouse } from "../../house";
import { useAsked } from "../../page/asked";
import { BenchContext, called, focusOn, optionsOf } from "./bench";
import { useChecking } from "./checking";
import { Changes, NewEntry, Save } from "./Dialogs";
import { type Entry, GIVEN, listOf, withCopy, withEntry, without } from "./draft";
import { Entries } from "./Entries";
import { Faults } from "./Faults";
import { EntryForm } from "./form/EntryForm";
import { useDraft } from "./kept";
import { FilesWrong, Offer, Standing } from "./Standing";
import { Versions } from "./Versions";

type Asking = "save" | "entry" | "versions" | "changes" | null;
type Desk = { newest: Kept; again: () => Promise<void> };

type ActsProps = {
  changed: number;
  busy: boolean;
  /** The open entry can be neither copied nor taken out. */
  fixed: boolean;
  save: (() => void) | null;
  ask: (what: "changes" | "entry") => void;
  check: () => void;
  remove: () => void;
  reset: () => void;
};

/** What can be done with the draft, and with the entry that is open. */
function Acts({ changed, busy, fixed, save, ask, check, remove, reset }: ActsProps) {
  return (
    <div class="line">
      <button type="button" class="primary" disabled={changed === 0 || !save || busy} onClick={() => save?.()}>
        {say("plans.save")}…{changed > 0 && ` (${changed})`}
      </button>
      <button type="button" disabled={changed === 0} onClick={() => ask("changes")}>
        {say("plans.changes")}
      </button>
      <button type="button" disabled={busy} onClick={check}>
        {say("plans.check")}
      </button>
      <button type="button" disabled={fixed} onClick={() => ask("entry")}>
        {say("plans.make")}
      </button>
      <button type="button" disabled={fixed} onClick={remove}>
        {say("plans.remove")}
      </button>
      <button type="button" disabled={changed === 0} onClick={reset}>
        {say("plans.reset")}
      </button>
    </div>
  );
}

function Workbench({ newest, again }: Desk) {
  const { client, desk } = useHouse();
  const draft = useDraft(desk.account.value?.id ?? 0, newest);
  const { trial, checked, check, learn, goOn, forget } = useChecking();
  const { content, base, changed } = draft;
  const open = useSignal<Entry>({ part: "plans", name: optionsOf(content, "plans")[0]?.name ?? "" });
  const asking = useSignal<Asking>(null);
  const sought = useSignal(""); // the fault whose row is to have the keyboard once it is drawn
  const [may, busy] = [desk.may("plans.write"), trial.busy.value];
  const faults = checked.value?.faults ?? [];
  useEffect(() => {
    if (sought.value) focusOn(sought.value);
    sought.value = "";
  }, [sought.value]);

  function go(entry: Entry, where = ""): void {
    open.value = entry;
    sought.value = where;
  }
  function take(after: Content): void {
    goOn(content, after);
    draft.take(after);
  }
  const put = (entry: Entry, value: unknown) => take(withEntry(content, entry, value));
  function reset(): void {
    draft.reset();
    forget();
  }
  function bringOver(): void {
    const both = draft.bringOver();
    forget();
    if (both.length > 0)
      desk.tell(say("plans.both_changed", { entries: both.map((entry) => called(content, entry)).join(", ") }), true);
  }
  async function save(from: Content | null, note: string, based_on: number): Promise<boolean> {
    const made = await trial.attempt(() => client.editPlans(from, note, based_on).catch(learn));
    if (!made) {
      void again(); // somebody else may have been quicker
      return false;
    }
    if (from) draft.settle();
    forget();
    desk.tell(say("plans.saved", { n: made.done.version.id }));
    await again();
    return true;
  }
  async function askToSave(): Promise<void> {
    if (await check(content)) asking.value = "save";
  }
  const close = () => (asking.value = null);
  const there = listOf(content, open.value.part)[open.value.name] !== undefined;
  return (
    <BenchContext.Provider value={{ content, faults, go }}>
      <div class="plans">
        <Entries content={content} changed={changed} faults={faults} open={open.value} choose={go} />
        <section class="workbench" aria-label={say("plans.editor")}>
          <Standing base={base} versions={() => (asking.value = "versions")} />
          {may && <FilesWrong faults={newest.files_faults} />}
          {newest.files_differ && newest.files_faults.length === 0 && may && (
            <Offer
              told={say("plans.files_differ")}
              act={say("plans.take_files")}
              busy={busy}
              take={() => void save(null, say("plans.from_files_note"), newest.version?.id ?? 0)}
            />
          )}
          {draft.stale && (
            <Offer
              told={say("plans.newer", { n: newest.version?.id ?? 0, who: newest.version?.made_by ?? "" })}
              act={say("plans.bring_over")}
              busy={busy}
              take={bringOver}
            />
          )}
          <EntryForm entry={open.value} may={may} change={(value) => put(open.value, value)} />
          <Alert>{asking.value === null && trial.wrong.value}</Alert>
          {checked.value && <Faults content={content} checked={checked.value} choose={go} />}
          {may && (
            <Acts
              changed={changed.length}
              busy={busy}
              fixed={GIVEN.has(open.value.part) || !there}
              save={draft.stale ? null : () => void askToSave()}
              ask={(what) => (asking.value = what)}
              check={() => void check(content)}
              remove={() => take(without(content, open.value))}
              reset={reset}
            />
          )}
        </section>
        {asking.value === "save" && (
          <Save
            before={base.content}
            after={content}
            busy={busy}
            wrong={trial.wrong.value}
            close={close}
            save={(note) => save(content, note, draft.based_on)}
          />
        )}
        {asking.value === "changes" && (
          <Changes
            before={base.content}
            after={content}
            close={close}
            putBack={(entry) => put(entry, listOf(base.content, entry.part)[entry.name])}
          />
        )}
        {asking.value === "entry" && (
          <NewEntry
            content={content}
            like={open.value}
            close={close}
            make={(name) => {
              take(withCopy(content, { ...open.value, name }, open.value.name));
              go({ ...open.value, name });
            }}
          />
        )}
        {asking.value === "versions" && (
          <Versions
            now={newest.version?.id ?? 0}
            close={close}
            take={
              may
                ? (taken) => {
                    take(taken);
                    close();
                  }
                : null
            }
          />
        )}
      </div>
    </BenchContext.Provider>
  );
}

/** The part of the page. */
export function Plans() {
  const { client } = useHouse();
  const { value, wrong, again } = useAsked(() => client.plans());
  return (
    <>
      <Alert>{wrong.value}</Alert>
      {value.value && <Workbench newest={value.value} again={again} />}
    </>
  );
}
