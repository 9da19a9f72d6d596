"""What cameras send whole: taken over without decoding, watched and recorded."""
