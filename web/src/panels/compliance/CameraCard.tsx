/** One camera by every rule: meets, breaks with what would mend it, or cannot be told, and why. */
import { addressOf } from "../../access/way";
import type { CameraCompliance, Finding, Verdict } from "../../api/compliance";
import { date } from "../../words/formats";
import { say, sayOf, titleOf } from "../../words/words";
import { Alert } from "../Alert";
import { useHouse } from "../house";
import { useAnswer } from "../page/asked";

const IN_ORDER: readonly Verdict[] = ["breaks", "cannot_tell", "meets"];

function Fact({ finding }: { finding: Finding }) {
  if (!finding.shown) return null;
  const value = titleOf(finding.shown);
  return (
    <p>
      {finding.at_most ? say("compliance.at_most", { value }) : value}{" "}
      <span class="dim">· {titleOf(finding.source_title)}</span>
    </p>
  );
}

function One({ finding }: { finding: Finding }) {
  const { rule, because, mend } = finding;
  return (
    <li>
      <p>
        <span class="dim">{say("compliance.article", { n: rule.article })}</span> {titleOf(rule.title)}
      </p>
      <Fact finding={finding} />
      {because && (
        <p class="because">
          {say("compliance.because")} {titleOf(because)}
        </p>
      )}
      {mend && (
        <p class="mend">
          <b>{say("compliance.mend")}</b> {titleOf(mend.title)}
        </p>
      )}
    </li>
  );
}

function Findings({ verdict, findings }: { verdict: Verdict; findings: readonly Finding[] }) {
  const those = findings.filter((one) => one.verdict === verdict);
  if (those.length === 0) return null;
  const title = `${sayOf("compliance.verdict", verdict)}: ${those.length}`;
  return (
    <section aria-label={title}>
      <h4 class={verdict}>{title}</h4>
      <ul class="findings">
        {those.map((one) => (
          <One key={one.rule.name} finding={one} />
        ))}
      </ul>
    </section>
  );
}

function Register({ told }: { told: CameraCompliance }) {
  const { camera } = told;
  const lines: readonly (readonly [string, string])[] = [
    [say("compliance.owner"), camera.owner ?? say("compliance.no_owner")],
    [say("compliance.installed"), told.installed_on ? date(told.installed_on) : "—"],
    [say("compliance.deadline"), titleOf(camera.deadline.title)],
    [say("compliance.modules"), told.modules.map((one) => sayOf("compliance.module", one)).join(", ") || "—"],
  ];
  return (
    <>
      <dl class="counters">
        {lines.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {told.gaps.length > 0 && (
        <p class="hint">
          {say("compliance.lacks")} {told.gaps.map((one) => titleOf(one.title)).join(", ")}
        </p>
      )}
    </>
  );
}

/** Beside the list. */
export function CameraCard({ id }: { id: number }) {
  const { client, desk } = useHouse();
  const { found, wrong } = useAnswer(() => client.cameraCompliance(id), [id]);
  const name = found ? titleOf(found.camera.name) || found.camera.code : say("compliance.camera");
  return (
    <section class="detail complied" aria-label={name} aria-busy={!found && !wrong.value}>
      <header>
        <div>
          <h3>
            {name} {found && <span class="dim">{found.camera.code}</span>}
          </h3>
          {found && <span class={found.camera.verdict}>{sayOf("compliance.verdict", found.camera.verdict)}</span>}
        </div>
        <a class="button quiet" href={addressOf("compliance", "cameras")} aria-label={say("close_panel")}>
          ✕
        </a>
      </header>
      <div class="scrolls" tabIndex={0} role="group" aria-label={name}>
        <Alert>{wrong.value}</Alert>
        {!found && !wrong.value && <p class="empty">{say("loading")}</p>}
        {found && (
          <>
            <p class="acts">
              <a class="button" href={addressOf("desk")} onClick={() => desk.flyTo(found.camera.place, 17)}>
                {say("show_on_map")}
              </a>
            </p>
            <Register told={found} />
            {IN_ORDER.map((verdict) => (
              <Findings key={verdict} verdict={verdict} findings={found.findings} />
            ))}
          </>
        )}
      </div>
    </section>
  );
}
