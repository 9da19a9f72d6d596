/** Reports: one is asked for in a form, made beside the server, and taken home while it lies there. */
import { useEffect, useMemo } from "preact/hooks";
import { type AskedReport, FORMATS, type Format, fileOf, type Report } from "../../api/reports";
import { createReporting } from "../../desk/reporting";
import { clock, decimal } from "../../words/formats";
import { language, say, titleOf } from "../../words/words";
import { fieldsOf } from "../dialogs/trial";
import { useHouse } from "../house";

type Reporting = ReturnType<typeof createReporting>;
const MIB = 1024 * 1024;
const LANGUAGES = ["kk", "ru", "en"] as const;

function AskFor({ reporting }: { reporting: Reporting }) {
  const { surveying } = useHouse();
  const areas = surveying.coverage.value?.areas ?? [];
  function make(submitted: SubmitEvent): void {
    const { format, language: told, area } = fieldsOf(submitted);
    const of = { format: format as Format, language: told as AskedReport["language"] };
    void reporting.make({ ...of, purpose: surveying.purpose.value, area_id: area ? Number(area) : null });
  }
  return (
    <form class="stack" onSubmit={make}>
      <label class="field">
        <span>{say("reports.format")}</span>
        <select name="format">
          {FORMATS.map((one) => (
            <option key={one} value={one}>
              {say(`reports.about.${one}`)}
            </option>
          ))}
        </select>
      </label>
      {areas.length > 1 && (
        <label class="field">
          <span>{say("reports.area")}</span>
          <select name="area">
            {areas.map(({ area }) => (
              <option key={area.id} value={area.id}>
                {titleOf(area.name)}
              </option>
            ))}
          </select>
        </label>
      )}
      <label class="field">
        <span>{say("reports.language")}</span>
        <select name="language" defaultValue={language.value}>
          {LANGUAGES.map((one) => (
            <option key={one} value={one} selected={one === language.value}>
              {say(`reports.language.${one}`)}
            </option>
          ))}
        </select>
      </label>
      <button type="submit">{say("reports.make")}</button>
    </form>
  );
}

function Running({ one, reporting }: { one: Report; reporting: Reporting }) {
  const { done, total, begun_at, cancelled_at } = one.job;
  return (
    <>
      <progress aria-label={say("reports.making")} {...(begun_at && total ? { value: done, max: total } : {})} />
      <button type="button" disabled={cancelled_at !== null} onClick={() => void reporting.cancel(one)}>
        {say("reports.cancel")}
      </button>
    </>
  );
}

function Ended({ one }: { one: Report }) {
  const { outcome } = one.job;
  if (outcome === "cancelled" || outcome === "failed") return <span class="dim">{say(`reports.${outcome}`)}</span>;
  if (!one.file) return <span class="dim">{say("reports.gone")}</span>;
  return (
    <a class="link strong" href={fileOf(one)} download={one.file.name}>
      {say("reports.take", { mib: decimal(Math.max(0.1, one.file.bytes / MIB)) })}
    </a>
  );
}

function Line({ one, reporting }: { one: Report; reporting: Reporting }) {
  const { surveying } = useHouse();
  const purpose = surveying.coverage.value?.purposes.find((each) => each.name === one.purpose);
  const page = one.format === "html" || one.format === "pdf";
  const told = page ? [purpose ? titleOf(purpose.title) : one.purpose, say(`reports.language.${one.language}`)] : [];
  return (
    <li>
      <span class="what">
        <b>
          {say(`reports.format.${one.format}`)} · {titleOf(one.area.name)}
        </b>
        <span class="dim">{[...told, clock(one.job.asked_at), one.job.asked_by].join(" · ")}</span>
        {one.job.outcome === null ? <Running one={one} reporting={reporting} /> : <Ended one={one} />}
      </span>
    </li>
  );
}

/** The section. */
export function Reports() {
  const { client, desk, surveying } = useHouse();
  const reporting = useMemo(() => createReporting(client), [client]);
  const entered = surveying.coverage.value?.areas[0]?.area.id;
  useEffect(() => {
    void reporting.look();
    return reporting.leave;
  }, [reporting, entered]);
  const reports = reporting.reports.value.slice(0, 10);
  if (!desk.may("coverage.reports")) return null;
  return (
    <section class="inset stack" aria-label={say("reports.title")}>
      <h2>{say("reports.title")}</h2>
      {desk.may("coverage.report") && <AskFor reporting={reporting} />}
      <p class="wrong" role="alert">
        {reporting.wrong.value}
      </p>
      {reports.length > 0 && (
        <ul class="lines" aria-label={say("reports.list")} aria-live="polite">
          {reports.map((one) => (
            <Line key={one.job.id} one={one} reporting={reporting} />
          ))}
        </ul>
      )}
    </section>
  );
}
