/** One entry of the register: a form of what is told of the camera, its stream, and what became of it. */
import { useSignal } from "@preact/signals";
import { addressOf } from "../../access/way";
import type { Entry, EntryChanged, RegisterField } from "../../api/register";
import { say, sayOf, titleOf } from "../../words/words";
import { Alert } from "../Alert";
import { useTrial } from "../dialogs/trial";
import { useHouse } from "../house";
import { useAsked } from "../page/asked";
import { Moment } from "../page/fields";
import { changesOf, spoken, takenOf, titleIn } from "./words";

const MODULES = ["person", "plate", "situation"];
const WATCHES = ["road", "barrier", "passage", "flow", "slow", "fast"];
const TEXTS = [
  "owner",
  "contract",
  "contract_until",
  "installed_on",
  "class",
  "model",
  "pole",
  "node",
  "link",
] as const;
const POSE = ["height_m", "heading_deg", "tilt_deg", "hfov_deg", "width_px", "height_px"] as const;
type Names = { fields: readonly RegisterField[] };

function Text({ name, entry, fields }: Names & { name: (typeof TEXTS)[number] | "code"; entry: Entry }) {
  const plain = { name, value: entry[name] ?? "", autocomplete: "off" } as const;
  const isDate = fields.find((one) => one.name === name)?.kind === "date";
  const longest = name === "code" ? 100 : 500;
  if (isDate)
    return (
      <label class="field">
        {titleIn(fields, name)}
        <input type="date" {...plain} />
      </label>
    );
  return (
    <label class="field">
      {titleIn(fields, name)}
      <input {...plain} maxLength={longest} required={name === "code"} />
    </label>
  );
}

function Checks(props: Names & { name: "modules" | "watches"; of: readonly string[]; chosen: readonly string[] }) {
  const { name, of, chosen, fields } = props;
  return (
    <fieldset class="field">
      <legend>{titleIn(fields, name)}</legend>
      <span class="acts">
        {of.map((one) => (
          <label key={one} class="check">
            <input type="checkbox" name={name} value={one} checked={chosen.includes(one)} />{" "}
            {sayOf("register.value", one)}
          </label>
        ))}
      </span>
    </fieldset>
  );
}

function Select({
  name,
  entry,
  of,
  fields,
}: Names & { name: "kind" | "owner_kind"; entry: Entry; of: readonly string[] }) {
  const known = of.includes(entry[name]) ? of : [...of, entry[name]];
  return (
    <label class="field">
      {titleIn(fields, name)}
      <select name={name}>
        {known.map((one) => (
          <option key={one} value={one} selected={one === entry[name]} disabled={!of.includes(one)}>
            {sayOf("register.value", one)}
          </option>
        ))}
      </select>
    </label>
  );
}

/** The columns of the form, as the server takes them; facts are told whole. */
function told(form: HTMLFormElement, entry: Entry, fields: readonly RegisterField[]): Record<string, unknown> {
  const all = new FormData(form);
  const text = (name: string) => String(all.get(name) ?? "");
  const columns: Record<string, unknown> = { kind: text("kind"), owner_kind: text("owner_kind") };
  for (const name of ["code", "name_kk", "name_ru", "name_en", ...TEXTS]) columns[name] = takenOf("text", text(name));
  for (const name of POSE) if (all.has(name)) columns[name] = takenOf("number", text(name));
  for (const name of ["modules", "watches"] as const) {
    const chosen = all.getAll(name).map(String);
    columns[name] = [...entry[name]].sort().join() === [...chosen].sort().join() ? entry[name] : chosen;
  }
  const place = { lon: takenOf("number", text("lon")), lat: takenOf("number", text("lat")) };
  columns.place = place;
  const facts = fields.filter((one) => one.name.startsWith("facts.") && takenOf("number", text(one.name)) !== null);
  const known = facts.map((one) => [one.name.slice(6), takenOf("number", text(one.name))] as const);
  columns.facts = Object.fromEntries(known.sort(([a], [b]) => a.localeCompare(b)));
  return columns;
}

const asForm = (entry: Entry): Entry => {
  const facts = Object.entries(entry.facts).sort(([a], [b]) => a.localeCompare(b));
  const named = { name_kk: entry.name.kk, name_ru: entry.name.ru, name_en: entry.name.en };
  return { ...entry, ...named, facts: Object.fromEntries(facts) };
};

function YesNo({ name, title, value }: { name: string; title: string; value: number | undefined }) {
  return (
    <label class="field">
      {title}
      <select name={name}>
        {["", "1", "0"].map((one) => (
          <option key={one} value={one} selected={String(value ?? "") === one}>
            {one === "" ? "—" : say(one === "1" ? "register.yes" : "register.no")}
          </option>
        ))}
      </select>
    </label>
  );
}

function Figure({ name, title, value }: { name: string; title: string; value: number | null | undefined }) {
  return (
    <label class="field">
      {title}
      <input name={name} inputMode="decimal" value={value ?? ""} autocomplete="off" />
    </label>
  );
}

function Facts({ entry, fields }: Names & { entry: Entry }) {
  return (
    <details>
      <summary>{say("register.facts", { n: Object.keys(entry.facts).length })}</summary>
      <div class="stack">
        {fields
          .filter((one) => one.name.startsWith("facts."))
          .map((one) => {
            const told = { name: one.name, title: titleOf(one.title), value: entry.facts[one.name.slice(6)] };
            return one.kind === "yes" ? <YesNo key={one.name} {...told} /> : <Figure key={one.name} {...told} />;
          })}
      </div>
    </details>
  );
}

