/** Which version is worked on, and what else stands beside it: other files, or a newer version. */
import type { Plans } from "../../../api/plans";
import { say } from "../../../words/words";
import { Moment } from "../../page/fields";

/** Which version it is, and what stands beside it. */
export function Standing(props: { base: Plans; versions: () => void }) {
  const { version } = props.base;
  return (
    <div class="line spread">
      <span class="dim">
        {version ? (
          <>
            {say("plans.version", { n: version.id })} · <Moment at={version.made_at} /> · {version.made_by}
          </>
        ) : (
          say("plans.of_files")
        )}
      </span>
      <button type="button" onClick={props.versions}>
        {say("plans.versions")}
      </button>
    </div>
  );
}

/** A line that says something, and what can be done about it. */
export function Offer(props: { told: string; act: string; busy: boolean; take: () => void }) {
  return (
    <p class="hint line spread">
      {props.told}
      <button type="button" disabled={props.busy} onClick={props.take}>
        {props.act}
      </button>
    </p>
  );
}
