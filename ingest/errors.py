"""Every refusal of the door for machines: one table of codes, one body shape, three languages."""

from dataclasses import asdict
from typing import Any

import msgspec
from starlette.responses import Response

from layers import faults
from layers.values import Title


def _title(kk: str, ru: str, en: str) -> Title:
    return Title(kk=kk, ru=ru, en=en)


# code → status and its sentence. Nothing that was sent is repeated in an answer: it may be NaN, or personal.
ERRORS: dict[str, tuple[int, Title]] = {
    # ── the request ──
    "malformed": (
        400,
        _title(
            "Сұрау түсініксіз: JSON немесе өрістері қате.",
            "Запрос непонятен: неверный JSON или неверные поля.",
            "The body cannot be read: it is not JSON, or its fields are not those of /openapi.json.",
        ),
    ),
    "missing_field": (
        400,
        _title(
            "Құрылғы (id) мен орын (lat, lon) қажет.",
            "Нужны устройство (id) и место (lat, lon).",
            "A position needs its device (id) and its place (lat and lon).",
        ),
    ),
    "too_large": (413, _title("Сұрау тым үлкен.", "Запрос слишком велик.", "The body is larger than this door takes.")),
    "too_many": (
        413,
        _title(
            "Бір сұрауда тым көп жазба.",
            "Слишком много записей в одном запросе.",
            "One request holds too many entries.",
        ),
    ),
    "too_slow": (
        408,
        _title("Сұрау тым баяу келді.", "Запрос пришёл слишком медленно.", "The body took too long to arrive."),
    ),
    "not_found": (404, _title("Мұндай мекенжай жоқ.", "Такого адреса нет.", "There is nothing at this address.")),
    "wrong_method": (
        405,
        _title("Бұл әдіс мұнда жұмыс істемейді.", "Этот метод здесь не работает.", "This method does not work here."),
    ),
    # ── the sender ──
    "no_key": (
        401,
        _title(
            "Кілт жоқ: X-Qyran-Key тақырыбы немесе key параметрі қажет.",
            "Нет ключа: нужен заголовок X-Qyran-Key или параметр key.",
            "The key is missing: send it as the header X-Qyran-Key or the query parameter key.",
        ),
    ),
    "unknown_key": (401, _title("Кілт белгісіз.", "Ключ неизвестен.", "The key is not known here.")),
    # Which end a key met is told to who holds it: it was good once, so this says nothing to who guesses.
    "expired_key": (
        403,
        _title(
            "Бұл кілттің мерзімі өтті: әкімшіден жаңасын сұраңыз.",
            "Срок этого ключа истёк: попросите у администратора новый.",
            "This key has expired: ask the administrator for a new one.",
        ),
    ),
    "revoked_key": (
        403,
        _title(
            "Бұл кілт қайтарып алынған: әкімшіден жаңасын сұраңыз.",
            "Этот ключ отозван: попросите у администратора новый.",
            "This key has been revoked: ask the administrator for a new one.",
        ),
    ),
    "disabled_key": (
        403,
        _title("Бұл кілт өшірілген.", "Этот ключ отключён.", "The source of this key has been switched off."),
    ),
    "wrong_kind": (
        403,
        _title(
            "Бұл кілт мұндай деректерге арналмаған.",
            "Этот ключ не для таких данных.",
            "The source of this key sends another kind of data.",
        ),
    ),
    "too_many_requests": (
        429,
        _title(
            "Бұл кілтпен сұраулар тым жиі келеді: Retry-After секундтан кейін қайталаңыз.",
            "Запросы с этим ключом идут слишком часто: повторите через Retry-After секунд.",
            "This key makes more requests a second than its source may: send it again after Retry-After seconds.",
        ),
    ),
    "too_many_rows": (
        429,
        _title(
            "Бұл кілтпен жазбалар тым көп келеді: Retry-After секундтан кейін қайталаңыз.",
            "С этим ключом приходит слишком много записей: повторите через Retry-After секунд.",
            "This key brings more entries a second than its source may: send it again after Retry-After seconds.",
        ),
    ),
    "too_many_tries": (
        429,
        _title(
            "Бұл мекенжайдан белгісіз кілттер тым көп келді: Retry-After секундтан кейін қайталаңыз.",
            "С этого адреса пришло слишком много неизвестных ключей: повторите через Retry-After секунд.",
            "Too many unknown keys came from this address: send it again after Retry-After seconds.",
        ),
    ),
    # ── one position or event ──
    "outside_source_area": (
        403,
        _title(
            "Орын осы дереккөздің аумағынан тыс.",
            "Место вне территории этого источника.",
            "The place lies outside the area of this source.",
        ),
    ),
    "bad_entry": (
        400,
        _title(
            "Жазбаның өрістері қате.",
            "Поля записи неверны.",
            "A field is missing, or is not of the type that /openapi.json gives it.",
        ),
    ),
    "unknown_device": (
        400,
        _title(
            "Мұндай құрылғы тіркелмеген.",
            "Такое устройство не зарегистрировано.",
            "No unit within the area of this source carries that device.",
        ),
    ),
    "not_finite": (
        400,
        _title(
            "Сан NaN немесе шексіз бола алмайды.",
            "Число не может быть NaN или бесконечным.",
            "A number is NaN or infinite.",
        ),
    ),
    "off_the_globe": (
        400,
        _title(
            "Орын шектен тыс: бойлық ±180, ендік ±90.",
            "Место вне пределов: долгота ±180, широта ±90.",
            "The place is out of range: longitude is -180 to 180 and latitude -90 to 90 degrees.",
        ),
    ),
    "bad_speed": (
        400,
        _title(
            "Жылдамдық 0–1000 км/сағ болуы керек.",
            "Скорость должна быть 0–1000 км/ч.",
            "The speed is out of range: 0 to 1000 km/h.",
        ),
    ),
    "bad_heading": (
        400,
        _title(
            "Бағыт 0–360 градус болуы керек.",
            "Направление должно быть 0–360 градусов.",
            "The heading is out of range: 0 to 360 degrees clockwise from north.",
        ),
    ),
    "bad_time": (
        400,
        _title(
            "Уақыт түсініксіз: ISO 8601 немесе 1970 жылдан бергі секунд.",
            "Время непонятно: нужны ISO 8601 или секунды с 1970 года.",
            "The time cannot be read: give ISO 8601 or seconds since 1970.",
        ),
    ),
    "from_the_future": (
        400,
        _title(
            "Уақыт болашақта; құрылғы сағатын тексеріңіз.",
            "Время в будущем; проверьте часы устройства.",
            "The time lies more than 60 s in the future: check the clock of the device.",
        ),
    ),
    "too_old": (
        400,
        _title("Жазба тым ескі.", "Запись слишком старая.", "The time lies more than 30 days in the past."),
    ),
    "no_fix": (
        400,
        _title(
            "Құрылғының өзі орнын білмейді.",
            "Само устройство не знает своего места.",
            "The device itself says that this position is not valid.",
        ),
    ),
    "unknown_event_kind": (
        400,
        _title("Оқиғаның мұндай түрі жоқ.", "Такого вида события нет.", "There is no event kind of that name."),
    ),
    "bad_certainty": (
        400,
        _title("Сенімділік 0–1 болуы керек.", "Уверенность должна быть 0–1.", "The certainty is out of range: 0 to 1."),
    ),
    "bad_ellipse": (
        400,
        _title(
            "Эллипс жарты осьтері оң, үлкені кішісінен кем емес болуы керек.",
            "Полуоси эллипса положительны, большая не меньше малой.",
            "The ellipse needs semi-axes of 1 mm to 100 km, the major not below the minor, and a bearing of 0 to 360.",
        ),
    ),
    "bad_text": (
        400,
        _title(
            "Мәтін бос, тым ұзын немесе жарамсыз таңбалары бар.",
            "Текст пуст, слишком длинный или с недопустимыми знаками.",
            "A text is empty, too long, nested too deeply, or holds what cannot be stored.",
        ),
    ),
    "bad_picture": (
        400,
        _title(
            "Сурет base64 түріндегі JPEG болуы керек.",
            "Снимок должен быть JPEG в base64.",
            "The picture is not a JPEG in base64.",
        ),
    ),
    # ── ours ──
    "store_away": (
        503,
        _title(
            "Деректер қоры жауап бермейді; ештеңе сақталмады, қайта жіберіңіз.",
            "База данных не отвечает; ничего не сохранено, отправьте ещё раз.",
            "The store does not answer and nothing of this was acknowledged: send it again.",
        ),
    ),
    "store_full": (
        503,  # not 507, which speaks of the resource asked for (RFC 4918): this passes when somebody frees the disk
        _title(
            "Деректер қорының дискісі толы; ештеңе сақталмады.",
            "Диск базы данных полон; ничего не сохранено.",
            "The disk of the store is full; nothing was stored.",
        ),
    ),
    "busy": (
        503,
        _title(
            "Кезек толы; ештеңе сақталмады, қайта жіберіңіз.",
            "Очередь полна; ничего не сохранено, отправьте ещё раз.",
            "Too much is waiting to be stored and nothing of this was acknowledged: send it again.",
        ),
    ),
    "internal": (
        500,
        _title("Ішкі қате.", "Внутренняя ошибка.", "Something failed in the door; it is in its log."),
    ),
}


class Refusal(Exception):
    """A request that is not done, by its code in `ERRORS`; KeyError where the code is not in the table."""

    def __init__(self, code: str, **details: int | str) -> None:
        """Keep the code, its status and details of our own making: never what was sent."""
        self.code, self.details = code, details
        self.status = ERRORS[code][0]
        super().__init__(code)


def unstored(error: BaseException) -> Refusal:
    """Return what is told of a store that did not take something: its disk is full, or it does not answer."""
    return Refusal("store_full" if faults.is_full(error) else "store_away")


def error_body(code: str, details: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return `{code, description, message, details}` of one code."""
    message = asdict(ERRORS[code][1])
    return {"code": code, "description": message["en"], "message": message, "details": details or {}}


def answer(refusal: Refusal) -> Response:
    """Return the whole answer of one refusal."""
    again_s = 2 if refusal.status == 503 else refusal.details.get("retry_after_s")
    headers = {} if again_s is None else {"Retry-After": str(again_s)}
    body = msgspec.json.encode(error_body(refusal.code, refusal.details))
    return Response(body, refusal.status, headers, media_type="application/json")
