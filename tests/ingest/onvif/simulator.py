"""An ONVIF camera in a process of its own: SOAP over HTTP, WS-Discovery over UDP, a head that takes time to turn.

It shares no line with the product. `POST /inject` lets its analytics tell something; `/evil/…` are cameras that harm.
"""

import base64
import hashlib
import json
import queue
import socket
import ssl
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

TURN_S = 0.4  # of any move
NS = (
    'xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:tds="http://www.onvif.org/ver10/device/wsdl" '
    'xmlns:trt="http://www.onvif.org/ver10/media/wsdl" xmlns:tr2="http://www.onvif.org/ver20/media/wsdl" '
    'xmlns:tptz="http://www.onvif.org/ver20/ptz/wsdl" '
    'xmlns:tev="http://www.onvif.org/ver10/events/wsdl" xmlns:tt="http://www.onvif.org/ver10/schema" '
    'xmlns:wsnt="http://docs.oasis-open.org/wsn/b-2" xmlns:wsa="http://www.w3.org/2005/08/addressing" '
    'xmlns:tns1="http://www.onvif.org/ver10/topics" xmlns:ter="http://www.onvif.org/ver10/error"'
)
GENERIC = "http://www.onvif.org/ver10/tptz/PanTiltSpaces/PositionGenericSpace"
BOMB = (
    '<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a "aaaaaaaaaa"><!ENTITY c "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    f"<s:Envelope {NS}><s:Body><x>&c;</x></s:Body></s:Envelope>"
)


class Head:
    """A head that turns for a while; `absolute` says whether it knows positions at all."""

    def __init__(self, *, absolute: bool) -> None:
        """Stand at nought, with three presets."""
        self.absolute, self.lock = absolute, threading.Lock()
        self.before = self.to = (0.0, 0.0, 0.0)
        self.begun, self.speed = 0.0, (0.0, 0.0, 0.0)
        self.presets = {
            "1": ("Gate", (0.0, 0.0, 0.0)),
            "2": ("Yard & car park", (0.5, -0.1, 0.2)),
            "3": ("West", (-0.5, 0.0, 0.0)),
        }
        self.log: list[str] = []

    def where(self) -> tuple[tuple[float, float, float], bool]:
        """Where it is, and whether it moves."""
        gone = time.monotonic() - self.begun
        if any(self.speed):
            return tuple(b + v * gone for b, v in zip(self.before, self.speed, strict=True)), True  # type: ignore[return-value]
        share = min(1.0, gone / TURN_S)
        at = tuple(b + (t - b) * share for b, t in zip(self.before, self.to, strict=True))
        return at, share < 1.0  # type: ignore[return-value]

    def go(self, to: tuple[float, float, float], what: str) -> None:
        """Begin to turn."""
        with self.lock:
            self.before = self.where()[0]
            self.to, self.speed, self.begun = to, (0.0, 0.0, 0.0), time.monotonic()
            self.log.append(what)

    def drive(self, speed: tuple[float, float, float]) -> None:
        """Move at a speed, or stand where it is."""
        with self.lock:
            self.before = self.to = self.where()[0]
            self.speed, self.begun = speed, time.monotonic() - (0 if any(speed) else TURN_S)
            self.log.append("move" if any(speed) else "stop")


class Camera:
    """What the handlers share."""

    def __init__(self, told: dict[str, Any]) -> None:
        """Read how it is to be."""
        self.user, self.password = told.get("user"), told.get("password", "")
        self.skew = timedelta(seconds=told.get("skew_s", 0))
        self.head = Head(absolute=told.get("absolute", True))
        self.told: queue.Queue[str] = queue.Queue()
        self.silent, self.heard = False, 0
        self.own = told  # media2: "beside" or "alone"; meta; lasts_s and echo of its pull points; tls: cert and key

    def knows(self, root: Element) -> bool:
        """Check the digest, and that it was made within a minute of this camera's own clock."""
        if self.user is None:
            return True
        words = {one.tag.rpartition("}")[2]: (one.text or "").strip() for one in root.iter()}
        try:
            made = datetime.fromisoformat(words["Created"])
            digest = hashlib.sha1(base64.b64decode(words["Nonce"]) + words["Created"].encode() + self.password.encode())
        except (KeyError, ValueError):
            return False
        fresh = abs(made - (datetime.now(UTC) + self.skew)) < timedelta(minutes=1)
        return (
            fresh and words["Username"] == self.user and words["Password"] == base64.b64encode(digest.digest()).decode()
        )


