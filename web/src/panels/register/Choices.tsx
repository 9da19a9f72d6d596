/** What each column of a file is, and how its numbers are to be read: guessed, and chosen otherwise by a person. */
import type { Import, ImportChoices, RegisterField } from "../../api/register";
import { say, titleOf } from "../../words/words";
import { useHouse } from "../house";
import { useAsked } from "../page/asked";

const AXES = ["auto", "as_is", "swapped"] as const;
const UNITS = ["auto", "m", "ft"] as const;
const SHOWN = 5; // rows of the file, beside each column

/** The form's choices, as the server takes them (pure but for the form). */
function chosenIn(form: HTMLFormElement, columns: readonly string[]): ImportChoices {
  const told = new FormData(form);
  const text = (name: string) => String(told.get(name) ?? "").trim();
  const mapped = columns.map((column, at) => [column, text(`column-${at}`)] as const).filter(([, field]) => field);
  return {
    mapping: Object.fromEntries(mapped),
    crs: text("crs").toUpperCase() || null,
    height_unit: text("height_unit") as ImportChoices["height_unit"],
    axes: text("axes") as ImportChoices["axes"],
    near_m: Number(text("near_m").replace(",", ".")) || 0,
  };
}

function Options(props: { name: string; of: readonly string[]; value: string; word: "axes" | "height_unit" }) {
  return (
    <label class="field">
      {say(`register.${props.word}`)}
      <select name={props.name}>
        {props.of.map((one) => (
          <option key={one} value={one} selected={one === props.value}>
            {say(`register.${props.word}.${one}` as "register.axes.auto")}
          </option>
        ))}
      </select>
    </label>
  );
}

function Column(props: { one: Import; at: number; fields: readonly RegisterField[] }) {
  const { one, at, fields } = props;
  const column = one.columns[at] ?? "";
  const mapped = one.choices.mapping?.[column] ?? "";
  return (
    <tr>
      <th scope="row">{column}</th>
      <td>
        <select name={`column-${at}`} aria-label={column}>
          <option value="">{say("register.not_taken")}</option>
          {fields.map((field) => (
            <option key={field.name} value={field.name} selected={field.name === mapped}>
              {titleOf(field.title)}
            </option>
          ))}
        </select>
      </td>
      <td class="dim cells">
        {one.sample
          .slice(0, SHOWN)
          .map((cells) => cells[at] ?? "")
          .filter(Boolean)
          .join(" · ")}
      </td>
    </tr>
  );
}

/** The form; sent, the file is read anew. */
export function Choices(props: { one: Import; busy: boolean; read: (choices: ImportChoices) => Promise<void> }) {
  const { one, busy, read } = props;
  const { client } = useHouse();
  const fields = useAsked(async () => (await client.registerFields()).fields).value.value;
  if (!fields) return null;
  const failed = one.state !== "ready";
  return (
    <details open={failed}>
      <summary>{say("register.columns", { n: one.columns.length })}</summary>
      <form
        class="stack"
        onSubmit={(submitted) => {
          submitted.preventDefault();
          void read(chosenIn(submitted.target as HTMLFormElement, one.columns));
        }}
      >
        <table class="mapping">
          <thead>
            <tr>
              {(["column", "is", "first_rows"] as const).map((name) => (
                <th scope="col" key={name}>
                  {say(`register.${name}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {one.columns.map((column, at) => (
              <Column key={column} one={one} at={at} fields={fields} />
            ))}
          </tbody>
        </table>
        <div class="line register-filters">
          <Options name="height_unit" word="height_unit" of={UNITS} value={one.choices.height_unit ?? "auto"} />
          <Options name="axes" word="axes" of={AXES} value={one.choices.axes ?? "auto"} />
          <label class="field">
            {say("register.crs")}
            <input
              name="crs"
              value={one.choices.crs ?? ""}
              placeholder="EPSG:4326"
              pattern="[Ee][Pp][Ss][Gg]:\d{4,6}"
            />
          </label>
          <label class="field">
            {say("register.near_m")}
            <input name="near_m" type="number" min={0} max={100} step="any" value={one.choices.near_m ?? 5} />
          </label>
          <button type="submit" disabled={busy}>
            {say("register.read_anew")}
          </button>
        </div>
      </form>
    </details>
  );
}
