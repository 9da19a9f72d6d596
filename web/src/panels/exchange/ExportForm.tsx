/** The incidents of an interval, taken home as a table or for a map. */

import { useSignal } from "@preact/signals";
import { ENDINGS, TABLE_FORMATS, type TableFormat } from "../../api/record";
import { language, say, sayOf, titleOf } from "../../words/words";
import { Alert } from "../Alert";
import { instant, SPANS, type Span, spanOf } from "../audit/filter";
import { fieldsOf, useTrial } from "../dialogs/trial";
import { useHouse } from "../house";
import { SpanFields } from "../page/fields";
import { Section } from "../parts";
import { save } from "../save";

const OFFERED = SPANS.filter((span) => span !== "all"); // the server hands out a year at most
const day = (at: string) => at.slice(0, 10);

/** The interval that was chosen, with no end where it ends now; null where it was typed and is none. */
function interval(span: Span, fields: Record<string, string>, now_ms: number): { from: string; to?: string } | null {
  if (span !== "own") return { from: spanOf(span, now_ms) ?? "" };
  const [from, to] = [instant(fields.from ?? ""), instant(fields.to ?? "")];
  return from && to ? { from, to } : null;
}

/** The form. */
export function ExportForm() {
  const { client, desk, now } = useHouse();
  const trial = useTrial();
  const span = useSignal<Span>("24h");
  const entered = desk.session.value?.entered;
  async function take(submitted: SubmitEvent): Promise<void> {
    const fields = fieldsOf(submitted);
    const asked = interval(span.value, fields, now.peek());
    const format = fields.format as TableFormat;
    if (!asked) return;
    const file = await trial.attempt(() => client.exportIncidents(asked.from, asked.to, format, language.value));
    const to = asked.to ?? new Date(now.peek()).toISOString();
    if (file) save(file.done, `incidents-${day(asked.from)}-${day(to)}.${ENDINGS[format]}`);
  }
  return (
    <Section id="exchange-out" title={say("exchange.out")}>
      <p class="dim">{say("exchange.out_hint", { area: titleOf(entered?.name) })}</p>
      <form class="sieve" onSubmit={take} aria-label={say("exchange.out")}>
        <SpanFields
          label={say("exchange.opened")}
          spans={OFFERED}
          value={span.value}
          change={(chosen) => (span.value = chosen)}
          required
        />
        <label class="field">
          {say("exchange.format")}
          <select name="format">
            {TABLE_FORMATS.map((format) => (
              <option key={format} value={format}>
                {sayOf("record.format", format)}
              </option>
            ))}
          </select>
        </label>
        <button type="submit" class="primary" disabled={trial.busy.value}>
          {say("exchange.take")}
        </button>
      </form>
      <Alert>{trial.wrong.value}</Alert>
    </Section>
  );
}
