"""Every refusal of the server: one table of codes, one body shape, three languages, and never a traceback."""

import math
import secrets
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import orjson
import psycopg.errors
import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from geo_server.operations.catalogue import catalogue
from layers import faults
from layers.values import Title

log = structlog.get_logger()


def _title(kk: str, ru: str, en: str) -> Title:
    return Title(kk=kk, ru=ru, en=en)


# code → status and its sentence; `{words}` are filled from the refusal's details. Add a line, raise `Refusal(code)`.
ERRORS: dict[str, tuple[int, Title]] = {
    # ── the request itself ──
    "bad_request": (
        400,
        _title("Сұрау қате: {where}.", "Неверный запрос: {where}.", "The request is wrong at {where}: {problem}."),
    ),
    "unreadable_body": (
        400,
        _title(
            "Сұраудың денесі оқылмайды: JSON қате.",
            "Тело запроса не читается: неверный JSON.",
            "The body cannot be read: it is not JSON in UTF-8, holds too long a number, or is nested too deeply.",
        ),
    ),
    "bad_value": (
        400,
        _title(
            "Мәнді сақтау мүмкін емес.",
            "Значение нельзя принять.",
            "A value in the request is out of range or holds a character that cannot be stored.",
        ),
    ),
    "bad_bbox": (
        400,
        _title(
            "bbox төрт немесе алты саннан тұруы керек: батыс, оңтүстік, шығыс, солтүстік.",
            "bbox — это четыре или шесть чисел: запад, юг, восток, север.",
            "bbox is four (or six) numbers on the globe: west, south, east, north, with south not above north.",
        ),
    ),
    "bad_datetime": (
        400,
        _title(
            "datetime — RFC 3339 уақыты немесе аралығы.",
            "datetime — это время или промежуток по RFC 3339.",
            "datetime is an RFC 3339 instant or an interval such as 2026-01-01T00:00:00Z/.. .",
        ),
    ),
    "unknown_parameter": (
        400,
        _title("Белгісіз параметр: {name}.", "Неизвестный параметр: {name}.", "There is no query parameter {name}."),
    ),
    "foreign_origin": (
        403,
        _title(
            "Сұрау басқа сайттан келді.",
            "Запрос пришёл с другого сайта.",
            "The request came from another site and changes nothing here.",
        ),
    ),
    "not_found": (404, _title("Мұндай бет жоқ.", "Такой страницы нет.", "There is nothing at this address.")),
    "wrong_method": (
        405,
        _title("Бұл әдіс мұнда жұмыс істемейді.", "Этот метод здесь не работает.", "This method does not work here."),
    ),
    "too_large": (413, _title("Сұрау тым үлкен.", "Запрос слишком велик.", "The request is too large.")),
    # ── who asks ──
    "not_signed_in": (401, _title("Жүйеге кіріңіз.", "Войдите в систему.", "Sign in first.")),
    "wrong_password": (
        401,
        _title("Аты немесе құпиясөз қате.", "Неверное имя или пароль.", "The name or the password is wrong."),
    ),
    "locked": (
        429,
        _title(
            "Тым көп қате әрекет; {minutes} минуттан кейін қайталаңыз.",
            "Слишком много неверных попыток; повторите через {minutes} мин.",
            "Too many wrong tries; try again in {minutes} minutes.",
        ),
    ),
    "area_closed": (
        403,
        _title(
            "Бұл аумақ енді жоқ: ол біріктірілген немесе таратылған.",
            "Этой территории больше нет: её объединили или упразднили.",
            "That area is no longer there: it was merged into another or struck off.",
        ),
    ),
    "second_factor_needed": (
        403,
        _title(
            "Алдымен екінші факторды растаңыз.",
            "Сначала подтвердите второй фактор.",
            "Give the second factor first.",
        ),
    ),
    "new_password_needed": (
        403,
        _title("Алдымен құпиясөзді ауыстырыңыз.", "Сначала смените пароль.", "Choose a password of your own first."),
    ),
    "provider_failed": (
        403,
        _title(
            "Ұйымның кіру жүйесі сізді растамады; қайталап көріңіз немесе құпиясөзбен кіріңіз.",
            "Система входа организации вас не подтвердила; повторите или войдите по паролю.",
            "Your organisation's sign-in did not vouch for you; try again, or sign in with a password.",
        ),
    ),
    "not_entitled": (
        403,
        _title(
            "Ұйымдағы есептік жазбаңыз мұнда құқық бермейді; әкімшіге хабарласыңыз.",
            "Ваша учётная запись организации не даёт здесь прав; обратитесь к администратору.",
            "Your organisation's account gives you no right here; ask your administrator.",
        ),
    ),
    "bad_ticket": (
        403,
        _title(
            "Билет жарамсыз, пайдаланылған немесе ескірген; жаңасын сұраңыз.",
            "Билет недействителен, использован или устарел; запросите новый.",
            "The ticket is none of this session's, was used, or is older than half a minute; ask for a new one.",
        ),
    ),
    "session_needed": (
        403,
        _title(
            "Бұған сессия керек: /api/session арқылы кіріңіз.",
            "Для этого нужна сессия: войдите через /api/session.",
            "This needs a session: sign in at /api/session; HTTP Basic has none.",
        ),
    ),
    "step_up_needed": (
        403,
        _title(
            "Бұл әрекет үшін өзіңізді қайта растаңыз.",
            "Для этого действия подтвердите себя ещё раз.",
            "Confirm once more who you are for this.",
        ),
    ),
    "purpose_needed": (
        422,
        _title(
            "Мақсатын көрсетіңіз: оқыс оқиға немесе себеп.",
            "Укажите цель: происшествие или причину.",
            "State a purpose: an incident, or a reason.",
        ),
    ),
    "bad_purpose": (
        422,
        _title(
            "Мақсат — оқыс оқиғаның нөмірі немесе {shortest}–{longest} таңбалы себеп.",
            "Цель — номер происшествия или причина от {shortest} до {longest} знаков.",
            "A purpose is an incident's id or a reason of {shortest} to {longest} letters.",
        ),
    ),
    "held_above": (
        409,
        _title(
            "Оқыс оқиғаны жоғары деңгей өз қолына алды: {area}.",
            "Происшествием руководит вышестоящий уровень: {area}.",
            "A level above commands this incident: {area}.",
        ),
    ),
    "not_below_you": (
        409,
        _title(
            "Оқыс оқиға өз аумағыңызда, қолға алудың қажеті жоқ.",
            "Происшествие на вашем уровне: принимать командование не нужно.",
            "This incident stands at your own level: there is nothing to take over.",
        ),
    ),
    "not_above": (
        409,
        _title(
            "Бұл деңгей сізден жоғары емес.",
            "Этот уровень не выше вашего.",
            "That level is not above yours.",
        ),
    ),
    "no_caller": (
        404,
        _title(
            "Хабарлаушы белгісіз.",
            "Заявитель неизвестен.",
            "Nobody is known to have called about this incident.",
        ),
    ),
    "no_such_grant": (
        404,
        _title(
            "Мұндай рұқсат жоқ.",
            "Такого разрешения нет.",
            "There is no such grant.",
        ),
    ),
    "no_such_area": (
        404,
        _title(
            "Мұндай аумақ жоқ.",
            "Такой территории нет.",
            "There is no such area.",
        ),
    ),
    "not_your_role": (
        403,
        _title("Бұл сіздің рөліңізге жатпайды.", "Это не входит в вашу роль.", "Your role does not do this."),
    ),
    "proof_too_weak": (
        403,
        _title(
            "Құпиясөз жеткіліксіз: екінші факторды пайдаланыңыз.",
            "Пароля недостаточно: используйте второй фактор.",
            "The password is not enough: this account proves itself by its second factor.",
        ),
    ),
    "wrong_code": (403, _title("Код қате.", "Неверный код.", "The code is wrong.")),
    "code_used": (
        403,
        _title(
            "Бұл код пайдаланылған; келесісін күтіңіз.",
            "Этот код уже использован; дождитесь следующего.",
            "This code was used already; wait for the next one.",
        ),
    ),
    "clock_went_back": (
        403,
        _title(
            "Сервердің сағаты артқа жылжыған: кодтар әзірге қабылданбайды.",
            "Часы сервера перевели назад: коды пока не принимаются.",
            "The server's clock was set back since the last code: no code is taken until it has caught up.",
        ),
    ),
    "wrong_key": (
        403,
        _title(
            "Қауіпсіздік кілтінің жауабы жарамсыз.",
            "Ответ ключа безопасности не подходит.",
            "The security key's answer does not fit.",
        ),
    ),
    "no_challenge": (
        409,
        _title(
            "Сұраудың мерзімі өткен; қайта бастаңыз.",
            "Запрос к ключу устарел; начните заново.",
            "The question to the key is no longer open; begin again.",
        ),
    ),
    "key_known": (
        409,
        _title("Бұл кілт тіркелген.", "Этот ключ уже зарегистрирован.", "This key is enrolled already."),
    ),
    "no_second_factor": (
        409,
        _title("Мұндай екінші фактор жоқ.", "Такого второго фактора нет.", "There is no such second factor."),
    ),
    "nothing_to_confirm": (
        409,
        _title(
            "Растайтын ештеңе жоқ; қайта бастаңыз.",
            "Подтверждать нечего; начните заново.",
            "There is nothing to confirm; begin again.",
        ),
    ),
    "second_factor_unreadable": (
        409,
        _title(
            "Екінші факторды оқу мүмкін емес; әкімшіден оны тастауды сұраңыз.",
            "Второй фактор не читается; попросите администратора сбросить его.",
            "The second factor cannot be read; ask an administrator to reset it.",
        ),
    ),
    "no_password": (
        409,
        _title(
            "Бұл есептік жазбаның құпиясөзі мұнда емес.",
            "У этой учётной записи здесь нет пароля.",
            "This account has no password here: it signs in elsewhere.",
        ),
    ),
    "same_password": (
        409,
        _title("Жаңа құпиясөз ескісімен бірдей.", "Новый пароль совпадает со старым.", "The new password is the old."),
    ),
    "no_such_account": (
        404,
        _title("Мұндай есептік жазба жоқ.", "Такой учётной записи нет.", "There is no such account here."),
    ),
    "no_such_session": (404, _title("Мұндай сессия жоқ.", "Такой сессии нет.", "There is no such session here.")),
    "name_taken": (
        409,
        _title("Бұл атау бос емес: {name}.", "Имя занято: {name}.", "The name {name} is taken."),
    ),
    "not_your_own": (
        403,
        _title(
            "Өз есептік жазбаңызды өзгерте алмайсыз.",
            "Свою учётную запись так не меняют.",
            "Nobody changes their own account this way.",
        ),
    ),
    "not_your_maker": (
        403,
        _title(
            "Бұл есептік жазба сіздікін ашқан; оны сіз өзгерте алмайсыз.",
            "Эта учётная запись завела вашу; вы её не меняете.",
            "This account made yours, or made the one that did: you do not manage it.",
        ),
    ),
    "not_locked": (
        409,
        _title("Бұл атау құлыпталмаған.", "Это имя не заблокировано.", "The name is not locked."),
    ),
    # ── what is not there ──
    "no_such_layer": (404, _title("Мұндай қабат жоқ.", "Такого слоя нет.", "There is no layer of this name.")),
    "no_such_feature": (404, _title("Мұндай нысан жоқ.", "Такого объекта нет.", "There is no such feature here.")),
    "no_such_tile": (404, _title("Мұндай тайл жоқ.", "Такого тайла нет.", "There is no such tile.")),
    "no_such_event": (404, _title("Мұндай оқиға жоқ.", "Такого события нет.", "There is no such event here.")),
    "no_such_incident": (
        404,
        _title("Мұндай оқыс оқиға жоқ.", "Такого происшествия нет.", "There is no such incident here."),
    ),
    "no_such_dispatch": (
        404,
        _title("Мұндай жіберу жоқ.", "Такого направления нет.", "There is no such dispatch here."),
    ),
    "no_such_unit": (404, _title("Мұндай жасақ жоқ.", "Такого наряда нет.", "There is no such unit here.")),
    "no_such_picture": (
        404,
        _title("Бұл оқиғаның суреті жоқ.", "У этого события нет снимка.", "This event has no picture."),
    ),
    "no_such_road": (404, _title("Мұндай жол жоқ.", "Такой дороги нет.", "There is no such road here.")),
    "no_such_closure": (
        404,
        _title("Мұндай жабық жол жоқ.", "Такого перекрытия нет.", "There is no such closure here."),
    ),
    "no_such_source": (
        404,
        _title("Мұндай дереккөз жоқ.", "Такого источника нет.", "There is no such source here."),
    ),
    "no_such_key": (404, _title("Мұндай кілт жоқ.", "Такого ключа нет.", "There is no such key here.")),
    "source_name_taken": (
        409,
        _title("Бұл атау бос емес.", "Это имя занято.", "A source of this name is there already."),
    ),
    "too_many_keys": (
        409,
        _title(
            "Бұл дереккөздің он жарамды кілті бар: алдымен бірін қайтарып алыңыз.",
            "У этого источника уже десять действующих ключей: сначала отзовите один из них.",
            "This source has ten keys that are good: revoke one of them first.",
        ),
    ),
    # ── what cannot be done as things stand ──
    "already_decided": (
        409,
        _title(
            "Оқиға бойынша шешім қабылданған: {state}.",
            "По событию уже принято решение: {state}.",
            "The event is already decided: {state}.",
        ),
    ),
    "joined_keeps_its_own": (
        400,
        _title(
            "Қосылатын оқыс оқиғаның санаты мен басымдығы өзгермейді: category мен priority жібермеңіз.",
            "Категория и приоритет происшествия, к которому присоединяют, не меняются: не передавайте их.",
            "An incident that is joined keeps its category and priority: leave them out, or open one with join: null.",
        ),
    ),
    "unit_busy": (
        409,
        _title(
            "Жасақ бос емес: {call_signs}. Ешкім жіберілген жоқ.",
            "Наряд занят: {call_signs}. Никто не направлен.",
            "Already sent elsewhere: {call_signs}. Nobody was dispatched.",
        ),
    ),
    "unit_off_duty": (
        409,
        _title(
            "Жасақ ауысымнан тыс: {call_signs}. Ешкім жіберілген жоқ.",
            "Наряд вне смены: {call_signs}. Никто не направлен.",
            "Not on duty: {call_signs}. Nobody was dispatched.",
        ),
    ),
    "unit_not_placed": (
        409,
        _title(
            "Жасақтың орны белгісіз: {call_signs}. Ешкім жіберілген жоқ.",
            "Положение наряда неизвестно: {call_signs}. Никто не направлен.",
            "No position was ever sent by {call_signs}. Nobody was dispatched.",
        ),
    ),
    "incident_closed": (
        409,
        _title("Оқыс оқиға жабылған.", "Происшествие закрыто.", "The incident is closed."),
    ),
    "units_still_bound": (
        409,
        _title(
            "Жасақтар әлі тапсырмада: {call_signs}.",
            "Наряды ещё на задании: {call_signs}.",
            "Units are still bound to it: {call_signs}. Let them clear, or cancel them.",
        ),
    ),
    "wrong_transition": (
        409,
        _title(
            "«{status}» күйінен кейін бұл күй бола алмайды; мүмкіні: {allowed}.",
            "После статуса «{status}» такое невозможно; возможно: {allowed}.",
            "That status cannot follow “{status}”; allowed: {allowed}.",
        ),
    ),
    "reason_needed": (
        400,
        _title("Себебін жазыңыз.", "Укажите причину.", "Say why: a reason is needed."),
    ),
    "no_such_category": (
        400,
        _title("Мұндай санат жоқ: {name}.", "Нет такой категории: {name}.", "There is no category {name}."),
    ),
    "outside_your_area": (
        403,
        _title(
            "Бұл орын құзырет аумағыңыздан тыс.",
            "Это место вне вашей зоны ответственности.",
            "That place is outside your area of responsibility.",
        ),
    ),
    # ── ours ──
    "audit_unwritten": (
        503,
        _title(
            "Аудитке жазу мүмкін болмады; ештеңе жасалмады.",
            "Запись в аудит не удалась; ничего не сделано.",
            "The audit could not be written; nothing was done.",
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
    "store_down": (
        503,
        _title(
            "Деректер қоры жауап бермейді.", "База данных не отвечает.", "The store does not answer; try again soon."
        ),
    ),
    "internal": (
        500,
        _title(
            "Сервер қатесі {error_id}; журналға жазылды.",
            "Ошибка сервера {error_id}; записана в журнал.",
            "Something failed in the server; it is in the log as {error_id}.",
        ),
    ),
}


class Refusal(Exception):
    """A request that is not done, by its code in `ERRORS`; KeyError where the code is not in the table."""

    def __init__(self, code: str, **details: Any) -> None:
        """Keep the code, its status and the details that travel in the body."""
        self.code, self.details = code, details
        self.status, self.title = ERRORS[code]
        super().__init__(code)


_LANGUAGES = ("kk", "ru", "en")
_NOTHING = _title("ештеңе", "ничего", "nothing")


class _Blank(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "…"


def _plain(value: Any) -> Any:
    """Return the value as JSON can carry it: NaN and infinities become null, strange things their text."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Title):
        return asdict(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(item) for item in value]
    return value if value is None or isinstance(value, (bool, int, str)) else str(value)


def _spoken(details: Mapping[str, Any], language: str) -> _Blank:
    """Return the details as a sentence of that language says them: statuses by their words, several with commas."""
    known = catalogue()
    families = {"status": known.unit_statuses, "allowed": known.unit_statuses, "state": known.event_states}
    return _Blank({name: _said(value, families.get(name, {}), language) for name, value in details.items()})


def _said(value: Any, titles: Mapping[str, Title], language: str) -> Any:
    if isinstance(value, Title):
        return getattr(value, language)
    if isinstance(value, (list, tuple)):
        return ", ".join(str(_said(item, titles, language)) for item in value) or getattr(_NOTHING, language)
    return getattr(titles[value], language) if isinstance(value, str) and value in titles else value


def error_body(code: str, details: Mapping[str, Any]) -> dict[str, Any]:
    """Return `{code, description, message, details}` of one code; the sentence is filled from the details."""
    title = ERRORS[code][1]
    message = {language: getattr(title, language).format_map(_spoken(details, language)) for language in _LANGUAGES}
    return {"code": code, "description": message["en"], "message": message, "details": _plain(details)}


def error_response(code: str, *, headers: Mapping[str, str] | None = None, **details: Any) -> Response:
    """Return the whole answer of one code."""
    body = orjson.dumps(error_body(code, details), option=orjson.OPT_NON_STR_KEYS, default=str)
    return Response(body, ERRORS[code][0], dict(headers or {}), media_type="application/json")


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)
    # A browser shows its own password box on a Basic challenge, so only programs that did not come by fetch get one.
    asks = error.status == 401 and "sec-fetch-mode" not in request.headers
    headers = {"WWW-Authenticate": 'Basic realm="Qyran", charset="UTF-8"'} if asks else {}
    if error.code == "locked":
        headers["Retry-After"] = str(int(error.details.get("minutes", 15)) * 60)
    return error_response(error.code, headers=headers, **error.details)


async def _invalid(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    # The input itself is never echoed: NaN in it cannot be written as JSON, and it may be personal.
    problems = [
        {"where": ".".join(map(str, e["loc"])), "problem": e["msg"], "type": e["type"]} for e in error.errors()[:20]
    ]
    first = problems[0] if problems else {}
    return error_response("bad_request", **{"where": "…", **first}, problems=problems)


async def _http(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    known = {400: "unreadable_body", 401: "not_signed_in", 404: "not_found", 405: "wrong_method", 413: "too_large"}
    code = known.get(error.status_code, "bad_request")
    return error_response(code, headers=error.headers, where="the request", problem=error.detail)


async def _store(request: Request, error: Exception) -> Response:
    assert isinstance(error, DBAPIError)
    if isinstance(error.orig, psycopg.errors.DataError):  # a number beyond bigint, a NUL in a text
        return error_response("bad_value")
    if isinstance(error.orig, psycopg.errors.InsufficientPrivilege) and "row-level security" in str(error.orig):
        return error_response("outside_your_area")
    if faults.is_full(error):
        log.error("store_full", path=request.url.path)
        return error_response("store_full", headers={"Retry-After": "60"})
    if isinstance(error, (OperationalError, InterfaceError)):
        log.error("store_down", path=request.url.path, error=faults.told(error))
        return error_response("store_down", headers={"Retry-After": "2"})
    return await _fault(request, error)


async def _pool(request: Request, _: Exception) -> Response:
    log.error("store_busy", path=request.url.path)
    return error_response("store_down", headers={"Retry-After": "2"})


async def _fault(request: Request, error: Exception) -> Response:
    error_id = secrets.token_hex(4)
    log.error("internal_fault", error_id=error_id, method=request.method, path=request.url.path, exc_info=error)
    return error_response("internal", error_id=error_id)


class Caught:
    """ASGI middleware: answers a fault inside the others, so that it is counted and has their headers as well."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand before `app`."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request through."""
        begun = False

        async def told(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, told)
        except Exception as error:
            if begun or scope["type"] != "http":
                raise
            await (await _fault(Request(scope), error))(scope, receive, send)


def answer_errors(app: FastAPI) -> None:
    """Give every error of the app the one body shape."""
    app.add_exception_handler(Refusal, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(DBAPIError, _store)
    app.add_exception_handler(PoolTimeoutError, _pool)
    app.add_exception_handler(Exception, _fault)
    app.add_middleware(Caught)  # before any other, so that it is the innermost of them
