/** Places by what somebody types, and what stands at a place. */
import { query } from "./access_client";
import type { Ask } from "./ask";
import type { Area, Place, Title } from "./types";

export type FoundPlace = {
  kind: "address" | "street" | "crossing" | "place" | "area" | "common_name" | "coordinates";
  title: Title;
  detail: Title;
  place: Place;
  extent: { west: number; south: number; east: number; north: number } | null;
  score: number;
  area: Area | null;
  address_id: number | null;
};
export type NearbyPlace = {
  title: Title;
  place: Place;
  away_m: number;
  address_id: number | null;
  common_name: string | null;
};
export type Around = { address: NearbyPlace | null; street: NearbyPlace | null; crossing: NearbyPlace | null };

const MOST = 8; // what is read at a glance

/** Build the questions on a way to ask. */
export function geocodeQuestions(ask: Ask) {
  return {
    findPlaces: (q: string, near: Place | null, signal?: AbortSignal) =>
      ask<{ found: FoundPlace[] }>(
        "GET",
        `/api/geocode${query({ q, near: near ? `${near.lon},${near.lat}` : undefined, limit: MOST })}`,
        { signal },
      ),
    around: (place: Place) => ask<Around>("GET", `/api/geocode/reverse${query({ lon: place.lon, lat: place.lat })}`),
  };
}
