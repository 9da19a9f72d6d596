/** The picker of a category: searched in three languages, by group. */
import { useSignal } from "@preact/signals";
import { type PickedCategory, pickCategories } from "../../desk/categories";
import { language, say } from "../../words/words";
import { useHouse } from "../house";
import { Badge, useCategoryTitle } from "../parts";
import { Combobox } from "./Combobox";

type Props = {
  value: string | null;
  choose: (category: PickedCategory) => void;
  id?: string;
  shortcut?: string;
  but?: string;
};

/** The picker; what was typed and not chosen is put back when the field is left. */
export function CategoryField({ value, choose, id, shortcut, but }: Props) {
  const { desk } = useHouse();
  const title = useCategoryTitle();
  const text = useSignal<string | null>(null);
  const known = desk.document.value;
  const groups = known ? pickCategories(known, text.value ?? "", language.value) : [];
  return (
    <Combobox
      id={id}
      label={say("category")}
      shortcut={shortcut}
      placeholder={say("intake.category_hint")}
      value={text.value ?? (value ? title(value) : "")}
      groups={groups.map((group) => ({
        name: group.name,
        title: group.title,
        options: group.categories.filter((one) => one.name !== but),
      }))}
      keyOf={(one) => one.name}
      note={groups.length === 0 ? say("intake.category_none") : null}
      typed={(typed) => (text.value = typed)}
      choose={(one) => {
        text.value = null;
        choose(one);
      }}
      left={() => (text.value = null)}
    >
      {(one) => (
        <>
          <Badge priority={one.priority} size={18} />
          <span class="what">{title(one.name)}</span>
        </>
      )}
    </Combobox>
  );
}
