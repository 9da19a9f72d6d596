/** The keys of what stands around the map. */
import type { Desk } from "./desk";
import type { Rooms } from "./rooms";

/** Send the selected unit somewhere, or another unit to the open incident. */
function choose(desk: Desk, { sending }: Rooms): boolean {
  if (!desk.may("incidents.dispatch")) return false;
  const chosen = desk.selected.value;
  if (chosen?.kind === "unit") sending.choice.value = { unit_id: chosen.id };
  else if (desk.opened_id.value !== null) sending.choice.value = { incident_id: desk.opened_id.value };
  return sending.choice.value !== null;
}

/** Handle one key; true where it meant something here. */
export function pressInRooms(desk: Desk, rooms: Rooms, code: string): boolean {
  if (code === "KeyS") return choose(desk, rooms);
  if (code === "Escape" && rooms.sending.preview.value) {
    rooms.sending.forget();
    return true;
  }
  return false;
}
