"""What the video part counts for Prometheus."""

from prometheus_client import Counter, Gauge, Histogram

FRAMES = Counter("qyran_camera_frames_total", "Frames that reached the gate.", ["camera"])
AWAKE = Counter("qyran_camera_awake_frames_total", "Frames looked at because something moved.", ["camera"])
DROPPED = Gauge("qyran_camera_dropped_frames", "Frames replaced by newer ones unseen.", ["camera"])
LIVE = Gauge("qyran_cameras_live", "Cameras that send frames now.")
EVENTS = Counter("qyran_camera_events_total", "Events written, by kind.", ["kind"])
FAULTS = Counter("qyran_camera_faults_total", "Frames whose pipeline failed.", ["camera"])
SECONDS = Histogram(
    "qyran_pipeline_seconds",
    "From a frame's arrival to the end of its pipeline.",
    buckets=(0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5),
)
CROSSINGS = Counter("qyran_camera_crossings_total", "Objects that crossed a counting line.", ["camera", "way"])
REFUSED = Counter("qyran_camera_leases_lost_total", "Writes refused because another shard runs the camera by now.")
