/** The entries of the register: sought, filtered, taken home as a file, and one of them opened beside the list. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { addressOf, way } from "../../access/way";
import type { Entry, EntryFilter, Named, Register, RegisterField } from "../../api/register";
import { say, titleOf } from "../../words/words";
import { Alert } from "../Alert";
import { sentenceOf, useTrial } from "../dialogs/trial";
import { useHouse } from "../house";
import { useAsked } from "../page/asked";
import { save } from "../save";
import { EntryDetail } from "./EntryDetail";
import { spoken, titleIn } from "./words";

const NOTHING: EntryFilter = { text: "", owner: "", class: "", area: "", lacks: "" };
const FORMATS = ["csv", "xlsx", "geojson"] as const;

/** The pages of entries that were asked for, one after another. */
function useEntries(filter: EntryFilter) {
  const { client } = useHouse();
  const trial = useTrial();
  const [found, count, after] = [useSignal<Entry[] | null>(null), useSignal(0), useSignal<string | null>(null)];
  const turn = useSignal(0);
  async function ask(from: string): Promise<void> {
    const own = ++turn.value; // what was asked last counts, also while something else is awaited
    try {
      const page = await client.entries(filter, from);
      if (own !== turn.peek()) return;
      found.value = from ? [...(found.peek() ?? []), ...page.entries] : page.entries;
      count.value = page.count;
      after.value = page.after;
      trial.wrong.value = "";
    } catch (error) {
      if (own === turn.peek()) trial.wrong.value = sentenceOf(error);
    }
  }
  const by = JSON.stringify(filter);
  useEffect(() => void ask(""), [by]);
  return { found, count, after, trial, again: () => ask(""), more: () => ask(after.peek() ?? "") };
}

function Choice(props: { label: string; names: readonly Named[]; value: string; choose: (name: string) => void }) {
  const { label, names, value, choose } = props;
  return (
    <label class="field">
      {label}
      <select value={value} onChange={(chosen) => choose(chosen.currentTarget.value)}>
        <option value="">{say("register.any")}</option>
        {names.map((one) => (
          <option key={one.name} value={one.name}>
            {one.name} ({one.count})
          </option>
        ))}
      </select>
    </label>
  );
}

function Filters(props: {
  filter: EntryFilter;
  change: (told: Partial<EntryFilter>) => void;
  register: Register | null;
  fields: readonly RegisterField[];
}) {
  const { filter, change, register, fields } = props;
  const { desk } = useHouse();
  return (
    <div class="line register-filters">
      <label class="field">
        {say("register.search")}
        <input
          type="search"
          value={filter.text}
          onChange={(typed) => change({ text: typed.currentTarget.value.trim() })}
        />
      </label>
      <Choice
        label={titleIn(fields, "owner")}
        names={register?.owners ?? []}
        value={filter.owner}
        choose={(owner) => change({ owner })}
      />
      <Choice
        label={titleIn(fields, "class")}
        names={register?.classes ?? []}
        value={filter.class}
        choose={(chosen) => change({ class: chosen })}
      />
      <label class="field">
        {say("account.area")}
        <select value={filter.area} onChange={(chosen) => change({ area: chosen.currentTarget.value })}>
          <option value="">{say("register.any")}</option>
          {desk.areas().map((area) => (
            <option key={area.id} value={area.id}>
              {titleOf(area.name)}
            </option>
          ))}
        </select>
      </label>
      <label class="field">
        {say("register.lacking")}
        <select value={filter.lacks} onChange={(chosen) => change({ lacks: chosen.currentTarget.value })}>
          <option value="">{say("register.any")}</option>
          {register?.lacking.map((name) => (
            <option key={name} value={name}>
              {titleIn(fields, name)}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}

const HEADS = ["owner", "class", "height_m", "heading_deg"] as const;

function Rows({
  entries,
  fields,
  opened,
}: {
  entries: Entry[];
  fields: readonly RegisterField[];
  opened: number | null;
}) {
  return (
    <table class="register">
      <thead>
        <tr>
          {(["code", "name", ...HEADS] as const).map((name) => (
            <th scope="col" key={name}>
              {titleIn(fields, name)}
            </th>
          ))}
          <th scope="col">{say("register.stream")}</th>
          <th scope="col">{say("register.lacks")}</th>
        </tr>
      </thead>
      <tbody>
        {entries.map((one) => (
          <tr key={one.id} class={one.id === opened ? "on" : ""}>
            <th scope="row">
              <a href={addressOf("register", String(one.id))}>{one.code}</a>
            </th>
            <td>{titleOf(one.name)}</td>
            {HEADS.map((name) => (
              <td key={name} class={name.includes("_") ? "figure" : ""}>
                {spoken(one[name])}
              </td>
            ))}
            <td>{say(one.streams ? "register.has_stream" : "register.no_stream")}</td>
            <td class="dim">{one.lacks.length || ""}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The part of the page. */
export function Entries() {
  const { client } = useHouse();
  const filter = useSignal<EntryFilter>(NOTHING);
  const register = useAsked(() => client.register());
  const fields = useAsked(async () => (await client.registerFields()).fields);
  const asked = useEntries(filter.value);
  const known = fields.value.value ?? [];
  const opened = /^\d+$/.test(way.value.part) ? Number(way.value.part) : null;
  async function home(format: string): Promise<void> {
    const file = await asked.trial.attempt(() => client.exportRegister(filter.peek(), format));
    if (file) save(file.done, `cameras.${format}`);
  }
  const told = register.value.value;
  const entries = asked.found.value;
  return (
    <div class="master">
      <section class="sheet-list scrolls" tabIndex={0} aria-label={say("register.title")}>
        <Filters
          filter={filter.value}
          change={(part) => (filter.value = { ...filter.value, ...part })}
          register={told}
          fields={known}
        />
        <div class="line">
          <span role="status">
            {say("register.count", { n: asked.count.value })}
            {told && <span class="dim"> · {say("register.incomplete", { n: told.incomplete })}</span>}
            {told && <span class="dim"> · {say("register.streamless", { n: told.streamless })}</span>}
          </span>
          <span class="acts">
            {FORMATS.map((format) => (
              <button type="button" key={format} disabled={asked.trial.busy.value} onClick={() => void home(format)}>
                {say("register.export", { format: format.toUpperCase() })}
              </button>
            ))}
          </span>
        </div>
        <Alert>{asked.trial.wrong.value || register.wrong.value || fields.wrong.value}</Alert>
        {entries?.length === 0 && <p class="empty">{say("register.none")}</p>}
        {entries && entries.length > 0 && <Rows entries={entries} fields={known} opened={opened} />}
        {asked.after.value !== null && (
          <button type="button" class="wide" disabled={asked.trial.busy.value} onClick={() => void asked.more()}>
            {say("calls.more")}
          </button>
        )}
      </section>
      {opened !== null && (
        <EntryDetail
          key={opened}
          id={opened}
          fields={known}
          changed={() => {
            void asked.again();
            void register.again();
          }}
        />
      )}
    </div>
  );
}
