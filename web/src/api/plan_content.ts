/** What one version of the plans holds, as it travels; a plan is made of parts, and each part only ever adds. */
import type { Priority, Question, Service, Title } from "./types";

export type Urgency = "I" | "II" | "III" | "IV";
export type ClockName = "answer" | "process" | "turnout" | "travel" | "on_scene";
export type Near = "school" | "hospital" | "hazard_site" | "tunnel" | "water";
export type Titled = { title: Title };
export type Named = Titled & { name: string };
/** So many units of a service: of any of the kinds (none: of any kind), with all of the skills. */
export type NeedEntry = { service: Service; count: number; kinds: string[]; skills: string[] };
export type PartEntry = { needs: NeedEntry[]; told: string[]; checklists: string[]; asks: string[] };
export type CategoryEntry = Titled & { group: string; priority: Priority; asks: string[]; urgency: Urgency | null };
export type QuestionEntry = Titled & { answer: Question["answer"]; choices: Named[] };
export type ChecklistEntry = Titled & { steps: Named[] };
/** It warns when that share of its seconds has passed. */
export type TargetEntry = {
  clock: ClockName;
  service: Service | null;
  seconds: number;
  warn_share: number;
  source: string;
  /** The code of the area that it counts in; null: wherever no nearer one does. */
  area?: string | null;
};
export type UrgencyEntry = { urgency: Record<Urgency, number>; urgency_source: string };
/** Hours `HH:MM` from–to, days 1 (Monday) – 7, months 1–12, all by the wall clock. */
export type TimeEntry = Titled & { hours: [string, string][]; days: number[]; months: number[] };
export type ReactionEntry = PartEntry & {
  because: Title;
  near: Near | null;
  during: string | null;
  alarm_up: number;
  priority: Priority | null;
};
export type StrainEntry = PartEntry & { groups: string[]; up_to_priority: Priority; alarm_up: number };
export type RegimeEntry = Titled & { about: Title; strains: StrainEntry[] };
/** The first level is sent at once, each further one adds to those before it; both radii in metres. */
export type PlanEntry = {
  levels: PartEntry[];
  clocks: string[];
  cameras_radius_m: number;
  around_m: number;
  reacts: string[];
};
type ByName<T> = Record<string, T>;
export type Content = {
  groups: ByName<Titled>;
  categories: ByName<CategoryEntry>;
  questions: ByName<QuestionEntry>;
  checklists: ByName<ChecklistEntry>;
  recipients: ByName<Titled>;
  times: ByName<TimeEntry>;
  clocks: { sets: ByName<TargetEntry[]> } & UrgencyEntry;
  reactions: ByName<ReactionEntry>;
  regimes: ByName<RegimeEntry>;
  plans: ByName<PlanEntry>;
};
