/** The plain fields of the form: who calls, what was said, and the category. */
import type { CallAtLength } from "../../api/calls";
import { say, titleOf } from "../../words/words";
import { useHouse } from "../house";
import { Key } from "../parts";
import { CategoryField } from "./CategoryField";

/** The caller's name and phone: masked until somebody says why, or typed. */
export function CallerFields({ call, may }: { call: CallAtLength; may: boolean }) {
  const { desk, intake } = useHouse();
  const whole = intake.caller.value;
  const phone = intake.draft.value.phone ?? whole?.phone ?? call.phone;
  const name = intake.draft.value.caller_name ?? whole?.name ?? call.caller_name;
  const hidden = !whole && !!(call.phone || call.caller_name) && desk.may("calls.caller");
  return (
    <div class="pair">
      <label class="field">
        {say("intake.phone")}
        <input
          id="intake-phone"
          type="tel"
          maxLength={40}
          autocomplete="off"
          value={phone ?? ""}
          disabled={!may}
          onInput={(typed) => intake.type({ phone: typed.currentTarget.value })}
          onBlur={() => void intake.keep()}
        />
      </label>
      <label class="field">
        {say("intake.caller")}
        <input
          maxLength={200}
          autocomplete="off"
          value={name ?? ""}
          disabled={!may}
          onInput={(typed) => intake.type({ caller_name: typed.currentTarget.value })}
          onBlur={() => void intake.keep()}
        />
      </label>
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
          choose={(one) => void intake.set({ category: one.name })}
        />
      ) : (
        <CategoryTitle name={call.category} />
      )}
    </div>
  );
}

function CategoryTitle({ name }: { name: string | null }) {
  const { desk } = useHouse();
  const title = name ? desk.document.value?.categories[name]?.title : null;
  return <span>{titleOf(title) || "—"}</span>;
}
