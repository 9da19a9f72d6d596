/** Which version is worked on, and what else stands beside it: other files, or a newer version. */
import type { Fault, Plans } from "../../../api/plans";
import { say, titleOf } from "../../../words/words";
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

/** What is wrong with the files, where no version can be made of them; nothing where they hold together. */
export function FilesWrong({ faults }: { faults: readonly Fault[] }) {
  const [first] = faults;
  if (!first) return null;
  const told = { n: faults.length, where: first.where, problem: titleOf(first.problem) };
  return (
    <p class="hint bad" role="status">
      {say("plans.files_wrong", told)}
    </p>
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
