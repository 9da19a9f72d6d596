/** The rules of installation (Almaty 213): the report by area, owner, year and rule, cameras, and each by every rule. */
import { type Signal, useSignal } from "@preact/signals";
import { addressOf, way } from "../../access/way";
import type { Report, Wanted } from "../../api/compliance";
import { language, say, titleOf } from "../../words/words";
import { Alert } from "../Alert";
import { useTrial } from "../dialogs/trial";
import { useHouse } from "../house";
import { useAnswer } from "../page/asked";
import { Page } from "../page/Page";
import { save } from "../save";
import { CameraCard } from "./CameraCard";
import { Cameras, Sieve } from "./Cameras";
import { ALL, cameraOf, PARTS, partOf } from "./choice";
import { ReportPart } from "./Report";

const EVERYONE = "*"; // no owner is called so: a name is told trimmed, and this stands for all of them

/** Whose cameras: an area and all below it, an owner. */
function Whose({ wanted, owners }: { wanted: Signal<Wanted>; owners: readonly (string | null)[] }) {
  const { desk } = useHouse();
  const { area_id, owner } = wanted.value;
  const chosen = owner === null ? EVERYONE : owner;
  const known = owner && !owners.includes(owner) ? [...owners, owner] : owners;
  return (
    <>
      <label class="field">
        {say("compliance.area")}
        <select
          value={area_id ?? ""}
          onChange={(e) => (wanted.value = { ...wanted.peek(), area_id: Number(e.currentTarget.value) || undefined })}
        >
          <option value="">{titleOf(desk.session.value?.entered.name)}</option>
          {desk
            .areas()
            .filter((one) => one.id !== desk.session.value?.entered.id)
            .map((one) => (
              <option key={one.id} value={one.id}>
                {titleOf(one.name)}
              </option>
            ))}
        </select>
      </label>
      <label class="field">
        {say("compliance.owner")}
        <select
          value={chosen}
          onChange={(e) => {
            const name = e.currentTarget.value;
            wanted.value = { ...wanted.peek(), owner: name === EVERYONE ? null : name };
          }}
        >
          <option value={EVERYONE}>{say("compliance.all_owners")}</option>
          {known.map((one) => (
            <option key={one ?? ""} value={one ?? ""}>
              {one ?? say("compliance.no_owner")}
            </option>
          ))}
        </select>
      </label>
    </>
  );
}

function Sum({ report }: { report: Report }) {
  const { counts } = report;
  return (
    <p class="sum" role="status">
      {say("compliance.sum", { n: counts.cameras })} <b class="breaks">{counts.breaks}</b>{" "}
      {say("compliance.sum_breaks")}, <b class="cannot_tell">{counts.cannot_tell}</b> {say("compliance.sum_unknown")},{" "}
      <b class="meets">{counts.meets}</b> {say("compliance.sum_meets")}
    </p>
  );
}

/** The page. */
export function CompliancePage() {
  const { client, desk, now } = useHouse();
  const trial = useTrial();
  const wanted = useSignal<Wanted>(ALL);
  const [part, camera] = [partOf(way.value.part), cameraOf(way.value.part)];
  const { area_id, owner } = wanted.value;
  const entered = desk.session.value?.entered.id;
  const { found, wrong } = useAnswer(() => client.compliance({ area_id, owner }), [area_id, owner, entered]);
  const owners = useSignal<readonly (string | null)[]>([]);
  if (found && owner === null && area_id === undefined) {
    const names = [...new Set(found.owners.map((one) => one.owner))];
    if (names.join("\n") !== owners.peek().join("\n")) owners.value = names;
  }
  async function take(): Promise<void> {
    const answer = await trial.attempt(() => client.complianceFile({ area_id, owner }, language.value));
    if (answer) save(answer.done, `qyran-compliance-${new Date(now.value).toISOString().slice(0, 10)}.xlsx`);
  }
  function choose(more: Partial<Wanted>): void {
    wanted.value = { ...wanted.peek(), ...more };
    if (part !== "cameras") location.hash = addressOf("compliance", "cameras");
  }
  const aside = desk.may("compliance.export") && (
    <button type="button" disabled={trial.busy.value} onClick={() => void take()}>
      {say("compliance.export")}
    </button>
  );
  const rules = found?.rules.map((one) => one.rule) ?? [];
  return (
    <Page
      page="compliance"
      title={say("page.compliance")}
      parts={PARTS.map((name) => ({ name, title: say(`compliance.by_${name}`) }))}
      part={part}
      aside={aside}
    >
      <form class="sieve" aria-label={say("compliance.choose")} onSubmit={(submitted) => submitted.preventDefault()}>
        <Whose wanted={wanted} owners={owners.value} />
        {part === "cameras" && <Sieve rules={rules} wanted={wanted.value} choose={choose} />}
      </form>
      <Alert>{trial.wrong.value || wrong.value}</Alert>
      {found && <Sum report={found} />}
      <div class="master">
        <div
          class="scrolls"
          tabIndex={0}
          role="group"
          aria-label={say("page.compliance")}
          aria-busy={!found && !wrong.value}
        >
          {!found && !wrong.value && <p class="empty">{say("loading")}</p>}
          {found && part !== "cameras" && <ReportPart part={part} report={found} choose={choose} />}
          {found && part === "cameras" && <Cameras wanted={wanted.value} rules={rules} open={camera} />}
        </div>
        {camera !== null && <CameraCard key={camera} id={camera} />}
      </div>
      <p class="dim">{say("compliance.how")}</p>
    </Page>
  );
}
