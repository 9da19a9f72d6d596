/** The rules and masks of a camera as somebody changes them: what is drawn where, and what follows what; pure. */
import type { Pixel } from "../../api/calibration";
import type { CameraFunction, Fault, Mask, Rule, RuledCamera } from "../../api/rules";
import { counting, fieldsOf, isDrawn } from "./form";

export type Draft = { rules: readonly Rule[]; masks: readonly Mask[] };
/** A rule or a mask of the camera. */
export type Item = { part: "rules" | "masks"; index: number };
/** What is drawn in the picture: a setting of a rule, a region that one rule alone does not look at, or a mask. */
export type Where = Item & { setting?: string; own_mask?: number };
export type Shape = {
  where: Where;
  points: readonly Pixel[];
  closed: boolean;
  look: "zone" | "line" | "hidden" | "privacy";
};
export type Functions = Readonly<Record<string, CameraFunction>>;

export const same = (one: Where | null, other: Where | null): boolean =>
  one?.part === other?.part &&
  one?.index === other?.index &&
  one?.setting === other?.setting &&
  one?.own_mask === other?.own_mask;
/** Whether both are drafts of the same rules and masks. */
export const alike = (one: Draft, other: Draft): boolean =>
  JSON.stringify([one.rules, one.masks]) === JSON.stringify([other.rules, other.masks]);

const isPoints = (value: unknown): value is Pixel[] =>
  Array.isArray(value) &&
  value.every((point) => Array.isArray(point) && point.length === 2 && point.every(Number.isFinite));
const pointsOf = (value: unknown): readonly Pixel[] => (isPoints(value) ? value : []);

/** What a rule has in the picture, also what is not drawn yet: its lines and zones, and the regions hidden from it. */
export function shapesOfRule(rule: Rule, index: number, functions: Functions): Shape[] {
  const drawn = fieldsOf(functions[rule.function]).filter(isDrawn);
  const item: Item = { part: "rules", index };
  return [
    ...drawn.map(({ name, kind }) => ({
      where: { ...item, setting: name },
      points: pointsOf(rule.settings?.[name]),
      closed: kind === "zone",
      look: kind === "zone" ? ("zone" as const) : ("line" as const),
    })),
    ...(rule.masks ?? []).map((mask, own_mask) => ({
      where: { ...item, own_mask },
      points: pointsOf(mask.polygon),
      closed: true,
      look: "hidden" as const,
    })),
  ];
}

/** All that is in the picture; masks lie below. */
export function shapesOf(draft: Draft, functions: Functions): Shape[] {
  const masks = draft.masks.map((mask, index) => ({
    where: { part: "masks" as const, index },
    points: pointsOf(mask.polygon),
    closed: true,
    look: mask.kind === "privacy" ? ("privacy" as const) : ("hidden" as const),
  }));
  return [...masks, ...draft.rules.flatMap((rule, index) => shapesOfRule(rule, index, functions))];
}

/** Change one rule. */
export function withRule(draft: Draft, index: number, change: Partial<Rule>): Draft {
  const old = draft.rules[index];
  return old ? { ...draft, rules: draft.rules.with(index, { ...old, ...change }) } : draft;
}

/** Give a rule a setting; undefined takes it away, and the function's own value stands. */
export function withSetting(draft: Draft, index: number, name: string, value: unknown): Draft {
  const { [name]: _, ...others } = draft.rules[index]?.settings ?? {};
  return withRule(draft, index, { settings: value === undefined ? others : { ...others, [name]: value } });
}

/** The view that a mask is drawn in, of a camera that turns and stands at one. */
export function viewOf({ kind, moving, preset }: RuledCamera): Pick<Mask, "preset"> {
  return kind === "ptz" && !moving && preset !== null ? { preset } : {};
}

/** Change one mask. */
export function withMask(draft: Draft, index: number, change: Partial<Mask>): Draft {
  const old = draft.masks[index];
  return old ? { ...draft, masks: draft.masks.with(index, { ...old, ...change }) } : draft;
}

/** Put points where they are drawn. */
export function withPoints(draft: Draft, { part, index, setting, own_mask }: Where, points: readonly Pixel[]): Draft {
  if (part === "masks") return withMask(draft, index, { polygon: points });
  if (setting !== undefined) return withSetting(draft, index, setting, points);
  const masks = draft.rules[index]?.masks ?? [];
  const old = masks[own_mask ?? -1];
  return old ? withRule(draft, index, { masks: masks.with(own_mask ?? -1, { ...old, polygon: points }) }) : draft;
}

/** Take a rule or a mask away. */
export function dropped(draft: Draft, { part, index }: Item): Draft {
  return { ...draft, [part]: draft[part].toSpliced(index, 1) };
}

/** A new rule, or a copy of one, at the end. */
export function added(draft: Draft, rule: Rule): Draft {
  return { ...draft, rules: [...draft.rules, rule] };
}

/** The same rule for another function: what that knows as well stays, what is drawn above all. */
export function turnedTo(rule: Rule, to: CameraFunction): Rule {
  const kept = fieldsOf(to).filter(({ name }) => rule.settings && name in rule.settings && name !== "labels");
  const settings = Object.fromEntries(kept.map(({ name }) => [name, rule.settings?.[name]]));
  return { ...rule, function: to.name, settings };
}

/** The rules as they are sent: less the settings that a function does not look at, which a rule of before may have. */
export function sent(rules: readonly Rule[], functions: Functions): Rule[] {
  return rules.map((rule) => {
    const known = functions[rule.function];
    if (!known || !rule.settings) return rule;
    const looked = new Set(counting(fieldsOf(known), rule.settings).map(({ name }) => name));
    return {
      ...rule,
      settings: Object.fromEntries(Object.entries(rule.settings).filter(([name]) => looked.has(name))),
    };
  });
}

/** What has to be drawn before it can be saved. */
export function undrawn(rule: Rule, index: number, functions: Functions): Where | null {
  const needed = new Set(fieldsOf(functions[rule.function]).flatMap(({ name, required }) => (required ? [name] : [])));
  const lacks = ({ where, points }: Shape) =>
    points.length === 0 && (where.setting === undefined || needed.has(where.setting));
  return shapesOfRule(rule, index, functions).find(lacks)?.where ?? null;
}

/** What a fault is about: `rules[2].settings.zone[0]` is of the third rule. */
export function itemOf(where: string): Item | null {
  const [, part, index] = where.match(/^(rules|masks)\[(\d+)\]/) ?? [];
  return part ? { part: part as Item["part"], index: Number(index) } : null;
}

/** The faults of a place and of what is in it. */
export function faultsAt(faults: readonly Fault[], where: string): Fault[] {
  return faults.filter(
    (fault) =>
      fault.where === where || (/^[.[]/.test(fault.where.slice(where.length)) && fault.where.startsWith(where)),
  );
}
