"""What the video part counts for Prometheus: in each shard, whose sums the door tells (`ingest/shards/counts.py`)."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

REGISTRY = CollectorRegistry()  # of a shard; the door's own process counts none of these

FRAMES = Counter("qyran_camera_frames_total", "Frames that reached the gate.", ["camera"], registry=REGISTRY)
AWAKE = Counter(
    "qyran_camera_awake_frames_total", "Frames looked at because something moved.", ["camera"], registry=REGISTRY
)
DROPPED = Counter(
    "qyran_camera_dropped_frames_total", "Frames replaced by newer ones unseen.", ["camera"], registry=REGISTRY
)
LIVE = Gauge("qyran_cameras_live", "Cameras that send frames now.", registry=REGISTRY)
EVENTS = Counter("qyran_camera_events_total", "Events written, by kind.", ["kind"], registry=REGISTRY)
FAULTS = Counter("qyran_camera_faults_total", "Frames whose pipeline failed.", ["camera"], registry=REGISTRY)
SECONDS = Histogram(
    "qyran_pipeline_seconds",
    "From a frame's arrival to the end of its pipeline.",
    buckets=(0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5),
    registry=REGISTRY,
)
CROSSINGS = Counter(
    "qyran_camera_crossings_total", "Objects that crossed a counting line.", ["camera", "way"], registry=REGISTRY
)
REFUSED = Counter(
    "qyran_camera_leases_lost_total",
    "Writes refused because another shard runs the camera by now.",
    registry=REGISTRY,
)
