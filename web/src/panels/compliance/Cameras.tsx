/** Cameras by what comes of the rules: those that break most first, by one rule or all, a page at a time. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { addressOf } from "../../access/way";
import type { JudgedCamera, JudgedCameras, Rule, Verdict, Wanted } from "../../api/compliance";
import { say, sayOf, titleOf } from "../../words/words";
import { Alert } from "../Alert";
import { sentenceOf } from "../dialogs/trial";
import { useHouse } from "../house";
import { VERDICTS } from "./choice";

type Choose = (wanted: Partial<Wanted>) => void;

/** By which rule, and with which verdict. */
export function Sieve({ rules, wanted, choose }: { rules: readonly Rule[]; wanted: Wanted; choose: Choose }) {
  return (
    <>
      <label class="field">
        {say("compliance.verdicts")}
        <select value={wanted.verdict} onChange={(e) => choose({ verdict: e.currentTarget.value as Verdict | "" })}>
          <option value="">{say("compliance.any")}</option>
          {VERDICTS.map((one) => (
            <option key={one} value={one}>
              {sayOf("compliance.verdict", one)}
            </option>
          ))}
        </select>
      </label>
      <label class="field">
        {say("compliance.rule")}
        <select value={wanted.rule} onChange={(e) => choose({ rule: e.currentTarget.value })}>
          <option value="">{say("compliance.all_rules")}</option>
          {rules.map((rule) => (
            <option key={rule.name} value={rule.name}>
              {rule.article} · {titleOf(rule.title)}
            </option>
          ))}
        </select>
      </label>
    </>
  );
}

function Row({ camera, rules, open }: { camera: JudgedCamera; rules: Map<string, Rule>; open: boolean }) {
  const first = camera.breaks.map((name) => rules.get(name)).find(Boolean);
  return (
    <tr class={open ? "chosen" : ""}>
      <th scope="row">
        <a href={addressOf("compliance", String(camera.id))} aria-current={open ? "true" : undefined}>
          {titleOf(camera.name)} <span class="dim">{camera.code}</span>
        </a>
      </th>
      <td>{camera.owner ?? <span class="dim">{say("compliance.no_owner")}</span>}</td>
      <td class={camera.verdict}>{sayOf("compliance.verdict", camera.verdict)}</td>
      <td class="figure">{camera.breaks.length || "—"}</td>
      <td class="figure">{camera.cannot_tell.length || "—"}</td>
      <td class="dim">{first ? `${say("compliance.article", { n: first.article })} ${titleOf(first.title)}` : ""}</td>
    </tr>
  );
}

const COUNTED: ReadonlySet<string> = new Set(["breaks", "unknown"]);

function Table({
  cameras,
  rules,
  open,
}: {
  cameras: readonly JudgedCamera[];
  rules: readonly Rule[];
  open: number | null;
}) {
  const byName = new Map(rules.map((rule) => [rule.name, rule]));
  return (
    <table class="complying">
      <thead>
        <tr>
          {(["camera", "owner", "verdicts", "breaks", "unknown", "first"] as const).map((column) => (
            <th scope="col" class={COUNTED.has(column) ? "figure" : ""} key={column}>
              {say(`compliance.${column}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {cameras.map((camera) => (
          <Row key={camera.id} camera={camera} rules={byName} open={camera.id === open} />
        ))}
      </tbody>
    </table>
  );
}

/** The list; it grows by a page where somebody asks for more. */
export function Cameras({ wanted, rules, open }: { wanted: Wanted; rules: readonly Rule[]; open: number | null }) {
  const { client, desk } = useHouse();
  const found = useSignal<JudgedCameras | null>(null);
  const wrong = useSignal("");
  const turn = useSignal(0);
  async function read(past: number): Promise<void> {
    const own = ++turn.value;
    try {
      const page = await client.judgedCameras(wanted, past);
      if (own !== turn.peek()) return;
      const before = past > 0 ? (found.peek()?.cameras ?? []) : [];
      found.value = { ...page, cameras: [...before, ...page.cameras] };
      wrong.value = "";
    } catch (error) {
      if (own === turn.peek()) wrong.value = sentenceOf(error);
    }
  }
  const entered = desk.session.value?.entered.id;
  useEffect(() => {
    found.value = null;
    void read(0);
  }, [wanted.area_id, wanted.owner, wanted.rule, wanted.verdict, entered]);
  const told = found.value;
  const next = told?.next ?? null;
  return (
    <>
      <Alert>{wrong.value}</Alert>
      <p class="dim" role="status">
        {told ? say("compliance.found", { n: told.total }) : !wrong.value && say("loading")}
      </p>
      {told && told.cameras.length > 0 && <Table cameras={told.cameras} rules={rules} open={open} />}
      {next !== null && (
        <button type="button" class="wide" onClick={() => void read(next)}>
          {say("compliance.more")}
        </button>
      )}
    </>
  );
}
