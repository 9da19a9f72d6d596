/** The dialog that the card shows now. */
import { useSignal } from "@preact/signals";
import type { Likeness } from "../../api/calls";
import type { Plan } from "../../api/plans";
import type { Incident, Place } from "../../api/types";
import { language, say } from "../../words/words";
import { useHouse } from "../house";
import type { Asking } from "./Acts";
import { Close } from "./Closing";
import { LinkTo, Merge, Split, Unmerge } from "./Merging";
import { Move, type Pointed } from "./Moving";
import { Alarm, Recast } from "./Planning";
import { Reason } from "./Reason";

type Props = {
  asking: Asking | null;
  ask: (what: Asking | null) => void;
  incident: Incident;
  plan: Plan | null;
  likenesses: Likeness[];
  into?: number;
};

/** Nothing while nothing is asked. */
export function Asked({ asking, ask, incident, plan, likenesses, into }: Props) {
  const { client, desk, life } = useHouse();
  const pointed = useSignal<Pointed>(null);
  const close = () => {
    pointed.value = null;
    ask(null);
  };
  /** The dialog steps aside for one click on the map, and comes back with what stands there. */
  function point(): void {
    ask(null);
    desk.tell(say("intake.pointing"));
    desk.pointing.value = async (place: Place) => {
      desk.pointing.value = null;
      const around = await client.around(place).catch(() => null);
      const address = (around?.address ?? around?.street)?.title[language.value] ?? "";
      pointed.value = { place, address };
      if (desk.opened_id.value === incident.id) ask("move");
    };
  }
  if (asking === "alarm") return plan && <Alarm plan={plan} close={close} />;
  if (asking === "recast") return <Recast incident={incident} close={close} />;
  if (asking === "merge") return <Merge incident={incident} close={close} likenesses={likenesses} into={into} />;
  if (asking === "split") return <Split incident={incident} close={close} />;
  if (asking === "unmerge") return <Unmerge close={close} />;
  if (asking === "link") return <LinkTo incident={incident} close={close} likenesses={likenesses} />;
  if (asking === "move") return <Move incident={incident} close={close} pointed={pointed.value} point={point} />;
  if (asking === "close") return <Close incident={incident} close={close} />;
  if (asking === "cancel")
    return (
      <Reason
        title={say("life.cancel")}
        hint={say("life.cancel_hint")}
        submit={say("life.cancel_submit")}
        close={close}
        done={life.cancel}
      />
    );
  if (asking === "reopen")
    return (
      <Reason
        title={say("life.reopen")}
        hint={say("life.reopen_hint")}
        submit={say("life.reopen")}
        close={close}
        done={life.reopen}
      />
    );
  return null;
}
