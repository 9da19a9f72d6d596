/** Who looked at what and why, and who did what: searched, read, and taken home. Searching is itself written down. */

import { useEffect } from "preact/hooks";
import { language, say, sayOf } from "../../words/words";
import { Alert } from "../Alert";
import { useTrial } from "../dialogs/trial";
import { useHouse } from "../house";
import { Page } from "../page/Page";
import { save } from "../save";
import { Entries } from "./Entries";
import { Filter } from "./Filter";
import { filterOf, type Sought } from "./filter";
import { useSearch } from "./search";

const AT_FIRST: Sought = { span: "24h", from: "", to: "", who: "", operation: "", object: "", outcome: "" };

/** Whether what was written is sealed: the part of health that the sealer tells. */
function Seal() {
  const { health } = useHouse();
  const part = health.told.value?.parts.find((one) => one.name === "audit");
  if (!part) return null;
  return (
    <span
      class={`seal ${part.state}`}
      title={part.detail}
      role="img"
      aria-label={`${sayOf("seal", part.state)}. ${part.detail}`}
    >
      <i aria-hidden="true" />
      {sayOf("seal", part.state)}
    </span>
  );
}

/** The page. */
export function AuditPage() {
  const { client, desk, health, now } = useHouse();
  const trial = useTrial();
  const search = useSearch(filterOf(AT_FIRST, now.peek()));
  const seek = (sought: Sought) => search.seek(filterOf(sought, now.value));
  async function take(): Promise<void> {
    const answer = await trial.attempt(() => client.auditFile(search.filter.value, language.value));
    if (answer) save(answer.done, `qyran-audit-${new Date(now.value).toISOString().slice(0, 10)}.csv`);
  }
  const entered = desk.session.value?.entered.id;
  useEffect(() => {
    search.seek();
    void health.refresh();
  }, [entered]);
  const found = search.entries.value;
  const aside = (
    <>
      <Seal />
      {desk.may("audit.export") && (
        <button type="button" disabled={trial.busy.value} onClick={take}>
          {say("audit.export")}
        </button>
      )}
    </>
  );
  return (
    <Page page="audit" title={say("page.audit")} aside={aside}>
      <Filter seek={seek} />
      <Alert>{trial.wrong.value || search.wrong.value}</Alert>
      <div class="scrolls" tabIndex={0} role="group" aria-label={say("page.audit")} aria-busy={search.busy.value}>
        {found && found.length > 0 && <Entries entries={found} />}
        {found?.length === 0 && <p class="empty">{say("audit.none")}</p>}
        {search.next.value !== null && (
          <button type="button" class="wide" disabled={search.busy.value} onClick={search.more}>
            {say("audit.more")}
          </button>
        )}
      </div>
      <p class="dim" aria-live="polite">
        {found && say("audit.shown", { n: found.length })}
      </p>
    </Page>
  );
}
