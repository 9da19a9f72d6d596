"""Cameras in processes of their own: a shard is some cameras with their whole pipeline."""
