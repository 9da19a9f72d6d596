from ingest.sources.answers import Answers

REDIRECT = b"RTSP/1.0 302 Moved Temporarily\r\nCSeq: 2\r\nLocation: rtsp://10.0.0.1/x\r\n\r\n"
SETUP = (
    b"RTSP/1.0 200 OK\r\nTransport: RTP/AVP;unicast;source=10.0.0.1;client_port=4-5;server_port=53-54;ssrc=1\r\n\r\n"
)


def test_what_leads_nowhere_passes_as_it_is() -> None:
    answers, said = Answers(), b"RTSP/1.0 200 OK\r\nCSeq: 1\r\nContent-Length: 3\r\n\r\nv=0"
    assert b"".join(answers.passed(said[i : i + 7]) for i in range(0, len(said), 7)) == said
    assert answers.leads_to is None


def test_a_redirect_is_never_handed_on_however_it_comes_in_pieces() -> None:
    for size in (1, 2, 5, 1000):
        answers = Answers()
        passed = b"".join(answers.passed(REDIRECT[i : i + size]) for i in range(0, len(REDIRECT), size))
        assert b"302" not in passed and b"Location" not in passed
        assert answers.done and answers.leads_to == "rtsp://10.0.0.1/x"


def test_a_redirect_behind_a_skipped_packet_or_in_odd_spelling_is_found_too() -> None:
    for head in (b"$\x00\x00\x02xx", b"RTSP/1.0 200 OK\r\nCSeq: 1\r\n\r\n"):
        answers = Answers()
        answers.passed(head + REDIRECT.replace(b" 302", b"\t +0302"))
        assert answers.leads_to == "rtsp://10.0.0.1/x"


def test_where_packets_would_be_sent_is_taken_out() -> None:
    for size in (1, 3, 500):
        answers = Answers()
        passed = b"".join(answers.passed(SETUP[i : i + size]) for i in range(0, len(SETUP), size))
        assert passed == SETUP.replace(b";source=10.0.0.1", b"").replace(b"53-54", b"9-9")


def test_media_flows_untouched_after_play() -> None:
    answers = Answers()
    answers.asked(b"PLAY rtsp://a RTSP/1.0\r\n\r\n")
    assert answers.passed(REDIRECT) == REDIRECT and answers.leads_to is None