class Handler(BaseHTTPRequestHandler):
    """Answers."""

    camera: Camera
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def do_POST(self) -> None:
        """Answer one request."""
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        if self.path.startswith("/inject"):
            return self.inject(json.loads(body))
        if self.path.startswith("/evil/"):
            return self.harm(self.path.removeprefix("/evil/"))
        self.camera.heard += 1
        if self.camera.silent:
            time.sleep(30)
        root = ElementTree.fromstring(body)
        asked = root.find("{http://www.w3.org/2003/05/soap-envelope}Body")[0]  # type: ignore[index]
        what = asked.tag.rpartition("}")[2]
        what = f"Media2_{what}" if "ver20/media" in asked.tag else what
        self.root = root
        open_to_all = what == "GetSystemDateAndTime" and not self.camera.own.get("shy")
        if not open_to_all and not self.camera.knows(root):
            return self.say(el("s:Fault", el("s:Code", el("s:Subcode", el("s:Value", "ter:NotAuthorized")))), 400)
        answer = getattr(self, f"on_{what}", None)
        if answer is None:
            return self.say("<s:Fault><s:Reason><s:Text>No such action</s:Text></s:Reason></s:Fault>", 400)
        return self.say(answer(asked))

    def say(self, body: str, status: int = 200) -> None:
        """Send an envelope."""
        self.send(f'<?xml version="1.0"?><s:Envelope {NS}><s:Body>{body}</s:Body></s:Envelope>'.encode(), status)

    def send(self, body: bytes, status: int = 200, **headers: str) -> None:
        """Send bytes."""
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def inject(self, told: dict[str, Any]) -> None:
        """Let the analytics tell something, fall silent, or say what the head did."""
        if "notice" in told:
            self.camera.told.put(told["notice"])
        self.camera.silent = told.get("silent", self.camera.silent)
        self.camera.skew = timedelta(seconds=told["skew_s"]) if "skew_s" in told else self.camera.skew
        at, moving = self.camera.head.where()
        self.send(
            json.dumps(
                {
                    "log": self.camera.head.log,
                    "at": at,
                    "moving": moving,
                    "heard": self.camera.heard,
                    "waiting": self.camera.told.qsize(),
                }
            ).encode()
        )

    def harm(self, how: str) -> None:
        """Be a camera that nobody should meet."""
        match how:
            case "bomb":
                self.send(BOMB.encode())
            case "redirect":
                self.send(b"", 307, Location="http://127.0.0.1:1/")
            case "huge":
                self.send(b"<a>" + b" " * 3_000_000 + b"</a>")
            case "deep":
                self.send(b"<a>" * 5_000)
            case "packed":
                self.send(b"\x1f\x8b" * 50, 200, **{"Content-Encoding": "gzip"})
            case "slow":
                self.send_response(200)
                self.end_headers()
                for _ in range(40):
                    self.wfile.write(b" ")
                    self.wfile.flush()
                    time.sleep(0.1)
            case _:
                self.send(b"no soap at all", 500)

    # ── device and media ──

    def on_GetSystemDateAndTime(self, _: Element) -> str:
        now = datetime.now(UTC) + self.camera.skew
        words = {"Hour": now.hour, "Minute": now.minute, "Second": now.second}
        clock = el("tt:Time", *(el(f"tt:{word}", str(value)) for word, value in words.items()))
        words = {"Year": now.year, "Month": now.month, "Day": now.day}
        day = el("tt:Date", *(el(f"tt:{word}", str(value)) for word, value in words.items()))
        utc = el("tt:UTCDateTime", clock, day)
        return el("tds:GetSystemDateAndTimeResponse", el("tds:SystemDateAndTime", utc))

    def on_GetCapabilities(self, _: Element) -> str:
        """Tell addresses at a host of its own inner network, as cameras behind a router do."""
        told = "".join(
            f"<tt:{one}><tt:XAddr>http://10.255.255.1/onvif/{one}</tt:XAddr></tt:{one}>"
            for one in ("Media", "PTZ", "Events")
        )
        return f"<tds:GetCapabilitiesResponse><tds:Capabilities>{told}</tds:Capabilities></tds:GetCapabilitiesResponse>"

    def on_GetServices(self, _: Element) -> str:
        """Name services as newer cameras do; an older one does not know the question."""
        media2 = self.camera.own.get("media2")
        if media2 is None:
            return "<s:Fault><s:Reason><s:Text>No such action</s:Text></s:Reason></s:Fault>"
        names = {"ver20/media": media2, "ver10/media": media2 == "beside", "ver20/ptz": True, "ver10/events": True}
        told = "".join(
            f"<tds:Service><tds:Namespace>http://www.onvif.org/{one}/wsdl</tds:Namespace>"
            f"<tds:XAddr>http://10.255.255.1/onvif/{one}</tds:XAddr></tds:Service>"
            for one, has in names.items()
            if has
        )
        return f"<tds:GetServicesResponse>{told}</tds:GetServicesResponse>"

    def on_GetDeviceInformation(self, _: Element) -> str:
        words = {"Manufacturer": "Simulated", "Model": "Head 1", "FirmwareVersion": "1.0", "SerialNumber": "7"}
        told = "".join(f"<tds:{name}>{value}</tds:{name}>" for name, value in words.items())
        return f"<tds:GetDeviceInformationResponse>{told}</tds:GetDeviceInformationResponse>"

    def on_GetProfiles(self, _: Element) -> str:
        told = "".join(
            f'<trt:Profiles token="{token}"><tt:Name>{token}</tt:Name><tt:VideoEncoderConfiguration><tt:Resolution>'
            f"<tt:Width>{w}</tt:Width><tt:Height>{h}</tt:Height></tt:Resolution></tt:VideoEncoderConfiguration>"
            f'<tt:PTZConfiguration token="p"/></trt:Profiles>'
            for token, w, h in (("sub", 640, 360), ("main", 1920, 1080))
        )
        told += '<trt:Profiles token="meta"><tt:Name>m</tt:Name></trt:Profiles>' if self.camera.own.get("meta") else ""
        return f"<trt:GetProfilesResponse>{told}</trt:GetProfilesResponse>"

    def on_Media2_GetProfiles(self, _: Element) -> str:
        told = "".join(
            f'<tr2:Profiles token="{token}"><tr2:Name>{token}</tr2:Name><tr2:Configurations>'
            f'<tr2:VideoEncoder token="v">'
            f"<tt:Encoding>{codec}</tt:Encoding><tt:Resolution><tt:Width>{w}</tt:Width><tt:Height>{h}</tt:Height>"
            f'</tt:Resolution></tr2:VideoEncoder><tr2:PTZ token="p"/></tr2:Configurations></tr2:Profiles>'
            for token, codec, w, h in (
                ("picture", "JPEG", 320, 180),
                ("sub2", "H264", 640, 360),
                ("main2", "H265", 2560, 1440),
            )
        )
        told += '<tr2:Profiles token="meta"><tr2:Name>m</tr2:Name><tr2:Configurations/></tr2:Profiles>'
        return f"<tr2:GetProfilesResponse>{told}</tr2:GetProfilesResponse>"

    def on_Media2_GetStreamUri(self, asked: Element) -> str:
        words = {one.tag.rpartition("}")[2]: one.text for one in asked.iter()}
        assert words["Protocol"] == "RTSP"
        uri = f"<tr2:Uri>rtsp://10.255.255.1:8554/{words['ProfileToken']}</tr2:Uri>"
        return f"<tr2:GetStreamUriResponse>{uri}</tr2:GetStreamUriResponse>"

    def on_GetStreamUri(self, asked: Element) -> str:
        token = next(one.text for one in asked.iter() if one.tag.endswith("ProfileToken"))
        uri = f"<tt:Uri>rtsp://10.255.255.1:8554/{token}</tt:Uri>"
        return f"<trt:GetStreamUriResponse><trt:MediaUri>{uri}</trt:MediaUri></trt:GetStreamUriResponse>"

    # ── turning ──

    def on_GetNodes(self, _: Element) -> str:
        axis = "<tt:{0}Range><tt:Min>-1</tt:Min><tt:Max>1</tt:Max></tt:{0}Range>"
        turn = f"<tt:URI>{GENERIC}</tt:URI>{axis.format('X')}{axis.format('Y')}"
        zoom = "<tt:URI>z</tt:URI><tt:XRange><tt:Min>0</tt:Min><tt:Max>1</tt:Max></tt:XRange>"
        able = el("tt:AbsolutePanTiltPositionSpace", turn) + el("tt:AbsoluteZoomPositionSpace", zoom)
        spaces = f"<tt:SupportedPTZSpaces>{able if self.camera.head.absolute else ''}</tt:SupportedPTZSpaces>"
        return f'<tptz:GetNodesResponse><tptz:PTZNode token="n">{spaces}</tptz:PTZNode></tptz:GetNodesResponse>'

    def on_GetPresets(self, _: Element) -> str:
        told = "".join(
            f'<tptz:Preset token="{token}"><tt:Name>{name.replace("&", "&amp;")}</tt:Name>'
            f'<tt:PTZPosition><tt:PanTilt x="{p}" y="{t}"/><tt:Zoom x="{z}"/></tt:PTZPosition></tptz:Preset>'
            for token, (name, (p, t, z)) in self.camera.head.presets.items()
        )
        return f"<tptz:GetPresetsResponse>{told}</tptz:GetPresetsResponse>"

    def on_GetStatus(self, _: Element) -> str:
        (p, t, z), moving = self.camera.head.where()
        word = "MOVING" if moving else "IDLE"
        at = f'<tt:Position><tt:PanTilt x="{p}" y="{t}"/><tt:Zoom x="{z}"/></tt:Position>'
        how = f"<tt:MoveStatus><tt:PanTilt>{word}</tt:PanTilt><tt:Zoom>{word}</tt:Zoom></tt:MoveStatus>"
        return f"<tptz:GetStatusResponse><tptz:PTZStatus>{at}{how}</tptz:PTZStatus></tptz:GetStatusResponse>"

    def on_GotoPreset(self, asked: Element) -> str:
        token = next(one.text for one in asked.iter() if one.tag.endswith("PresetToken")) or ""
        self.camera.head.go(self.camera.head.presets[token][1], f"preset {token}")
        return "<tptz:GotoPresetResponse/>"

    def on_AbsoluteMove(self, asked: Element) -> str:
        self.camera.head.go(_vector(asked), "absolute")
        return "<tptz:AbsoluteMoveResponse/>"

    def on_RelativeMove(self, asked: Element) -> str:
        at = self.camera.head.where()[0]
        self.camera.head.go(tuple(a + b for a, b in zip(at, _vector(asked), strict=True)), "relative")  # type: ignore[arg-type]
        return "<tptz:RelativeMoveResponse/>"

    def on_ContinuousMove(self, asked: Element) -> str:
        self.camera.head.drive(_vector(asked))
        return "<tptz:ContinuousMoveResponse/>"

    def on_Stop(self, _: Element) -> str:
        self.camera.head.drive((0.0, 0.0, 0.0))
        return "<tptz:StopResponse/>"

    # ── events ──

    def on_CreatePullPointSubscription(self, _: Element) -> str:
        echo = '<d:SubscriptionId xmlns:d="http://maker.example/">7</d:SubscriptionId>'
        more = el("wsa:ReferenceParameters", echo) if self.camera.own.get("echo") else ""
        point = el("tev:SubscriptionReference", el("wsa:Address", "http://10.255.255.1/onvif/pull"), more)
        return el("tev:CreatePullPointSubscriptionResponse", point)

    def on_PullMessages(self, _: Element) -> str:
        said = [one.text for one in self.root.iter("{http://maker.example/}SubscriptionId")]
        if self.camera.own.get("echo") and said != ["7"]:
            return "<s:Fault><s:Reason><s:Text>No such subscription</s:Text></s:Reason></s:Fault>"
        try:
            told = self.camera.told.get(timeout=1)
        except queue.Empty:
            told = ""
        now = datetime.now(UTC) + self.camera.skew
        ends = now + timedelta(seconds=self.camera.own.get("lasts_s", 60))
        times = el("tev:CurrentTime", f"{now:%FT%TZ}") + el("tev:TerminationTime", f"{ends:%FT%TZ}")
        return f"<tev:PullMessagesResponse>{times}{told}</tev:PullMessagesResponse>"

    def on_Renew(self, _: Element) -> str:
        self.camera.head.log.append("renew")
        return "<wsnt:RenewResponse/>"

    def on_Unsubscribe(self, _: Element) -> str:
        return "<wsnt:UnsubscribeResponse/>"


