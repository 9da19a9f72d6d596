/** What makes a row of a list draggable to an incident. */
import type { Unit } from "../../api/types";
import type { Sending } from "../../desk/sending";

/** Attributes for the element; none where nothing may be dragged. */
export function dragFrom(sending: Sending, unit: Unit | null) {
  if (!unit) return {};
  return {
    draggable: true,
    onDragStart: (event: DragEvent) => {
      event.dataTransfer?.setData("text/plain", unit.call_sign);
      sending.drag.value = { unit_id: unit.id, from: unit.place, at: null, over: null };
    },
  };
}
