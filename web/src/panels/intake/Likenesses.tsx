/** Open incidents that may be the same, each with its reason: a person joins one, or opens another. */
import type { Likeness } from "../../api/calls";
import { distance, span } from "../../words/formats";
import { say, titleOf } from "../../words/words";
import { useHouse } from "../house";
import { Badge, Key, useCategoryTitle } from "../parts";

type Props = {
  likenesses: readonly Likeness[];
  act: string;
  take: ((one: Likeness) => void) | null;
  keys?: boolean;
};

/** The list; nothing where there is none. */
export function Likenesses({ likenesses, act, take, keys = false }: Props) {
  const { desk } = useHouse();
  const category = useCategoryTitle();
  return (
    <ul class="likenesses">
      {likenesses.map((one, i) => (
        <li key={one.incident.id}>
          <Badge priority={one.incident.priority} size={22} />
          <span class="what">
            <button
              type="button"
              class="link strong"
              title={say("show_on_map")}
              onClick={() => desk.flyTo(one.incident.place, 17)}
            >
              {one.incident.number} · {category(one.incident.category)}
            </button>
            <span class="dim">
              {distance(one.distance_m)} · {span(one.minutes * 60)}
              {one.incident.address && ` · ${one.incident.address}`}
            </span>
            <span class="because">{titleOf(one.because)}</span>
          </span>
          {take && (
            <button
              type="button"
              disabled={desk.busy.value}
              aria-keyshortcuts={keys && i < 9 ? `Alt+${i + 1}` : undefined}
              onClick={() => take(one)}
            >
              {act} <span class="unseen">{one.incident.number}</span>
              {keys && i < 9 && <Key name={`Alt ${i + 1}`} />}
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}