def el(name: str, *inner: str) -> str:
    """Write an element."""
    return f"<{name}>{''.join(inner)}</{name}>"


def _vector(asked: Element) -> tuple[float, float, float]:
    turn = next(one for one in asked.iter() if one.tag.endswith("}PanTilt"))
    zoom = next(one for one in asked.iter() if one.tag.endswith("}Zoom"))
    return float(turn.get("x", 0)), float(turn.get("y", 0)), float(zoom.get("x", 0))


def _answer_probes(ear: socket.socket, port: int) -> None:
    """Answer WS-Discovery, with an address at another host than its own."""
    wsd = "http://schemas.xmlsoap.org/ws/2005/04/discovery"
    while True:
        probe, sender = ear.recvfrom(65_536)
        if b"Probe" in probe:
            scopes = "onvif://www.onvif.org/name/Gate%20camera onvif://www.onvif.org/hardware/H1"
            address = f"http://10.255.255.1:{port}/onvif/device_service"
            matches = el("d:ProbeMatches", el("d:ProbeMatch", el("d:Scopes", scopes), el("d:XAddrs", address)))
            body = f'<s:Envelope {NS} xmlns:d="{wsd}">{el("s:Body", matches)}</s:Envelope>'
            for answer in (b"garbage", body.encode(), body.encode()):
                ear.sendto(answer, sender)


def main() -> None:
    """Run one camera; what it is to be like comes as JSON, its ports go out as JSON."""
    Handler.camera = Camera(json.loads(sys.argv[1]))
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if tls := Handler.camera.own.get("tls"):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*tls)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    ear = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    ear.bind(("127.0.0.1", 0))
    threading.Thread(target=_answer_probes, args=(ear, server.server_port), daemon=True).start()
    print(json.dumps({"port": server.server_port, "ear": ear.getsockname()[1]}), flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
