/** The page: the sign-in or the desk. */
import { shownPage } from "../access/way";
import { ReplayPage } from "../replay/ReplayPage";
import { language, say } from "../words/words";
import { AdministrationPage } from "./administration/AdministrationPage";
import { AuditPage } from "./audit/AuditPage";
import { Demanded } from "./dialogs/Demanded";
import { FiguresPage } from "./figures/FiguresPage";
import { useHouse } from "./house";
import { IncidentCard } from "./IncidentCard";
import { Intake } from "./intake/Intake";
import { MapPane } from "./MapPane";
import { later } from "./page/later";
import { PanicBar } from "./panic/PanicBar";
import { Queue } from "./Queue";
import { RosterPage } from "./roster/RosterPage";
import { SignIn } from "./SignIn";
import { OfflineBanner, TopBar } from "./TopBar";

const ArchivePage = later(() => import("./archive/ArchivePage").then((file) => file.ArchivePage));
const VideoPage = later(() => import("./video/VideoPage").then((file) => file.VideoPage));
const CalibrationPage = later(() => import("./calibration/CalibrationPage").then((file) => file.CalibrationPage));
const CompliancePage = later(() => import("./compliance/CompliancePage").then((file) => file.CompliancePage));
const RulesPage = later(() => import("./rules/RulesPage").then((file) => file.RulesPage));
const RegisterPage = later(() => import("./register/RegisterPage").then((file) => file.RegisterPage));
const ExchangePage = later(() => import("./exchange/ExchangePage").then((file) => file.ExchangePage));

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
  const carded = desk.opened_id.value !== null || desk.call_id.value !== null;
  const away = page !== "desk"; // the map stays where it is, out of sight, so that one comes back to it at once
  return (
    <div class={`desk ${carded ? "with-card" : ""} ${away ? "away" : ""}`}>
      <TopBar />
      <Queue />
      <MapPane />
      {desk.call_id.value === null ? <IncidentCard /> : <Intake />}
      {page === "video" && <VideoPage />}
      {page === "archive" && <ArchivePage />}
      {page === "roster" && <RosterPage />}
      {page === "figures" && <FiguresPage />}
      {page === "exchange" && <ExchangePage />}
      {page === "calibration" && <CalibrationPage />}
      {page === "compliance" && <CompliancePage />}
      {page === "rules" && <RulesPage />}
      {page === "register" && <RegisterPage />}
      {page === "administration" && <AdministrationPage />}
      {page === "audit" && <AuditPage />}
      {page === "replay" && <ReplayPage />}
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
  if (desk.account.value === null) return <SignIn />;
  return (
    <>
      <PanicBar />
      <Desk />
    </>
  );
}
