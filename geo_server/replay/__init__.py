"""After-action replay: units, events, incidents and dispatches as they stood in any past interval."""
