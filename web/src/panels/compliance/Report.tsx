/** The report as tables: by area, owner, year and rule, and what the registers lack; each figure opens its cameras. */
import type { ComponentChildren } from "preact";
import type { Counts, Report, Wanted } from "../../api/compliance";
import { say, sayOf, titleOf } from "../../words/words";
import { depths, inTree, type PartName, percent, VERDICTS } from "./choice";

type Choose = (wanted: Partial<Wanted>) => void;

function Figures({ counts, name, of, choose }: { counts: Counts; name: string; of: Partial<Wanted>; choose: Choose }) {
  const met = percent(counts);
  return (
    <>
      <td class="figure">{counts.cameras}</td>
      {VERDICTS.map((verdict) => (
        <td class={`figure ${counts[verdict] > 0 ? verdict : ""}`} key={verdict}>
          {counts[verdict] > 0 ? (
            <button
              type="button"
              class="link"
              aria-label={`${name}: ${sayOf("compliance.verdict", verdict)}, ${counts[verdict]}`}
              onClick={() => choose({ ...of, verdict })}
            >
              {counts[verdict]}
            </button>
          ) : (
            "—"
          )}
        </td>
      ))}
      <td class="figure">{met === null ? "—" : `${met} %`}</td>
    </>
  );
}

function Table({ what, children }: { what: string; children: ComponentChildren }) {
  return (
    <table class="complying">
      <thead>
        <tr>
          <th scope="col">{what}</th>
          <th scope="col" class="figure">
            {say("compliance.cameras")}
          </th>
          {VERDICTS.map((verdict) => (
            <th scope="col" class="figure" key={verdict}>
              {sayOf("compliance.verdict", verdict)}
            </th>
          ))}
          <th scope="col" class="figure">
            {say("compliance.met")}
          </th>
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  );
}

function Areas({ report, choose }: { report: Report; choose: Choose }) {
  const areas = inTree(report.areas, (one) => titleOf(one.area.name));
  const deep = depths(areas);
  return (
    <Table what={say("compliance.area")}>
      {areas.map(({ area, counts }) => (
        <tr key={area.id}>
          <th scope="row" class={`depth-${deep.get(area.id)}`}>
            {titleOf(area.name)}
          </th>
          <Figures counts={counts} name={titleOf(area.name)} of={{ area_id: area.id }} choose={choose} />
        </tr>
      ))}
    </Table>
  );
}

function Owners({ report, choose }: { report: Report; choose: Choose }) {
  return (
    <Table what={say("compliance.owner")}>
      {report.owners.map(({ owner, owner_kind, counts }) => (
        <tr key={`${owner} ${owner_kind}`}>
          <th scope="row">
            {owner ?? say("compliance.no_owner")} <span class="dim">{sayOf("compliance.owner_kind", owner_kind)}</span>
          </th>
          <Figures
            counts={counts}
            name={owner ?? say("compliance.no_owner")}
            of={{ owner: owner ?? "" }}
            choose={choose}
          />
        </tr>
      ))}
    </Table>
  );
}

/** Years are counted alone: a list of cameras is not asked for by them. */
function Years({ report }: { report: Report }) {
  return (
    <Table what={say("compliance.year")}>
      {report.years.map(({ year, why, title, counts }) => (
        <tr key={`${year} ${why}`}>
          <th scope="row">
            {year ?? "—"} <span class="dim">{titleOf(title)}</span>
          </th>
          <td class="figure">{counts.cameras}</td>
          {VERDICTS.map((verdict) => (
            <td class={`figure ${counts[verdict] > 0 ? verdict : ""}`} key={verdict}>
              {counts[verdict] || "—"}
            </td>
          ))}
          <td class="figure">{percent(counts) === null ? "—" : `${percent(counts)} %`}</td>
        </tr>
      ))}
    </Table>
  );
}

function Rules({ report, choose }: { report: Report; choose: Choose }) {
  return (
    <Table what={say("compliance.rule")}>
      {report.rules.map(({ rule, counts }) => (
        <tr key={rule.name}>
          <th scope="row">
            <span class="dim">{say("compliance.article", { n: rule.article })}</span> {titleOf(rule.title)}
            {rule.of !== "every" && <span class="dim"> · {sayOf("compliance.module", rule.of)}</span>}
          </th>
          <Figures counts={counts} name={titleOf(rule.title)} of={{ rule: rule.name }} choose={choose} />
        </tr>
      ))}
    </Table>
  );
}

function Gaps({ report }: { report: Report }) {
  const most = report.counts.cameras;
  return (
    <table class="complying">
      <thead>
        <tr>
          <th scope="col">{say("compliance.gap")}</th>
          <th scope="col" class="figure">
            {say("compliance.cameras")}
          </th>
          <th scope="col" class="figure">
            {say("compliance.of_all")}
          </th>
        </tr>
      </thead>
      <tbody>
        {[...report.gaps]
          .sort((a, b) => b.cameras - a.cameras)
          .map((gap) => (
            <tr key={gap.name}>
              <th scope="row">{titleOf(gap.title)}</th>
              <td class="figure">{gap.cameras}</td>
              <td class="figure">{Math.ceil((100 * gap.cameras) / most)} %</td>
            </tr>
          ))}
      </tbody>
    </table>
  );
}

/** The part of the report that is looked at. */
export function ReportPart({ part, report, choose }: { part: PartName; report: Report; choose: Choose }) {
  if (report.counts.cameras === 0) return <p class="empty">{say("compliance.none")}</p>;
  if (part === "owners") return <Owners report={report} choose={choose} />;
  if (part === "years") return <Years report={report} />;
  if (part === "rules") return <Rules report={report} choose={choose} />;
  if (part === "gaps") return <Gaps report={report} />;
  return <Areas report={report} choose={choose} />;
}
