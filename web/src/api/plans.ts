/** Response plans: of one incident, and the versions of all; the questions about them. */
import type { Ask } from "./ask";
import type { Content } from "./plan_content";
import type { Priority, Question, Service, Title, Urgency } from "./types";

export type Regime = "everyday" | "raised" | "emergency";
export type Need = { service: Service; kinds: string[]; skills: string[]; count: number };
export type Step = {
  item: string;
  checklist: Title;
  title: Title;
  done: boolean;
  at: string | null;
  who: string | null;
};
/** `given` is what was answered last. */
export type AskedQuestion = Question & { given: string | null };
export type Plan = {
  incident_id: number;
  category: string;
  title: Title;
  version: number;
  alarm: number;
  highest_alarm: number;
  regime: Regime;
  priority: Priority;
  urgency: string | null;
  needs: Need[];
  questions: AskedQuestion[];
  checklist: Step[];
  told: { role: string; title: Title }[];
  cameras_radius_m: number;
  because: Title[];
};
export type Version = {
  id: number;
  made_at: string;
  made_by: string;
  note: string;
  from_files: boolean;
  sha256: string;
};
export type Plans = { version: Version | null; files_differ: boolean; files_faults: Fault[]; content: Content };
/** `where` is the way to it: `plans.fire.levels[0].needs[1].kinds`. */
export type Fault = { where: string; problem: Title };
export type Checked = {
  faults: Fault[];
  kinds_nobody_has: string[];
  skills_nobody_has: string[];
  changed: string[];
};
/** How urgent: what is left out is the category's. */
export type Urgent = { priority?: Priority; urgency?: Urgency };

/** Build the questions on a way to ask. */
export function planQuestions(ask: Ask) {
  const act = (id: number, what: string, body: unknown) => ask<Plan>("POST", `/api/incidents/${id}/${what}`, { body });
  return {
    plan: (id: number) => ask<Plan>("GET", `/api/incidents/${id}/plan`),
    callAlarm: (id: number, level: number, reason: string) => act(id, "alarm", { level, reason }),
    recast: (id: number, category: string, reason: string, urgent: Urgent) =>
      act(id, "category", { category, reason, ...urgent }),
    answer: (id: number, question: string, given: string) => act(id, "answers", { question, given }),
    tick: (id: number, item: string, done: boolean) => act(id, "checklist", { item, done }),
    plans: (version?: number) => ask<Plans>("GET", `/api/plans${version ? `?version=${version}` : ""}`),
    planVersions: () => ask<{ versions: Version[] }>("GET", "/api/plans/versions"),
    checkPlans: (content: Content) => ask<Checked>("POST", "/api/plans/check", { body: { content } }),
    editPlans: (content: Content | null, note: string, based_on: number) =>
      ask<{ version: Version; changed: string[] }>("PUT", "/api/plans", {
        body: { ...(content ? { content } : { from_files: true }), note, based_on },
      }),
  };
}
