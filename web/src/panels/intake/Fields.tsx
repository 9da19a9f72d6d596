/** The plain fields of the form: who calls, what was said, and the category. */
import type { CallAtLength } from "../../api/calls";
import type { OfCaller } from "../../desk/calls";
import { say, sayOf, titleOf } from "../../words/words";
import { useHouse } from "../house";
import { Key } from "../parts";
import { UrgentFields } from "../Urgent";
import { CategoryField } from "./CategoryField";

const PARTS: readonly OfCaller[] = ["phone", "caller_name"];
type CallerFieldProps = {
  part: OfCaller;
  title: string;
  may: boolean;
  id?: string;
  inputmode?: "tel";
  maxLength: number;
};

/** One field of the caller: what is hidden stands as a hint in it, never as what would be written. */
function CallerField({ part, title, may, ...input }: CallerFieldProps) {
  const { intake } = useHouse();
  const { value, hint } = intake.ofCaller(part);
  return (
    <label class="field">
      {title}
      <input
        {...input}
        autocomplete="off"
        placeholder={hint ?? undefined}
        value={value}
        disabled={!may}
        onInput={(typed) => intake.typeCaller(part, typed.currentTarget.value)}
        onBlur={() => void intake.keep()}
      />
    </label>
  );
}

/** The caller's name and phone: masked until somebody says why, or typed. */
export function CallerFields({ may }: { may: boolean }) {
  const { desk, intake } = useHouse();
  const later = intake.later.value.join(" · ");
  const hidden = PARTS.some((part) => intake.ofCaller(part).hint !== null) && desk.may("calls.caller");
  return (
    <div class="pair">
      <CallerField
        part="phone"
        title={say("intake.phone")}
        may={may}
        id="intake-phone"
        inputmode="tel"
        maxLength={40}
      />
      <CallerField part="caller_name" title={say("intake.caller")} may={may} maxLength={200} />
      {later && (
        <p class="dim" role="note">
          {sayOf("call.entry", "told_later")}: {later}
        </p>
      )}
      {hidden && (
        <button type="button" class="link" title={say("caller.show_why")} onClick={() => void intake.showCaller()}>
          {say("caller.show")}
        </button>
      )}
    </div>
  );
}

/** In the caller's own words. */
export function Said({ call, may }: { call: CallAtLength; may: boolean }) {
  const { intake } = useHouse();
  return (
    <label class="field">
      <span>
        {say("intake.said")} <Key name="Alt S" />
      </span>
      <textarea
        id="intake-said"
        rows={3}
        maxLength={4000}
        value={call.said}
        disabled={!may}
        aria-keyshortcuts="Alt+S"
        onInput={(typed) => intake.type({ said: typed.currentTarget.value })}
        onBlur={() => void intake.keep()}
      />
    </label>
  );
}

/** The category with its priority, which may be set apart. */
export function What({ call, may }: { call: CallAtLength; may: boolean }) {
  const { intake } = useHouse();
  return (
    <div class="field">
      <label for="intake-category">
        {say("category")} <Key name="Alt C" />
      </label>
      {may ? (
        <CategoryField
          id="intake-category"
          shortcut="Alt+C"
          value={call.category}
          choose={(one) => void intake.chooseCategory(one.name)}
        />
      ) : (
        <CategoryTitle name={call.category} />
      )}
      {may && <UrgentFields category={call.category} value={intake.urgent.value} choose={intake.chooseUrgent} />}
    </div>
  );
}

function CategoryTitle({ name }: { name: string | null }) {
  const { desk } = useHouse();
  const title = name ? desk.document.value?.categories[name]?.title : null;
  return <span>{titleOf(title) || "—"}</span>;
}
