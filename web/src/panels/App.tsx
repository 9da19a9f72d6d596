/** The page: the sign-in or the desk. */
import { shownPage } from "../access/way";
import { language, say } from "../words/words";
import { AdministrationPage } from "./administration/AdministrationPage";
import { AuditPage } from "./audit/AuditPage";
import { Demanded } from "./dialogs/Demanded";
import { useHouse } from "./house";
import { IncidentCard } from "./IncidentCard";
import { MapPane } from "./MapPane";
import { Queue } from "./Queue";
import { SignIn } from "./SignIn";
import { OfflineBanner, TopBar } from "./TopBar";

function Notice() {
  const notice = useHouse().desk.notice.value;
  return (
    <div class={`notice ${notice?.bad ? "bad" : ""}`} role="status" aria-live="polite">
      {notice?.text}
    </div>
  );
}

function Desk() {
  const { desk } = useHouse();
  const page = shownPage(desk.may);
  const away = page !== "desk"; // the map stays where it is, out of sight, so that one comes back to it at once
  return (
    <div class={`desk ${desk.opened_id.value === null ? "" : "with-card"} ${away ? "away" : ""}`}>
      <TopBar />
      <Queue />
      <MapPane />
      <IncidentCard />
      {page === "administration" && <AdministrationPage />}
      {page === "audit" && <AuditPage />}
      <OfflineBanner />
      <Notice />
      <Demanded />
    </div>
  );
}

/** The whole page. */
export function App() {
  const { desk } = useHouse();
  document.documentElement.lang = language.value;
  document.title = say("app.title");
  if (desk.account.value === undefined)
    return (
      <p class="empty" role="status">
        {say("loading")}
      </p>
    );
  return desk.account.value === null ? <SignIn /> : <Desk />;
}
