/** What an act is called where the page tells of it. */
import { say } from "../words/words";
import type { Act } from "./values";
import { doTitle, statusTitle } from "./words";

/** The act in words. */
export function actTitle(act: Act): string {
  switch (act.kind) {
    case "status":
      return doTitle(act.status);
    case "duty":
      return statusTitle(act.duty);
    case "message":
      return say("crew.message_of", { text: act.text.length > 40 ? `${act.text.slice(0, 40)}…` : act.text });
    case "read":
      return say("crew.tab.messages");
    case "notice":
      return say("crew.moved.title");
    case "panic":
      return say("crew.panic.title");
  }
}
