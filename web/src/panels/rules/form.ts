/** A function's JSON schema as fields of a form: what kind each is, what it takes, and what stands without it; pure. */
import type { CameraFunction, Schema } from "../../api/rules";
import { numberOf } from "../calibration/draft";

export type FieldKind = "zone" | "line" | "number" | "yes_no" | "choice" | "several" | "labels" | "other";
export type SettingField = {
  name: string;
  kind: FieldKind;
  required: boolean;
  /** What stands where nothing is said. */
  standard: unknown;
  options: readonly string[];
  whole: boolean;
  least: number | null;
  /** The value itself is too little: it has to be above `least`. */
  above: boolean;
  most: number | null;
  /** It counts only where other settings have these values. */
  goes_with: Readonly<Record<string, unknown>>;
};
/** What models tell apart that rules are made of, the commonest first. */
export const LABELS = ["person", "bicycle", "car", "motorcycle", "bus", "truck", "boat"] as const;

const isPoint = (schema?: Schema | false) => !!schema && schema.type === "array" && schema.prefixItems?.length === 2;

function kindOf(schema: Schema): FieldKind {
  const type = plain(schema).type;
  if (type === "number" || type === "integer") return "number";
  if (type === "boolean") return "yes_no";
  if (schema.enum) return "choice";
  if (type !== "array") return "other";
  if (isPoint(schema.prefixItems?.[0])) return "line";
  if (isPoint(schema.items)) return "zone";
  return optionsOf(schema).length > 0 ? "several" : "labels";
}

const optionsOf = (schema: Schema): string[] => schema.enum ?? (schema.items || undefined)?.enum ?? [];

/** What may also be nothing, without the nothing. */
function plain(schema: Schema): Schema {
  return schema.anyOf?.find((one) => one.type !== "null") ?? schema;
}

function field(name: string, schema: Schema, required: boolean): SettingField {
  const { minimum, exclusiveMinimum, maximum, exclusiveMaximum, type } = plain(schema);
  return {
    name,
    kind: kindOf(schema),
    required,
    standard: schema.default ?? null,
    options: optionsOf(schema),
    whole: type === "integer",
    least: minimum ?? exclusiveMinimum ?? null,
    above: minimum === undefined && exclusiveMinimum !== undefined,
    most: maximum ?? exclusiveMaximum ?? null,
    goes_with: schema.goes_with ?? {},
  };
}

/** The fields of a function, what is drawn first; none of a function that is not known. */
export function fieldsOf(of: CameraFunction | undefined): SettingField[] {
  if (!of) return [];
  const { $ref = "", $defs = {} } = of.settings;
  const { properties = {}, required = [] } = $defs[$ref.split("/").at(-1) ?? ""] ?? of.settings;
  const all = Object.entries(properties).map(([name, schema]) => field(name, schema, required.includes(name)));
  return [...all.filter(isDrawn), ...all.filter((one) => !isDrawn(one))];
}

/** The fields that a function looks at, as its other settings stand. */
export function counting(fields: readonly SettingField[], settings: Readonly<Record<string, unknown>>): SettingField[] {
  const stands = (name: string) => settings[name] ?? fields.find((one) => one.name === name)?.standard;
  return fields.filter((one) => Object.entries(one.goes_with).every(([name, value]) => stands(name) === value));
}

export const isDrawn = ({ kind }: SettingField): boolean => kind === "zone" || kind === "line";

/** What was typed into a number's field: nothing leaves the standard; what is no number stands as it was typed, and
 * the server says what is wrong with it. */
export function typedOf(text: string): number | string | undefined {
  return text.trim() === "" ? undefined : (numberOf(text) ?? text);
}

/** Whether a value of a number's field can be no such number. */
export function unfit({ whole, least, above, most }: SettingField, value: unknown): boolean {
  if (value === undefined || value === null) return false;
  if (typeof value !== "number" || (whole && !Number.isInteger(value))) return true;
  return (least !== null && (value < least || (above && value === least))) || (most !== null && value > most);
}

/** One of several turned on or off, in the order of all of them; what none of them is stays. */
export function turned(all: readonly string[], value: readonly string[], one: string, on: boolean): string[] {
  const others = value.filter((each) => !all.includes(each));
  return [...all.filter((each) => (each === one ? on : value.includes(each))), ...others];
}
