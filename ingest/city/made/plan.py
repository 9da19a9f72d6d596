"""The plan of the demo city: where it lies, its avenues, rivers and parks, roughly where Almaty has its own.

Every position here was set by hand; no line of it is taken from a map's data.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.values import Title

Orientation = Literal["ns", "we"]

LON0, LAT0 = 76.91, 43.265  # the middle of the plan
METRES_A_DEGREE_LAT = 111_080.0
METRES_A_DEGREE_LON = 111_320.0 * float(np.cos(np.radians(LAT0)))


def _course(text: str) -> tuple[tuple[float, float], ...]:
    """Read `lon lat, lon lat …`."""
    spots = [spot.split() for spot in text.split(",")]
    return tuple((float(lon), float(lat)) for lon, lat in spots)


OUTLINE = _course(
    "76.806 43.186, 76.806 43.322, 76.816 43.345, 76.844 43.345, 76.847 43.329, 76.862 43.325, "
    "76.884 43.323, 76.896 43.336, 76.913 43.345, 76.927 43.358, 77.004 43.356, 77.016 43.344, "
    "77.015 43.324, 77.008 43.298, 77.002 43.284, 76.996 43.266, 77.003 43.250, 77.014 43.238, "
    "77.016 43.217, 77.000 43.197, 76.976 43.187, 76.952 43.191, 76.930 43.184, 76.900 43.187, "
    "76.870 43.183, 76.840 43.187"
)
SMALL = _course("76.9370 43.2385, 76.9370 43.2625, 76.9700 43.2625, 76.9700 43.2385")


@dataclass(frozen=True, slots=True, kw_only=True)
class Avenue:
    """One named line of the plan: where it lies (lon of a north–south, lat of a west–east one) and how far it goes."""

    kk: str
    ru: str
    en: str
    runs: Orientation
    at: float
    highway: str
    first: float = -180.0
    last: float = 180.0
    oneway: int = 0  # 1 towards north or east, -1 towards south or west


def _avenues(runs: Orientation, rows: str) -> tuple[Avenue, ...]:
    """Read lines of `at | class | kk | ru | en | first–last | oneway`."""
    found = []
    for line in filter(None, (row.strip() for row in rows.splitlines())):
        at, highway, kk, ru, en, span, oneway = (part.strip() for part in line.split("|"))
        first, last = (float(end) for end in span.split("–")) if span else (-180.0, 180.0)
        found.append(
            Avenue(
                kk=kk, ru=ru, en=en, runs=runs, at=float(at), highway=highway, first=first, last=last,
                oneway=int(oneway or 0),
            )
        )  # fmt: skip
    return tuple(found)


WEST_EAST = _avenues(
    "we",
    """
    43.3490 | tertiary | Бекмаханов көшесі | улица Бекмаханова | Bekmakhanov Street | |
    43.3400 | tertiary | Шолохов көшесі | улица Шолохова | Sholokhov Street | |
    43.3330 | secondary | Майлин көшесі | улица Майлина | Mailin Street | 76.90–77.02 |
    43.3110 | tertiary | Дөнентаев көшесі | улица Дунентаева | Donentayev Street | |
    43.3040 | tertiary | Бөкейханов көшесі | улица Бокейханова | Bokeikhanov Street | |
    43.2980 | secondary | Солтүстік шеңбер көшесі | улица Северное кольцо | Northern Ring Street | |
    43.2895 | trunk | Рысқұлов даңғылы | проспект Рыскулова | Ryskulov Avenue | |
    43.2830 | tertiary | Ангарск көшесі | улица Ангарская | Angarsk Street | |
    43.2770 | tertiary | Ақан сері көшесі | улица Акан серэ | Akan Seri Street | |
    43.2700 | primary | Райымбек даңғылы | проспект Райымбека | Raiymbek Avenue | |
    43.2672 | secondary | Мақатаев көшесі | улица Макатаева | Maqatayev Street | 76.88–76.99 |
    43.2648 | tertiary | Жібек жолы даңғылы | проспект Жибек Жолы | Jibek Joly Avenue | 76.90–76.99 |
    43.2626 | tertiary | Гоголь көшесі | улица Гоголя | Gogol Street | 76.89–76.98 |
    43.2604 | tertiary | Әйтеке би көшесі | улица Айтеке би | Aiteke Bi Street | 76.86–76.97 |
    43.2582 | tertiary | Қазыбек би көшесі | улица Казыбек би | Qazybek Bi Street | 76.89–76.97 |
    43.2550 | secondary | Төле би көшесі | улица Толе би | Tole Bi Street | |
    43.2526 | tertiary | Бөгенбай батыр көшесі | улица Богенбай батыра | Bogenbai Batyr Street | 76.87–76.98 |
    43.2500 | tertiary | Қабанбай батыр көшесі | улица Кабанбай батыра | Qabanbai Batyr Street | 76.87–76.98 | -1
    43.2476 | tertiary | Жамбыл көшесі | улица Жамбыла | Jambyl Street | 76.88–76.98 | 1
    43.2452 | tertiary | Шевченко көшесі | улица Шевченко | Shevchenko Street | 76.88–76.98 |
    43.2428 | tertiary | Құрманғазы көшесі | улица Курмангазы | Qurmangazy Street | 76.89–76.97 |
    43.2400 | primary | Абай даңғылы | проспект Абая | Abai Avenue | |
    43.2368 | secondary | Сәтбаев көшесі | улица Сатпаева | Satbayev Street | 76.86–76.97 |
    43.2330 | tertiary | Бұқар жырау бульвары | бульвар Бухар жырау | Bukhar Jyrau Boulevard | 76.88–76.96 |
    43.2295 | secondary | Тимирязев көшесі | улица Тимирязева | Timiryazev Street | 76.86–76.97 |
    43.2270 | secondary | Жандосов көшесі | улица Жандосова | Jandosov Street | 76.80–76.86 |
    43.2240 | tertiary | Қажымұқан көшесі | улица Хаджи Мукана | Qajymuqan Street | 76.90–76.98 |
    43.2220 | tertiary | Шаляпин көшесі | улица Шаляпина | Shalyapin Street | 76.80–76.90 |
    43.2170 | trunk | Әл-Фараби даңғылы | проспект Аль-Фараби | Al-Farabi Avenue | |
    43.2110 | tertiary | Рамазанов көшесі | улица Рамазанова | Ramazanov Street | |
    43.2060 | tertiary | Керей-Жәнібек хандар көшесі | улица Керей-Жанибек хандар | Kerei-Janibek Street | 76.93–77.02 |
    43.2020 | secondary | Дулати көшесі | улица Дулати | Dulati Street | 76.80–76.95 |
    43.1950 | tertiary | Асқаров көшесі | улица Аскарова | Asqarov Street | |
    """,
)
NORTH_SOUTH = _avenues(
    "ns",
    """
    76.8130 | secondary | Яссауи көшесі | улица Яссауи | Yassawi Street | |
    76.8215 | tertiary | Алпысбаев көшесі | улица Алпысбаева | Alpysbayev Street | |
    76.8300 | primary | Момышұлы көшесі | улица Момышулы | Momyshuly Street | |
    76.8385 | tertiary | Правда көшесі | улица Правды | Pravda Street | |
    76.8455 | tertiary | Жұбанов көшесі | улица Жубанова | Jubanov Street | |
    76.8530 | trunk | Сайын көшесі | улица Саина | Saiyn Street | |
    76.8625 | secondary | Алтынсарин даңғылы | проспект Алтынсарина | Altynsarin Avenue | |
    76.8715 | tertiary | Өтеген батыр көшесі | улица Утеген батыра | Otegen Batyr Street | |
    76.8770 | tertiary | Тұрғыт Өзал көшесі | улица Тургута Озала | Turgut Ozal Street | |
    76.8830 | tertiary | Түркебаев көшесі | улица Туркебаева | Turkebayev Street | |
    76.8895 | secondary | Розыбакиев көшесі | улица Розыбакиева | Rozybakiyev Street | |
    76.8965 | secondary | Гагарин даңғылы | проспект Гагарина | Gagarin Avenue | |
    76.9020 | tertiary | Жароков көшесі | улица Жарокова | Jarokov Street | |
    76.9070 | tertiary | Әуезов көшесі | улица Ауэзова | Auezov Street | |
    76.9115 | tertiary | Манас көшесі | улица Манаса | Manas Street | 43.21–43.26 |
    76.9160 | secondary | Байзақов көшесі | улица Байзакова | Baizaqov Street | |
    76.9205 | tertiary | Шағабутдинов көшесі | улица Шагабутдинова | Shagabutdinov Street | 43.235–43.27 |
    76.9245 | tertiary | Масанчи көшесі | улица Масанчи | Masanchi Street | 43.22–43.27 |
    76.9285 | secondary | Байтұрсынұлы көшесі | улица Байтурсынулы | Baitursynuly Street | 43.217–43.27 | 1
    76.9325 | primary | Сейфуллин даңғылы | проспект Сейфуллина | Seifullin Avenue | |
    76.9362 | tertiary | Наурызбай батыр көшесі | улица Наурызбай батыра | Nauryzbai Batyr Street | 43.22–43.27 | -1
    76.9400 | secondary | Желтоқсан көшесі | улица Желтоксан | Jeltoqsan Street | 43.217–43.29 |
    76.9437 | secondary | Абылай хан даңғылы | проспект Абылай хана | Abylai Khan Avenue | 43.235–43.29 |
    76.9475 | primary | Назарбаев даңғылы | проспект Назарбаева | Nazarbayev Avenue | 43.20–43.27 |
    76.9475 | primary | Сүйінбай даңғылы | проспект Суюнбая | Suiinbai Avenue | 43.2705–43.36 |
    76.9512 | tertiary | Төлебаев көшесі | улица Тулебаева | Tolebayev Street | 43.235–43.27 | 1
    76.9550 | tertiary | Қонаев көшесі | улица Кунаева | Qonayev Street | 43.235–43.28 | -1
    76.9590 | primary | Достық даңғылы | проспект Достык | Dostyq Avenue | 43.19–43.27 |
    76.9590 | secondary | Пушкин көшесі | улица Пушкина | Pushkin Street | 43.2705–43.30 |
    76.9630 | tertiary | Уәлиханов көшесі | улица Валиханова | Walikhanov Street | 43.235–43.275 |
    76.9670 | tertiary | Қалдаяқов көшесі | улица Калдаякова | Qaldayaqov Street | 43.235–43.275 |
    76.9690 | secondary | Жансүгіров көшесі | улица Жансугурова | Jansugirov Street | 43.28–43.36 |
    76.9760 | tertiary | Жангелдин көшесі | улица Жангельдина | Jangeldin Street | 43.24–43.30 |
    76.9850 | trunk | Шығыс айналма жолы | Восточная объездная дорога | Eastern Bypass | |
    76.9930 | tertiary | Халиуллин көшесі | улица Халиуллина | Khaliullin Street | |
    77.0010 | tertiary | Бұқтырма көшесі | улица Бухтарминская | Buqtyrma Street | |
    """,
)
MOTORWAY = Avenue(
    kk="Солтүстік айналма автожолы",
    ru="автомагистраль Северный обход",
    en="Northern Bypass Motorway",
    runs="we",
    at=43.3185,
    highway="motorway",
    first=76.812,
    last=77.004,
)

RIVERS: tuple[tuple[Title, float, tuple[tuple[float, float], ...]], ...] = (
    (
        Title(kk="Үлкен Алматы өзені", ru="река Большая Алматинка", en="Ulken Almaty River"),
        24.0,
        _course(
            "76.886 43.180, 76.877 43.205, 76.8735 43.222, 76.869 43.245, 76.8665 43.270, 76.872 43.295, 76.8695 43.327"
        ),
    ),
    (
        Title(kk="Есентай өзені", ru="река Есентай", en="Yesentai River"),
        14.0,
        _course(
            "76.936 43.182, 76.9285 43.205, 76.9225 43.225, 76.9190 43.245, 76.9175 43.265, 76.924 43.295, "
            "76.931 43.320, 76.936 43.359"
        ),
    ),
    (
        Title(kk="Кіші Алматы өзені", ru="река Малая Алматинка", en="Kishi Almaty River"),
        18.0,
        _course(
            "76.989 43.190, 76.9765 43.210, 76.9675 43.228, 76.9645 43.245, 76.9655 43.262, 76.9595 43.290, "
            "76.962 43.320, 76.956 43.358"
        ),
    ),
)
LAKES: tuple[tuple[Title, float, float, float], ...] = (
    (Title(kk="Сайран су қоймасы", ru="водохранилище Сайран", en="Sairan Reservoir"), 76.8672, 43.2475, 300.0),
    (Title(kk="Аэропорт көлі", ru="Аэропортовское озеро", en="Airport Lake"), 76.9880, 43.3450, 260.0),
)
PARKS: tuple[tuple[Title, float, float, float], ...] = (
    (Title(kk="Орталық саябақ", ru="Центральный парк", en="Central Park"), 76.9715, 43.2625, 520.0),
    (
        Title(kk="28 панфиловшы-гвардияшылар саябағы", ru="парк 28 гвардейцев-панфиловцев", en="Panfilov Park"),
        76.9532,
        43.2590,
        240.0,
    ),
    (Title(kk="Бас ботаникалық бақ", ru="Главный ботанический сад", en="Botanical Garden"), 76.9130, 43.2215, 480.0),
    (Title(kk="Президент саябағы", ru="парк Президента", en="President Park"), 76.8880, 43.1960, 560.0),
    (Title(kk="Баум тоғайы", ru="роща Баума", en="Baum Grove"), 76.9400, 43.3060, 520.0),
    (Title(kk="Ганди саябағы", ru="парк Ганди", en="Gandhi Park"), 76.9140, 43.2365, 190.0),
    (Title(kk="Желтоқсан саябағы", ru="парк Желтоксан", en="Jeltoqsan Park"), 76.8600, 43.2340, 260.0),
    (Title(kk="Оңтүстік саябағы", ru="Южный парк", en="Southern Park"), 76.8400, 43.2080, 320.0),
    (Title(kk="Алатау саябағы", ru="парк Алатау", en="Alatau Park"), 76.8220, 43.2760, 340.0),
    (Title(kk="Саялы саябағы", ru="парк Саялы", en="Sayaly Park"), 76.8400, 43.3000, 300.0),
    (Title(kk="Теміржолшылар саябағы", ru="парк Железнодорожников", en="Railwaymen's Park"), 76.9720, 43.3300, 260.0),
    (Title(kk="Медеу саябағы", ru="парк Медеу", en="Medeu Park"), 76.9980, 43.2180, 420.0),
    (Title(kk="Көктөбе саябағы", ru="парк Кок-Тобе", en="Kok-Tobe Park"), 76.9850, 43.2330, 460.0),
)
MICRODISTRICTS: tuple[tuple[str, str, str, float, float], ...] = (
    ("Ақсай", "Аксай", "Aqsai", 76.832, 43.236),
    ("Таугүл", "Таугуль", "Taugul", 76.868, 43.212),
    ("Орбита", "Орбита", "Orbita", 76.882, 43.196),
    ("Самал", "Самал", "Samal", 76.955, 43.230),
    ("Көктем", "Коктем", "Koktem", 76.925, 43.230),
    ("Қалқаман", "Калкаман", "Qalqaman", 76.812, 43.215),
    ("Шаңырақ", "Шанырак", "Shangyraq", 76.830, 43.318),
    ("Айгерім", "Айгерим", "Aigerim", 76.818, 43.335),
    ("Алғабас", "Алгабас", "Algabas", 76.812, 43.295),
    ("Дархан", "Дархан", "Darkhan", 76.850, 43.290),
    ("Өжет", "Ожет", "Ojet", 76.862, 43.316),
    ("Жұлдыз", "Жулдыз", "Juldyz", 76.985, 43.350),
    ("Құлагер", "Кулагер", "Qulager", 76.945, 43.322),
    ("Маяк", "Маяк", "Mayak", 76.948, 43.348),
    ("Алтай", "Алтай", "Altai", 76.965, 43.348),
    ("Думан", "Думан", "Duman", 77.006, 43.290),
    ("Гүлдер", "Гульдер", "Gulder", 76.990, 43.272),
    ("Ерменсай", "Ерменсай", "Yermensai", 76.930, 43.192),
    ("Тастақ", "Тастак", "Tastaq", 76.880, 43.262),
    ("Дорожник", "Дорожник", "Dorojnik", 76.880, 43.300),
    ("Мамыр", "Мамыр", "Mamyr", 76.845, 43.218),
    ("Жетісу", "Жетысу", "Jetisu", 76.850, 43.228),
    ("Достық", "Достык", "Dostyq", 76.822, 43.250),
    ("Горный Гигант", "Горный Гигант", "Gorny Gigant", 76.960, 43.212),
    ("Баганашыл", "Баганашыл", "Baganashyl", 76.915, 43.200),
    ("Қарғалы", "Каргалы", "Qargaly", 76.835, 43.195),
    ("Ақбұлақ", "Акбулак", "Aqbulaq", 76.835, 43.268),
    ("Зердел", "Зердели", "Zerdeli", 76.812, 43.310),
    ("Кемел", "Кемел", "Kemel", 76.900, 43.300),
    ("Нұрлытау", "Нурлытау", "Nurlytau", 76.995, 43.205),
)


def to_metres(lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return x east, y north in metres from the middle of the plan for lon, lat in degrees."""
    metres: NDArray[np.float64] = (lonlat - np.array([LON0, LAT0])) * np.array(
        [METRES_A_DEGREE_LON, METRES_A_DEGREE_LAT]
    )
    return metres


def to_degrees(metres: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return lon, lat in degrees for x east, y north in metres."""
    lonlat: NDArray[np.float64] = metres / np.array([METRES_A_DEGREE_LON, METRES_A_DEGREE_LAT]) + np.array([LON0, LAT0])
    return lonlat


def outline(corners: tuple[tuple[float, float], ...]) -> shapely.Polygon:
    """Return a ring of lon, lat as a polygon in metres."""
    return shapely.Polygon(to_metres(np.array(corners)))


def spot(lon: float, lat: float) -> tuple[float, float]:
    """Return one place in metres."""
    x, y = to_metres(np.array([[lon, lat]]))[0]
    return float(x), float(y)
