/** What the panels are handed by `main.tsx`. */
import type { Signal } from "@preact/signals";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Access } from "../access/access";
import type { DemandsDesk } from "../access/demands";
import type { HealthWatch } from "../access/health";
import type { Client } from "../api/client";
import type { Desk } from "../desk/desk";
import type { Intake } from "../desk/intake";
import type { Life } from "../desk/lifecycle";
import type { Operations } from "../desk/operations";
import type { Rooms } from "../desk/rooms";
import type { Fleet } from "../live/fleet";
import type { Live } from "../live/socket";

export type House = Rooms & {
  client: Client;
  desk: Desk;
  operations: Operations;
  intake: Intake;
  life: Life;
  access: Access;
  demands: DemandsDesk;
  health: HealthWatch;
  live: Live;
  fleet: Fleet;
  /** The server's clock in ms since 1970, told each second. */
  now: Signal<number>;
};

export const HouseContext = createContext<House | null>(null);

/** The house of the panel that asks. */
export function useHouse(): House {
  const house = useContext(HouseContext);
  if (!house) throw new Error("a panel stands outside the house");
  return house;
}
