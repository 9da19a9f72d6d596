/** What a camera looks for, its rules and masks, and the functions that there are for them. */
import type { Ask } from "./ask";
import type { Pixel } from "./calibration";
import type { Title } from "./types";

export const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export type Day = (typeof DAYS)[number];
/** By Almaty's clock, `HH:MM` to `24:00`; what ends before it begins reaches into the next day. */
export type Hours = { days?: readonly Day[]; since?: string; until?: string };
export type Mask = { polygon: readonly Pixel[]; kind?: "analysis" | "privacy"; why?: string; preset?: string | null };
export type Rule = {
  function: string;
  settings?: Readonly<Record<string, unknown>>;
  schedule?: readonly Hours[];
  masks?: readonly Mask[];
  /** The view of a PTZ camera in which alone it looks; none: in all. */
  preset?: string | null;
  name?: string;
};
export type RuledCamera = {
  id: number;
  code: string;
  name: Title;
  kind: string;
  width_px: number | null;
  height_px: number | null;
  calibration: string;
  preset: string | null;
  moving: boolean;
  rules: readonly Rule[];
  masks: readonly Mask[];
  rules_version: string;
};

/** The part of JSON Schema that settings are told in. */
export type Schema = {
  type?: string;
  description?: string;
  /** It counts only where other settings have these values. */
  goes_with?: Record<string, unknown>;
  default?: unknown;
  enum?: string[];
  minimum?: number;
  exclusiveMinimum?: number;
  maximum?: number;
  exclusiveMaximum?: number;
  minItems?: number;
  anyOf?: Schema[];
  items?: Schema | false;
  prefixItems?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  $ref?: string;
  $defs?: Record<string, Schema>;
};
/** How well it did on clips of one kind; `n` things to tell, shares from 0 to 1. */
export type Measured = {
  on: string;
  n: number;
  recall: number | null;
  delay_p95_s: number | null;
  false_alarms_per_camera_day: number;
  at_most_per_camera_day?: number | null;
  seconds?: number;
};
export type Card = { needs: Title; misses: Title; norm: string | null; measured: Measured[] };
export type CameraFunction = {
  name: string;
  title: Title;
  looks: "tracks" | "picture" | "both";
  unblinking: boolean;
  category: string | null;
  settings: Schema;
  card: Card | null;
};
export type Fault = { where: string; problem: Title };

/** Build the questions on a way to ask. */
export function ruleQuestions(ask: Ask) {
  return {
    cameraFunctions: () => ask<{ functions: CameraFunction[] }>("GET", "/api/video/functions"),
    ruledCamera: (id: number) => ask<RuledCamera>("GET", `/api/cameras/${id}`),
    giveRules: (id: number, rules: readonly Rule[], masks: readonly Mask[], based_on: string) =>
      ask<RuledCamera>("PUT", `/api/cameras/${id}/rules`, { body: { rules, masks, based_on } }),
  };
}
