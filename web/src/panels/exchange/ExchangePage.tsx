/** What goes out to other systems, and what comes in from another centre. */
import { say } from "../../words/words";
import { useHouse } from "../house";
import { Page } from "../page/Page";
import { ExportForm } from "./ExportForm";
import { ImportForm } from "./ImportForm";

/** The page, with the parts that the role does. */
export function ExchangePage() {
  const { desk } = useHouse();
  return (
    <Page page="exchange" title={say("page.exchange")}>
      <div class="scrolls single" tabIndex={0} role="group" aria-label={say("page.exchange")}>
        {desk.may("incidents.export") && <ExportForm />}
        {desk.may("incidents.import") && <ImportForm />}
      </div>
    </Page>
  );
}
