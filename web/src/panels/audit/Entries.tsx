/** The entries that were found: one line each, and the whole of one under it. */
import { useSignal } from "@preact/signals";
import { Fragment } from "preact";
import type { AuditEntry } from "../../api/access";
import { clock, date } from "../../words/formats";
import { say, sayOf, titleOf } from "../../words/words";

/** What was looked at or done to, `incident № 12`. */
function objectOf({ layer, object_id }: AuditEntry): string {
  if (layer === null) return "—";
  return object_id === null ? sayOf("object", layer) : `${sayOf("object", layer)} №\u00a0${object_id}`;
}

/** Why: the incident or the reason that was said. */
function purposeOf({ purpose }: AuditEntry): string {
  if (!purpose) return "—";
  return purpose.reason ?? say("audit.for_incident", { n: purpose.incident ?? "" });
}

/** The details whose values the windows have words for: name and family. */
const SAID: Record<string, string> = { role: "role", kind: "source.kind", outcome: "audit.outcome" };

/** A detail as a person reads it. */
export function plain(value: unknown, name = ""): string {
  if (value === null || value === undefined) return "—";
  if (typeof value === "boolean") return say(value ? "yes" : "no");
  const family = SAID[name];
  if (family && typeof value === "string") return sayOf(family, value);
  if (Array.isArray(value)) return value.map((one) => plain(one)).join(", ");
  if (typeof value !== "object") return String(value);
  return Object.entries(value)
    .map(([name, part]) => `${sayOf("detail", name)}: ${plain(part, name)}`)
    .join("; ");
}

function Outcome({ entry }: { entry: AuditEntry }) {
  const done = entry.outcome === "done";
  return <span class={`status ${done ? "free" : "sent"}`}>{sayOf("audit.outcome", entry.outcome)}</span>;
}

function Whole({ entry }: { entry: AuditEntry }) {
  const facts: [string, string][] = [
    [say("audit.number"), String(entry.id)],
    [say("audit.operation_code"), entry.operation],
    [say("audit.purpose"), purposeOf(entry)],
    [say("audit.origin"), entry.origin ?? "—"],
    ...(entry.code ? [[say("audit.code"), entry.code] as [string, string]] : []),
    ...Object.entries(entry.details).map(([name, value]): [string, string] => [
      sayOf("detail", name),
      plain(value, name),
    ]),
  ];
  return (
    <dl class="facts">
      {facts.map(([name, value]) => (
        <Fragment key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </Fragment>
      ))}
    </dl>
  );
}

function Row({ entry }: { entry: AuditEntry }) {
  const open = useSignal(false);
  const id = `entry-${entry.id}`;
  return (
    <>
      <tr class={open.value ? "on" : ""}>
        <td>
          <button
            type="button"
            class="link"
            aria-expanded={open.value}
            aria-controls={id}
            onClick={() => (open.value = !open.value)}
          >
            <span class="turn" aria-hidden="true">
              ▸
            </span>
            <time dateTime={entry.at}>{`${date(entry.at)}, ${clock(entry.at, true)}`}</time>
          </button>
        </td>
        <th scope="row">
          {entry.who || "—"}
          <span class="dim">
            {" "}
            {[entry.role && sayOf("role", entry.role), titleOf(entry.area?.name)].filter(Boolean).join(" · ")}
          </span>
        </th>
        <td>{sayOf("operation", entry.operation)}</td>
        <td>{objectOf(entry)}</td>
        <td class="why">{purposeOf(entry)}</td>
        <td>
          <Outcome entry={entry} />
        </td>
      </tr>
      <tr class="whole" id={id} hidden={!open.value}>
        <td colSpan={6}>{open.value && <Whole entry={entry} />}</td>
      </tr>
    </>
  );
}

/** The table. */
export function Entries({ entries }: { entries: readonly AuditEntry[] }) {
  return (
    <table class="audit">
      <thead>
        <tr>
          <th scope="col">{say("audit.at")}</th>
          <th scope="col">{say("audit.who")}</th>
          <th scope="col">{say("audit.operation")}</th>
          <th scope="col">{say("audit.object")}</th>
          <th scope="col">{say("audit.purpose")}</th>
          <th scope="col">{say("audit.outcome")}</th>
        </tr>
      </thead>
      <tbody>
        {entries.map((entry) => (
          <Row key={entry.id} entry={entry} />
        ))}
      </tbody>
    </table>
  );
}