function Form({ entry, fields, saved }: Names & { entry: Entry; saved: () => void }) {
  const { client, desk } = useHouse();
  const { busy, wrong, attempt } = useTrial();
  const calibrated = entry.calibration !== "none";
  async function keep(submitted: SubmitEvent): Promise<void> {
    submitted.preventDefault();
    const changes = changesOf(asForm(entry), told(submitted.target as HTMLFormElement, entry, fields));
    if (Object.keys(changes).length === 0) return;
    if (!(await attempt(() => client.changeEntry(entry.id, { ...changes, based_on: entry.version })))) return;
    desk.tell(say("saved"));
    saved();
  }
  return (
    <form class="stack" onSubmit={keep}>
      <Text name="code" entry={entry} fields={fields} />
      {(["kk", "ru", "en"] as const).map((language) => (
        <label class="field" key={language}>
          {titleIn(fields, `name_${language}`)}
          <input name={`name_${language}`} value={entry.name[language]} maxLength={500} required autocomplete="off" />
        </label>
      ))}
      <Select name="kind" entry={entry} of={["fixed", "ptz"]} fields={fields} />
      <Select name="owner_kind" entry={entry} of={["state", "private"]} fields={fields} />
      {TEXTS.map((name) => (
        <Text key={name} name={name} entry={entry} fields={fields} />
      ))}
      <Checks name="modules" of={MODULES} chosen={entry.modules} fields={fields} />
      <Checks name="watches" of={WATCHES} chosen={entry.watches} fields={fields} />
      {(["lat", "lon"] as const).map((name) => (
        <label class="field" key={name}>
          {titleIn(fields, name)}
          <input name={name} inputMode="decimal" value={entry.place[name]} required autocomplete="off" />
        </label>
      ))}
      {calibrated && (
        <p class="hint">
          {say("register.calibrated")}{" "}
          <a href={addressOf("calibration", String(entry.id))}>{say("calibration.open")}</a>
        </p>
      )}
      {!calibrated &&
        POSE.map((name) => <Figure key={name} name={name} title={titleIn(fields, name)} value={entry[name]} />)}
      <Facts entry={entry} fields={fields} />
      <Alert>{wrong.value}</Alert>
      <button type="submit" class="primary" disabled={busy.value}>
        {say("register.save")}
      </button>
    </form>
  );
}

function Change({ one, fields }: Names & { one: EntryChanged }) {
  const columns = Object.entries(one.changed);
  return (
    <li>
      <span class="what">
        <span>
          <Moment at={one.at} /> · {sayOf("register.who", one.who)}
        </span>
        {one.act !== "changed" && <b>{say(`register.act.${one.act}`)}</b>}
        {columns.map(([name, [was, is]]) => (
          <span key={name} class="dim">
            {titleIn(fields, name)}
            {name !== "address" && `: ${spoken(was)} → ${spoken(is)}`}
          </span>
        ))}
      </span>
    </li>
  );
}

/** Shown beside the list. */
export function EntryDetail({ id, fields, changed }: Names & { id: number; changed: () => void }) {
  const { client, desk } = useHouse();
  const asked = useAsked(() => client.entry(id), [id]);
  const history = useAsked(async () => (await client.entryChanges(id)).changes, [id]);
  const drawn = useSignal(0);
  const entry = asked.value.value;
  async function saved(): Promise<void> {
    await Promise.all([asked.again(), history.again()]);
    drawn.value += 1; // the form is drawn anew, with what stands now
    changed();
  }
  return (
    <aside class="detail" aria-label={entry?.code ?? say("loading")}>
      <header>
        <div>
          <h3>{entry?.code}</h3>
          <span class="dim">{entry && titleOf(entry.area.name)}</span>
        </div>
        <a class="button quiet" href={addressOf("register")} aria-label={say("close_panel")}>
          ✕
        </a>
      </header>
      <div class="scrolls" tabIndex={0} role="group" aria-label={say("register.entry")}>
        <Alert>{asked.wrong.value || history.wrong.value}</Alert>
        {entry && (
          <>
            <p>
              {entry.streams
                ? say("register.read", { state: sayOf("register.state", entry.enabled ? entry.state : "off") })
                : say("register.unread")}
            </p>
            <p class="acts">
              <a class="button" href={addressOf("desk")} onClick={() => desk.flyTo(entry.place, 17)}>
                {say("show_on_map")}
              </a>
              {entry.streams && desk.may("cameras.read") && (
                <a class="button" href={addressOf("rules", String(entry.id))}>
                  {say("page.rules")}
                </a>
              )}
            </p>
            {entry.lacks.length > 0 && (
              <p class="hint">
                {say("register.lacks_told", { what: entry.lacks.map((name) => titleIn(fields, name)).join(", ") })}
              </p>
            )}
            <Form key={drawn.value} entry={entry} fields={fields} saved={() => void saved()} />
          </>
        )}
        <h3>{say("register.history")}</h3>
        <ol class="lines">
          {history.value.value?.map((one) => (
            <Change key={one.id} one={one} fields={fields} />
          ))}
        </ol>
      </div>
    </aside>
  );
}
