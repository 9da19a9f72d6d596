"""ONVIF: cameras are found, read, turned, and listened to."""
