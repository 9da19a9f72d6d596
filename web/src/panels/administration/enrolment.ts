/** What is found among the units there are, and what a form changed of one; pure. */
import type { EnrolledUnit, EnrolmentChange, NewUnit } from "../../api/enrolment";
import type { Language, Service, Title } from "../../api/types";

/** A unit as a list to search knows it: `name` is its call sign. */
export type ListedUnit = EnrolledUnit & { name: string };

/** Those in use first, then those that are not; each by call sign. */
export function listedUnits(units: readonly EnrolledUnit[]): ListedUnit[] {
  const out = (unit: EnrolledUnit) => (unit.retired_at ? 1 : 0);
  return units
    .map((unit) => ({ ...unit, name: unit.call_sign }))
    .sort((one, other) => out(one) - out(other) || one.name.localeCompare(other.name, undefined, { numeric: true }));
}

/** Every word that is sought stands in the call sign, the device, the kind, the station or the home's name. */
export function foundUnits(units: readonly ListedUnit[], sought: string, language: Language): ListedUnit[] {
  const words = sought.toLocaleLowerCase().split(/\s+/);
  const text = (unit: ListedUnit) =>
    [unit.call_sign, unit.device, unit.kind, unit.home[language], unit.station?.[language]]
      .join(" ")
      .toLocaleLowerCase();
  return units.filter((unit) => words.every((word) => text(unit).includes(word)));
}

/** The fields of the form as a unit. */
export function unitIn(fields: Record<string, string>): NewUnit {
  const { call_sign = "", device = "", service = "", kind = "", crew = "2", home_area_id = "", station_id } = fields;
  return {
    call_sign: call_sign.trim(),
    device: device.trim(),
    service,
    kind,
    crew: Number(crew),
    home_area_id: Number(home_area_id),
    station_id: station_id ? Number(station_id) : null,
  };
}

/** What differs; null where nothing does. How many ride in it is changed elsewhere. */
export function changeOf(unit: EnrolledUnit, { crew: _, ...said }: NewUnit): EnrolmentChange | null {
  const differs = Object.entries(said).filter(([name, value]) => unit[name as keyof typeof said] !== value);
  return differs.length === 0 ? null : Object.fromEntries(differs);
}

/** The kinds that a service has; the own one is always among them. */
export function kindsOf(
  known: Record<string, { title: Title; service: Service }>,
  service: Service,
  own?: EnrolledUnit,
): string[] {
  const kinds = Object.keys(known).filter((kind) => known[kind]?.service === service);
  return own && own.service === service && !kinds.includes(own.kind) ? [own.kind, ...kinds] : kinds;
}
