/** The register of cameras: its entries, and files that are taken in. */
import { way } from "../../access/way";
import { say } from "../../words/words";
import { Page } from "../page/Page";
import { Entries } from "./Entries";
import { Files } from "./Files";

/** The page; the address names the part, the camera `#/register/12`, or `#/register/files`. */
export function RegisterPage() {
  const part = way.value.part === "files" ? "files" : "cameras";
  const parts = (["cameras", "files"] as const).map((name) => ({ name, title: say(`register.part.${name}`) }));
  return (
    <Page page="register" title={say("register.title")} parts={parts} part={part}>
      {part === "files" ? <Files /> : <Entries />}
    </Page>
  );
}
