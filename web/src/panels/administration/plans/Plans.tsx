/** Categories and plans as data: each entry is edited as JSON, all are checked together, and a new version is made. */
import { useSignal } from "@preact/signals";
import type { Checked, Content, Plans as Kept } from "../../../api/plans";
import { say } from "../../../words/words";
import { useTrial } from "../../dialogs/trial";
import { useHouse } from "../../house";
import { useAsked } from "../../page/asked";
import { Moment } from "../../page/fields";
import { NewEntry, Save } from "./Dialogs";
import { changedEntries, type Entry, withEntry } from "./draft";
import { Editor, Faults } from "./Editor";
import { Entries } from "./Entries";
import { Versions } from "./Versions";

/** The work on one version that was read. */
function Desk({ kept, again }: { kept: Kept; again: () => Promise<void> }) {
  const { client, desk } = useHouse();
  const trial = useTrial();
  const content = useSignal(kept.content);
  const open = useSignal<Entry>({ part: "categories", name: Object.keys(kept.content.categories ?? {})[0] ?? "" });
  const checked = useSignal<Checked | null>(null);
  const asking = useSignal<"save" | "entry" | "versions" | null>(null);
  const changed = changedEntries(kept.content, content.value);
  const may = desk.may("plans.write");
  const based_on = kept.version?.id ?? 0;
  function change(entry: Entry, value: unknown): void {
    content.value = withEntry(content.value, entry.part, entry.name, value);
    checked.value = null;
  }
  async function check(): Promise<boolean> {
    const answer = await trial.attempt(() => client.checkPlans(content.value));
    if (answer) checked.value = answer.done;
    return !!answer && answer.done.faults.length === 0;
  }
  async function save(from: Content | null, note: string): Promise<boolean> {
    const made = await trial.attempt(() => client.editPlans(from, note, based_on));
    if (!made) return false;
    desk.tell(say("plans.saved", { n: made.done.version.id }));
    await again();
    return true;
  }
  const close = () => (asking.value = null);
  return (
    <div class="plans">
      <Entries content={content.value} changed={changed} open={open.value} choose={(entry) => (open.value = entry)} />
      <section class="workbench" aria-label={say("plans.editor")}>
        <div class="line spread">
          <span class="dim">
            {kept.version ? (
              <>
                {say("plans.version", { n: kept.version.id })} · <Moment at={kept.version.made_at} /> ·{" "}
                {kept.version.made_by}
              </>
            ) : (
              say("plans.of_files")
            )}
          </span>
          <button type="button" onClick={() => (asking.value = "versions")}>
            {say("plans.versions")}
          </button>
        </div>
        {kept.files_differ && may && (
          <p class="hint line spread">
            {say("plans.files_differ")}
            <button
              type="button"
              disabled={trial.busy.value}
              onClick={() => void save(null, say("plans.from_files_note"))}
            >
              {say("plans.take_files")}
            </button>
          </p>
        )}
        <Editor entry={open.value} content={content.value} may={may} change={(value) => change(open.value, value)} />
        <p class="wrong" role="alert">
          {trial.wrong.value}
        </p>
        {checked.value && <Faults checked={checked.value} choose={(entry) => (open.value = entry)} />}
        {may && (
          <div class="line">
            <button
              type="button"
              class="primary"
              disabled={changed.length === 0 || trial.busy.value}
              onClick={async () => {
                if (await check()) asking.value = "save";
              }}
            >
              {say("plans.save")}
              {changed.length > 0 && ` (${changed.length})`}
            </button>
            <button type="button" disabled={trial.busy.value} onClick={() => void check()}>
              {say("plans.check")}
            </button>
            <button type="button" disabled={open.value.part === "clocks"} onClick={() => (asking.value = "entry")}>
              {say("plans.make")}
            </button>
            <button
              type="button"
              disabled={open.value.part === "clocks" || !open.value.name}
              onClick={() => change(open.value, undefined)}
            >
              {say("plans.remove")}
            </button>
            <button type="button" disabled={changed.length === 0} onClick={() => (content.value = kept.content)}>
              {say("plans.reset")}
            </button>
          </div>
        )}
      </section>
      {asking.value === "save" && <Save changed={changed} close={close} save={(note) => save(content.value, note)} />}
      {asking.value === "entry" && (
        <NewEntry
          part={open.value.part}
          taken={Object.keys(content.value[open.value.part] ?? {})}
          close={close}
          make={(name) => {
            const pattern = content.value[open.value.part]?.[open.value.name] ?? {};
            change({ part: open.value.part, name }, pattern);
            open.value = { part: open.value.part, name };
          }}
        />
      )}
      {asking.value === "versions" && (
        <Versions
          now={based_on}
          close={close}
          take={
            may
              ? (taken) => {
                  content.value = taken;
                  checked.value = null;
                  close();
                }
              : null
          }
        />
      )}
    </div>
  );
}

/** The part of the page. */
export function Plans() {
  const { client } = useHouse();
  const { value, wrong, again } = useAsked(() => client.plans());
  return (
    <>
      <p class="wrong" role="alert">
        {wrong.value}
      </p>
      {value.value && <Desk key={value.value.version?.id ?? 0} kept={value.value} again={again} />}
    </>
  );
}
