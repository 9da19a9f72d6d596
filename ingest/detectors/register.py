"""What there is to choose from, by hand and in order: a new function or detector is one file and one line here."""

from ingest.detectors.abandoned_object import StayingObject, StayingObjectRule
from ingest.detectors.camera_shaking import CameraShaking, CameraShakingRule
from ingest.detectors.camera_shifted import CameraShifted, CameraShiftedRule
from ingest.detectors.camera_tampering import CameraTampering, CameraTamperingRule
from ingest.detectors.congestion import Congestion, CongestionRule
from ingest.detectors.counting import Counting, CountingRule
from ingest.detectors.crowd_gathering import CrowdGathering, CrowdGatheringRule
from ingest.detectors.detector import DetectorEntry, FunctionEntry
from ingest.detectors.fall_into_water import FallIntoWater, FallIntoWaterRule
from ingest.detectors.fire import LEAST_FRAMES, WINDOW, Fire, FireRule
from ingest.detectors.line_crossing import LineCrossing, LineCrossingRule
from ingest.detectors.loitering import Loitering, LoiteringRule
from ingest.detectors.motion import Motion, MotionRule
from ingest.detectors.objects import open_objects
from ingest.detectors.overcrowding import Overcrowding, OvercrowdingRule
from ingest.detectors.person_down import PersonDown, PersonDownRule
from ingest.detectors.plate_read import PlateRead, plate_read
from ingest.detectors.smoke import Smoke, SmokeRule
from ingest.detectors.speed import Speed, SpeedRule
from ingest.detectors.vehicle_stopped import VehicleStopped, VehicleStoppedRule
from ingest.detectors.wrong_way import WrongWay, WrongWayRule
from ingest.detectors.zone_motion import ZoneMotion, ZoneMotionRule
from layers.cameras.steadiness import limit_for
from layers.values import Title

