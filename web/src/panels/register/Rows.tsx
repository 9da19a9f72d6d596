/** The rows of a file: good ones, refused ones with their reason, and those that may be cameras already, to be decided. */
import { type Signal, useSignal } from "@preact/signals";
import { addressOf } from "../../access/way";
import type { Duplicates, Import, ImportRow, Which } from "../../api/register";
import { say, titleOf } from "../../words/words";
import { Alert } from "../Alert";
import { useHouse } from "../house";
import { useAsked } from "../page/asked";

const DECISIONS: readonly Duplicates[] = ["skip", "update", "add"];
/** What can be done with a row that may be there: no second camera of a code, no row over another of its file (pure). */
export function decisionsOf(twin: ImportRow["twin"]): readonly Duplicates[] {
  if (twin === "code") return ["skip", "update"];
  return twin === "file" ? ["skip", "add"] : DECISIONS;
}

type Decided = { rest: Signal<Duplicates>; decided: Signal<Record<number, Duplicates>> };

function Decision({ row, rest, decided }: Decided & { row: ImportRow }) {
  const may = decisionsOf(row.twin);
  const value = decided.value[row.line] ?? (may.includes(rest.value) ? rest.value : "skip");
  return (
    <select
      aria-label={say("register.decision_of", { n: row.line })}
      value={value}
      onChange={(chosen) =>
        (decided.value = { ...decided.value, [row.line]: chosen.currentTarget.value as Duplicates })
      }
    >
      {may.map((one) => (
        <option key={one} value={one}>
          {say(`register.decision.${one}`)}
        </option>
      ))}
    </select>
  );
}

function Told({ row }: { row: ImportRow }) {
  const remarks = row.refused ? [row.refused] : row.notes;
  return (
    <>
      {row.twin && (
        <span>
          {say(`register.twin.${row.twin}`)}{" "}
          {row.twin_id !== null && row.twin_code && (
            <a href={addressOf("register", String(row.twin_id))}>{row.twin_code}</a>
          )}
        </span>
      )}
      {remarks.map((one) => (
        <span key={one.code + titleOf(one.text)}>{titleOf(one.text)} </span>
      ))}
      {row.refused && <span class="dim">{row.raw?.filter(Boolean).join(" · ")}</span>}
    </>
  );
}

function Line({ row, which, rest, decided }: Decided & { row: ImportRow; which: Which }) {
  return (
    <tr>
      <th scope="row" class="figure">
        {row.line}
      </th>
      <td>{row.code}</td>
      <td>{row.name}</td>
      <td class="figure">{row.place && `${row.place.lat.toFixed(5)}, ${row.place.lon.toFixed(5)}`}</td>
      <td class="cells">
        <Told row={row} />
      </td>
      {which === "twins" && (
        <td>
          <Decision row={row} rest={rest} decided={decided} />
        </td>
      )}
    </tr>
  );
}

function Table({ one, which, rest, decided }: Decided & { one: Import; which: Which }) {
  const { client } = useHouse();
  const shown = useSignal<ImportRow[]>([]);
  const after = useSignal<number | null>(null);
  async function page(from: number): Promise<ImportRow[]> {
    const found = await client.importRows(one.id, which, from);
    shown.value = from === 0 ? found.rows : [...shown.peek(), ...found.rows];
    after.value = found.after;
    return shown.peek();
  }
  const asked = useAsked(() => page(0), [one.id, which, one.job?.id]);
  const heads = [
    "line",
    "code",
    "name",
    "place",
    "said",
    ...(which === "twins" ? (["decision"] as const) : []),
  ] as const;
  return (
    <>
      <Alert>{asked.wrong.value}</Alert>
      <table class="import-rows">
        <thead>
          <tr>
            {heads.map((name) => (
              <th scope="col" key={name}>
                {say(`register.row.${name}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.value.map((row) => (
            <Line key={row.line} row={row} which={which} rest={rest} decided={decided} />
          ))}
        </tbody>
      </table>
      {after.value !== null && (
        <button type="button" class="wide" onClick={() => void page(after.peek() ?? 0)}>
          {say("calls.more")}
        </button>
      )}
    </>
  );
}

const COUNTS: Record<Which, readonly string[]> = {
  good: ["good"],
  twins: ["twins", "twins_in_file"],
  noted: ["noted"],
  refused: ["refused"],
};

/** The kinds of rows there are, and one of them as a table. */
export function Rows({ one, rest, decided }: Decided & { one: Import }) {
  const done = one.state === "done";
  const kinds = (["good", "twins", "noted", "refused"] as const)
    .map((which) => ({ which, n: COUNTS[which].reduce((sum, name) => sum + (one.counts[name] ?? 0), 0) }))
    .filter(({ which, n }) => n > 0 && (!done || which === "refused"));
  const chosen = useSignal<Which | null>(null);
  const which = chosen.value ?? kinds.find((kind) => kind.which === "twins")?.which ?? kinds[0]?.which;
  if (!which) return null;
  return (
    <section class="stack" aria-label={say("register.rows")}>
      <div class="line">
        {kinds.map((kind) => (
          <button
            type="button"
            key={kind.which}
            aria-pressed={kind.which === which}
            onClick={() => (chosen.value = kind.which)}
          >
            {say(`register.which.${kind.which}`, { n: kind.n })}
          </button>
        ))}
        {which === "twins" && (
          <label class="field">
            {say("register.rest")}
            <select value={rest.value} onChange={(told) => (rest.value = told.currentTarget.value as Duplicates)}>
              {DECISIONS.map((decision) => (
                <option key={decision} value={decision}>
                  {say(`register.decision.${decision}`)}
                </option>
              ))}
            </select>
          </label>
        )}
      </div>
      <Table one={one} which={which} rest={rest} decided={decided} />
    </section>
  );
}
