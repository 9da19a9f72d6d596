"""The west wing: what comes in. It knows streams, video and machines, and writes rows through the ground floor."""