FUNCTIONS = (
    FunctionEntry(
        name="line_crossing",
        title=Title(kk="Сызықтан өту", ru="Пересечение линии", en="Line crossing"),
        settings=LineCrossing,
        build=lambda settings, _: LineCrossingRule(settings),
    ),
    FunctionEntry(
        name="zone_motion",
        title=Title(kk="Аймақтағы қозғалыс", ru="Движение в зоне", en="Motion in a zone"),
        settings=ZoneMotion,
        build=lambda settings, _: ZoneMotionRule(settings),
    ),
    FunctionEntry(
        name="motion",
        title=Title(kk="Қозғалыс", ru="Движение", en="Motion"),
        settings=Motion,
        build=lambda settings, among: MotionRule(settings, among.size_px),
        unseen=frozenset({"labels"}),  # no model is asked what it is that moves
    ),
    FunctionEntry(
        name="loitering",
        title=Title(kk="Бір жерде ұзақ болу", ru="Длительное нахождение", en="Loitering"),
        settings=Loitering,
        build=lambda settings, _: LoiteringRule(settings),
    ),
    FunctionEntry(
        name="crowd_gathering",
        title=Title(kk="Адамдардың жиналуы", ru="Скопление людей", en="Crowd gathering"),
        settings=CrowdGathering,
        build=lambda settings, among: CrowdGatheringRule(settings, among.place),
    ),
    FunctionEntry(
        name="overcrowding",
        title=Title(kk="Адам санының шектен асуы", ru="Превышение числа людей", en="Overcrowding"),
        settings=Overcrowding,
        build=lambda settings, _: OvercrowdingRule(settings),
    ),
    FunctionEntry(
        name="counting",
        title=Title(kk="Санау", ru="Подсчёт", en="Counting"),
        settings=Counting,
        build=lambda settings, among: CountingRule(settings, among),
    ),
    FunctionEntry(
        name="person_down",
        title=Title(kk="Құлап жатқан адам", ru="Упавший человек", en="Person down"),
        settings=PersonDown,
        build=lambda settings, among: PersonDownRule(settings, among.size_px),
        lying=True,
    ),
    FunctionEntry(
        name="fall_into_water",
        title=Title(kk="Суға құлау", ru="Падение в воду", en="Fall into water"),
        settings=FallIntoWater,
        build=lambda settings, among: FallIntoWaterRule(settings, among.size_px),
    ),
    FunctionEntry(
        name="vehicle_stopped",
        title=Title(kk="Көліктің тоқтап тұруы", ru="Остановка ТС в запрещённом месте", en="Vehicle stopped"),
        settings=VehicleStopped,
        build=lambda settings, _: VehicleStoppedRule(settings),
    ),
    FunctionEntry(
        name="wrong_way",
        title=Title(kk="Қарсы бағытпен жүру", ru="Движение навстречу потоку", en="Wrong way"),
        settings=WrongWay,
        build=lambda settings, among: WrongWayRule(settings, among.size_px),
    ),
    FunctionEntry(
        name="congestion",
        title=Title(kk="Көлік кептелісі", ru="Дорожный затор", en="Congestion"),
        settings=Congestion,
        build=lambda settings, _: CongestionRule(settings),
    ),
    FunctionEntry(
        name="speed",
        title=Title(kk="Жылдамдықты асыру", ru="Превышение скорости", en="Speeding"),
        settings=Speed,
        build=lambda settings, among: SpeedRule(settings, among),
    ),
    FunctionEntry(
        name="plate_read",
        title=Title(kk="Іздеудегі көлік нөмірін оқу", ru="Чтение номеров из списка розыска", en="Hotlist plates"),
        settings=PlateRead,
        build=plate_read,
        tells="plate_hit",
        with_image=True,
    ),
    FunctionEntry(
        name="fire",
        title=Title(kk="От", ru="Огонь", en="Fire"),
        settings=Fire,
        build=lambda settings, among: FireRule(settings, among.masks),
        looks="picture",
        unblinking=True,  # flicker is told by frames a fraction of a second apart
        least_fps=LEAST_FRAMES / WINDOW.total_seconds(),
    ),
    FunctionEntry(
        name="smoke",
        title=Title(kk="Түтін", ru="Дым", en="Smoke"),
        settings=Smoke,
        build=lambda settings, among: SmokeRule(settings, among.masks),
        looks="both",
    ),
    FunctionEntry(
        name="abandoned_object",
        title=Title(kk="Қалдырылған зат", ru="Оставленный предмет", en="Abandoned object"),
        settings=StayingObject,
        build=lambda settings, among: StayingObjectRule("abandoned_object", settings, among.masks),
        looks="both",
    ),
    FunctionEntry(
        name="removed_object",
        title=Title(kk="Алып кетілген зат", ru="Унесённый предмет", en="Removed object"),
        settings=StayingObject,
        build=lambda settings, among: StayingObjectRule("removed_object", settings, among.masks),
        looks="both",
    ),
    FunctionEntry(
        name="camera_tampering",
        title=Title(kk="Камераға қол сұғу", ru="Вмешательство в работу камеры", en="Camera tampering"),
        settings=CameraTampering,
        build=lambda settings, among: CameraTamperingRule(settings, among.masks),
        looks="picture",
    ),
    FunctionEntry(
        name="camera_shifted",
        title=Title(kk="Камера жылжып кеткен", ru="Смещение камеры", en="Camera shifted"),
        settings=CameraShifted,
        build=lambda settings, among: CameraShiftedRule(
            settings, among.masks, limit_for(settings.limit_percent, among.functions), among.views.of(among.preset)
        ),
        looks="picture",
    ),
    FunctionEntry(
        name="camera_shaking",
        title=Title(kk="Камераның дірілдеуі", ru="Дрожание камеры", en="Camera shaking"),
        settings=CameraShaking,
        build=lambda settings, among: CameraShakingRule(
            settings, among.masks, limit_for(settings.limit_percent, among.functions)
        ),
        looks="picture",
    ),
)

OBJECT_DETECTORS = (
    DetectorEntry(
        name="objects",
        title=Title(kk="Адамдар мен көліктер", ru="Люди и транспорт", en="People and vehicles"),
        open=open_objects,
    ),
)
