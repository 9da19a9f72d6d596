/** A part of the card that could not be read: nobody takes it for nothing there, and it is asked for once more. */
import { say } from "../../words/words";
import { Alert } from "../Alert";
import type { useAsked } from "../page/asked";

type Props = { what: string; asked: Pick<ReturnType<typeof useAsked>, "wrong" | "again"> };

/** Nothing while all was read. */
export function NotRead({ what, asked }: Props) {
  if (!asked.wrong.value) return null;
  return (
    <Alert>
      {what}: {asked.wrong.value}{" "}
      <button type="button" class="link" onClick={() => void asked.again()}>
        {say("try_again")}
      </button>
    </Alert>
  );
}
