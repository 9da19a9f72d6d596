/** A unit comes into use, or what it is called, carries and belongs to changes. */
import { useSignal } from "@preact/signals";
import type { EnrolledUnit } from "../../api/enrolment";
import { say, titleOf } from "../../words/words";
import { Alert } from "../Alert";
import { Buttons, Dialog } from "../dialogs/Dialog";
import { fieldsOf, useTrial } from "../dialogs/trial";
import { useHouse } from "../house";
import { useAsked } from "../page/asked";
import { AreaField } from "../page/fields";
import { useServiceTitle } from "../parts";
import { kindTitle } from "../sending/kinds";
import { changeOf, kindsOf, unitIn } from "./enrolment";

function Named({ name, label, hint, value }: { name: string; label: string; hint?: string; value?: string }) {
  return (
    <label class="field">
      {label}
      <input name={name} maxLength={64} autocomplete="off" spellcheck={false} defaultValue={value} required />
      {hint && <span class="dim">{hint}</span>}
    </label>
  );
}

/** Whose it is, and what: the kinds follow the service. */
function What({ unit }: { unit?: EnrolledUnit }) {
  const { desk } = useHouse();
  const title = useServiceTitle();
  const services = Object.keys(desk.document.value?.services ?? {});
  const service = useSignal(unit?.service ?? services[0] ?? "");
  const kinds = kindsOf(desk.document.value?.unit_kinds ?? {}, service.value, unit);
  return (
    <>
      <label class="field">
        {say("enrol.service")}
        <select
          name="service"
          value={service.value}
          disabled={unit?.bound}
          onChange={(chosen) => (service.value = chosen.currentTarget.value)}
        >
          {services.map((one) => (
            <option key={one} value={one}>
              {title(one)}
            </option>
          ))}
        </select>
      </label>
      <label class="field">
        {say("unit.kind")}
        <select name="kind" defaultValue={unit?.kind} key={service.value} required>
          {kinds.map((kind) => (
            <option key={kind} value={kind} selected={kind === unit?.kind}>
              {kindTitle(kind)}
            </option>
          ))}
        </select>
      </label>
    </>
  );
}

function StationField({ unit }: { unit?: EnrolledUnit }) {
  const { client } = useHouse();
  const asked = useAsked(client.stations);
  const stations = asked.value.value?.stations ?? [];
  const inOrder = [...stations].sort((one, other) => {
    return titleOf(one.name).localeCompare(titleOf(other.name), undefined, { numeric: true });
  });
  const elsewhere = unit?.station_id && !stations.some((one) => one.id === unit.station_id);
  return (
    <label class="field">
      {say("unit.station")}
      <select name="station_id">
        <option value="">{say("enrol.no_station")}</option>
        {elsewhere && (
          <option value={String(unit.station_id)} selected>
            {titleOf(unit.station)}
          </option>
        )}
        {inOrder.map((one) => (
          <option key={one.id} value={String(one.id)} selected={one.id === unit?.station_id}>
            {titleOf(one.name)}
          </option>
        ))}
      </select>
    </label>
  );
}

type Props = { unit?: EnrolledUnit; close: () => void; done: (unit: EnrolledUnit) => void };

/** The dialog. */
export function EditUnit({ unit, close, done }: Props) {
  const { client, desk } = useHouse();
  const { busy, wrong, attempt } = useTrial();
  async function keep(submitted: SubmitEvent): Promise<void> {
    const said = unitIn({ ...(unit?.bound && { service: unit.service }), ...fieldsOf(submitted) });
    const change = unit && changeOf(unit, said);
    if (change === null) return close();
    const kept = await attempt(() => (unit ? client.changeEnrolment(unit.id, change ?? {}) : client.enrolUnit(said)));
    if (!kept) return;
    desk.tell(say("saved"));
    done(kept.done);
    close();
  }
  return (
    <Dialog title={unit ? say("unit.change_title", { unit: unit.call_sign }) : say("enrol.make")} close={close}>
      <form onSubmit={keep}>
        <Named name="call_sign" label={say("enrol.call_sign")} value={unit?.call_sign} />
        <Named name="device" label={say("enrol.device")} hint={say("enrol.device_hint")} value={unit?.device} />
        <What unit={unit} />
        {!unit && (
          <label class="field">
            {say("unit.crew_count")}
            <input name="crew" type="number" min={0} max={100} defaultValue={2} required />
          </label>
        )}
        <AreaField label={say("enrol.home")} name="home_area_id" areas={desk.areas()} value={unit?.home_area_id} />
        <StationField unit={unit} />
        <Alert>{wrong.value}</Alert>
        <Buttons busy={busy.value} submit={say("save")} cancel={close} />
      </form>
    </Dialog>
  );
}
