/** Incidents that another centre handed over as EIDO: each file is told what came of it. */
import { useSignal } from "@preact/signals";
import { addressOf } from "../../access/way";
import type { Imported } from "../../api/record";
import type { Incident } from "../../api/types";
import { say, sayOf } from "../../words/words";
import { sentenceOf } from "../dialogs/trial";
import { useHouse } from "../house";
import { Badge, Section, useCategoryTitle } from "../parts";
import { codeOf, type LeftOut, leftOut, readDocument } from "./outcome";

type Took = { imported: Imported; incident: Incident | null; code: string | null; left: LeftOut[] };
type Outcome = { file: string } & ({ took: Took } | { wrong: string });

/** What of a document became an incident, and what stays in the document alone. */
function Came({ took }: { took: Took }) {
  const category = useCategoryTitle();
  const { incident, code, left, imported } = took;
  if (!incident) return null;
  const beyond = left.filter(({ part }) => part === "notesComponent");
  if (!imported.opened)
    return (
      <>
        <p>{say("exchange.notes", { n: imported.notes })}</p>
        <Left parts={beyond} />
      </>
    );
  const strange = code !== null && incident.category !== code;
  return (
    <>
      <p>
        <Badge priority={incident.priority} size={18} /> {category(incident.category)}
        {incident.address && ` · ${incident.address}`} · {say("exchange.notes", { n: imported.notes })}
      </p>
      {strange && <p class="stale">{say("exchange.strange_category", { code })}</p>}
      <Left parts={left} />
    </>
  );
}

function Left({ parts }: { parts: LeftOut[] }) {
  if (parts.length === 0) return null;
  return (
    <p class="dim">
      {say("exchange.left")} {parts.map(({ part, count }) => `${sayOf("exchange.part", part)}: ${count}`).join(", ")}
    </p>
  );
}

function Row({ outcome }: { outcome: Outcome }) {
  const { desk } = useHouse();
  if ("wrong" in outcome)
    return (
      <li class="not-taken">
        <b>{outcome.file}</b>
        <p class="wrong">
          {say("exchange.not_taken")} {outcome.wrong}
        </p>
      </li>
    );
  const { imported } = outcome.took;
  function show(): void {
    location.hash = addressOf("desk");
    desk.openIncident(imported.incident_id);
  }
  return (
    <li>
      <b>{outcome.file}</b>
      <p>
        {say(imported.opened ? "exchange.opened_as" : "exchange.known_as")}{" "}
        <button type="button" class="link" onClick={show}>
          {imported.number}
        </button>
      </p>
      <Came took={outcome.took} />
    </li>
  );
}

/** The form, and under it what came of each file, the last one on top. */
export function ImportForm() {
  const { client } = useHouse();
  const outcomes = useSignal<Outcome[]>([]);
  const busy = useSignal(false);
  async function takeIn(file: File): Promise<Outcome> {
    const document = readDocument(await file.text());
    if (!document) return { file: file.name, wrong: say("exchange.not_json") };
    try {
      const imported = await client.importIncident(document);
      const incident = await client.incident(imported.incident_id).catch(() => null); // it came in all the same
      const left = leftOut(document, imported.left_out);
      return { file: file.name, took: { imported, incident, code: codeOf(document), left } };
    } catch (error) {
      return { file: file.name, wrong: sentenceOf(error) };
    }
  }
  async function take(chosen: { currentTarget: HTMLInputElement }): Promise<void> {
    const field = chosen.currentTarget;
    const files = [...(field.files ?? [])];
    busy.value = true;
    for (const file of files) outcomes.value = [await takeIn(file), ...outcomes.value];
    busy.value = false;
    field.value = ""; // the same file can be chosen again
  }
  return (
    <Section id="exchange-in" title={say("exchange.in")}>
      <p class="dim">{say("exchange.in_hint")}</p>
      <label class="field">
        {say("exchange.files")}
        <input
          type="file"
          accept=".json,application/json"
          multiple
          disabled={busy.value}
          onChange={(chosen) => void take(chosen)}
        />
      </label>
      <ul class="outcomes" aria-label={say("exchange.outcomes")} aria-live="polite" aria-busy={busy.value}>
        {outcomes.value.map((outcome, i) => (
          <Row key={outcomes.value.length - i} outcome={outcome} />
        ))}
      </ul>
    </Section>
  );
}
