/** Which units there are, as administration asks and is told. */
import type { Ask } from "./ask";
import type { Service, Title } from "./types";

/** A unit in use, or since when it is not; `device` is the id its tracker sends. */
export type EnrolledUnit = {
  id: number;
  call_sign: string;
  device: string;
  service: Service;
  kind: string;
  crew: number;
  bound: boolean;
  home_area_id: number;
  home: Title;
  station_id: number | null;
  station: Title | null;
  retired_at: string | null;
};
export type NewUnit = Pick<
  EnrolledUnit,
  "call_sign" | "device" | "service" | "kind" | "crew" | "home_area_id" | "station_id"
>;
export type EnrolmentChange = Partial<Omit<NewUnit, "crew">>;
export type Station = { id: number; kind: string; name: Title };

/** The questions of the client. */
export function enrolmentQuestions(ask: Ask) {
  return {
    enrolled: () => ask<{ units: EnrolledUnit[] }>("GET", "/api/units/enrolled"),
    stations: () => ask<{ stations: Station[] }>("GET", "/api/units/stations"),
    enrolUnit: (made: NewUnit) => ask<EnrolledUnit>("POST", "/api/units", { body: made }),
    changeEnrolment: (id: number, change: EnrolmentChange) =>
      ask<EnrolledUnit>("PATCH", `/api/units/enrolled/${id}`, { body: change }),
    retireUnit: (id: number) => ask<EnrolledUnit>("POST", `/api/units/enrolled/${id}/retire`, { body: {} }),
  };
}
