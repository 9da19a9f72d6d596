/** Fields that several forms share. */
import { branches } from "../../access/area_tree";
import { type AreaNode, ROLES } from "../../api/access";
import type { Unit } from "../../api/types";
import { clock, date } from "../../words/formats";
import { language, say, sayOf, titleOf } from "../../words/words";
import type { Span } from "../audit/filter";

const DEEPER = "\u2003"; // an option has no style of its own: its depth is an em space each

/** An area out of a tree; what is chosen stays, though the form is drawn again. */
export function AreaField(props: {
  label: string;
  name: string;
  areas: readonly AreaNode[];
  value?: number;
  change?: (id: number) => void;
}) {
  const { label, name, areas, value, change } = props;
  return (
    <label class="field">
      {label}
      <select name={name} onChange={(chosen) => change?.(Number(chosen.currentTarget.value))} required>
        {branches(areas, language.value).map(({ area, depth }) => (
          <option key={area.id} value={area.id} selected={area.id === value}>
            {DEEPER.repeat(depth)}
            {titleOf(area.name)}
          </option>
        ))}
      </select>
    </label>
  );
}

/** A span of time, and its two ends where it is one's own. */
export function SpanFields(props: {
  label: string;
  spans: readonly Span[];
  value: Span;
  change: (span: Span) => void;
  required?: boolean;
}) {
  const { label, spans, value, change, required } = props;
  return (
    <>
      <label class="field">
        {label}
        <select value={value} onChange={(chosen) => change(chosen.currentTarget.value as Span)}>
          {spans.map((one) => (
            <option key={one} value={one}>
              {say(`audit.span.${one}`)}
            </option>
          ))}
        </select>
      </label>
      {value === "own" &&
        (["from", "to"] as const).map((name) => (
          <label class="field" key={name}>
            {say(`audit.${name}`)}
            <input type="datetime-local" name={name} required={required} />
          </label>
        ))}
    </>
  );
}

/** A role. */
export function RoleField({ value, change }: { value?: string; change?: (role: string) => void }) {
  return (
    <label class="field">
      {say("account.role")}
      <select name="role" value={value} onChange={(chosen) => change?.(chosen.currentTarget.value)}>
        {ROLES.map((role) => (
          <option key={role} value={role}>
            {sayOf("role", role)}
          </option>
        ))}
      </select>
    </label>
  );
}

/** The unit whose crew an account is. */
export function UnitField(props: { units: Iterable<Unit>; value?: number; change?: (id: number) => void }) {
  const { units, value, change } = props;
  const inOrder = [...units].sort((one, other) => one.call_sign.localeCompare(other.call_sign));
  return (
    <label class="field">
      {say("account.unit")}
      <select name="unit_id" value={value} onChange={(chosen) => change?.(Number(chosen.currentTarget.value))} required>
        <option value="" />
        {inOrder.map((unit) => (
          <option key={unit.id} value={unit.id}>
            {unit.call_sign}
          </option>
        ))}
      </select>
    </label>
  );
}

/** A time with its date, as all times of the windows are told. */
export function Moment({ at }: { at: string }) {
  return <time dateTime={at}>{`${date(at)}, ${clock(at)}`}</time>;
}
