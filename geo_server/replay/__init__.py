"""After-action replay: units, events, calls, incidents and dispatches as they stood in any past interval."""
