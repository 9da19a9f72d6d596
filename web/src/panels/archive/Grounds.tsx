/** Why, and on what legal ground: the two fields that a hold and an export both ask for. */
import { say } from "../../words/words";

const LONGEST = 300;

export function Grounds() {
  return (
    <>
      {(["reason", "legal_basis"] as const).map((name) => (
        <label class="field" key={name}>
          {say(`archive.${name}`)}
          <input name={name} maxLength={LONGEST} required />
        </label>
      ))}
    </>
  );
}
