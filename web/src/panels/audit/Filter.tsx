/** What the audit is searched by. */
import { useSignal } from "@preact/signals";
import { language, say, sayOf, WORDS } from "../../words/words";
import { fieldsOf } from "../dialogs/trial";
import { SpanFields } from "../page/fields";
import { type Sought, SPANS, type Span } from "./filter";

const FAMILY = "operation.";
const OUTCOMES = ["done", "refused"] as const;
const LAYERS = [
  "incidents",
  "events",
  "units",
  "dispatches",
  "callers",
  "accounts",
  "sessions",
  "sources",
  "grants",
  "hotlist",
];

/** The operations that the windows have words for, by their titles. */
function operations(): { name: string; title: string }[] {
  const names = Object.keys(WORDS.kk).filter((word) => word.startsWith(FAMILY));
  const named = names
    .map((word) => word.slice(FAMILY.length))
    .map((name) => ({ name, title: sayOf("operation", name) }));
  return named.sort((a, b) => a.title.localeCompare(b.title, language.value === "en" ? "en" : "ru"));
}

/** The form; `seek` is told at each submit. */
export function Filter({ seek }: { seek: (sought: Sought) => void }) {
  const span = useSignal<Span>("24h");
  function submit(submitted: SubmitEvent): void {
    const { from = "", to = "", who = "", operation = "", layer = "", number = "", outcome = "" } = fieldsOf(submitted);
    seek({ span: span.value, from, to, who, operation, object: layer && `${layer} ${number}`, outcome });
  }
  return (
    <form class="sieve" role="search" aria-label={say("audit.filter")} onSubmit={submit}>
      <SpanFields
        label={say("audit.span")}
        spans={SPANS}
        value={span.value}
        change={(chosen) => (span.value = chosen)}
      />
      <label class="field">
        {say("audit.who")}
        <input type="search" name="who" maxLength={64} autocomplete="off" spellcheck={false} />
      </label>
      <label class="field">
        {say("audit.operation")}
        <select name="operation">
          <option value="">{say("audit.any")}</option>
          {operations().map(({ name, title }) => (
            <option key={name} value={name}>
              {title}
            </option>
          ))}
        </select>
      </label>
      <label class="field">
        {say("audit.object")}
        <span class="line">
          <select name="layer">
            <option value="">{say("audit.any")}</option>
            {LAYERS.map((layer) => (
              <option key={layer} value={layer}>
                {sayOf("object", layer)}
              </option>
            ))}
          </select>
          <input
            class="number"
            name="number"
            inputMode="numeric"
            pattern="[0-9]*"
            aria-label={say("audit.number")}
            placeholder="№"
          />
        </span>
      </label>
      <label class="field">
        {say("audit.outcome")}
        <select name="outcome">
          <option value="">{say("audit.any")}</option>
          {OUTCOMES.map((outcome) => (
            <option key={outcome} value={outcome}>
              {sayOf("audit.outcome", outcome)}
            </option>
          ))}
        </select>
      </label>
      <button type="submit" class="primary">
        {say("audit.seek")}
      </button>
    </form>
  );
}
