"""What the door for video counts for Prometheus."""

from prometheus_client import Counter, Gauge

FEEDS = Gauge("qyran_video_feeds_open", "Main streams open now.")
VIEWS = Gauge("qyran_video_views_open", "Views open now, by kind.", ["kind"])
SENT = Counter("qyran_video_sent_bytes_total", "Bytes shown to viewers.")
LOST = Counter("qyran_video_lost_fragments_total", "Frames that a slow viewer did not get.")
ENDED = Counter("qyran_video_views_ended_total", "Views ended, by why.", ["why"])
